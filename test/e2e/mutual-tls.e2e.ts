import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChannelCredentials, credentials } from '@grpc/grpc-js';
import { errorCode } from './error-shape';
import { eventually } from './process';
import { chatBody, EXT_PROC_PORT, RunningApp, synthesized } from './running-app';
import { underLoad } from './under-load';
import { CLIENT_NAME, mutualTlsApp, SERVER_NAME, TlsPairs, tlsPairs } from '../apps/mutual-tls';
import { EnvoyClient } from '../extproc/envoy-client';
import { mountFiles } from '../mounted-files';
import { Certificate, CertificateAuthority } from '../providers/certificate';
import { FakeOpenAi, startFakeOpenAi } from '../providers/fake-openai';

/** Mutual TLS between Envoy and ExtProc: what the constructs synthesize, certificates in Secrets and in files. */

const MODEL = 'llama3-70b';
const HOST = 'infra.example.com';
const authority = new CertificateAuthority();
const issued = tlsPairs(authority);

let folder: string;
let app: RunningApp;
let provider: FakeOpenAi;

const mount = ({ server, authority: ca }: TlsPairs) => mountFiles(folder, { 'tls.crt': server.certificate, 'tls.key': server.privateKey, 'ca.crt': ca });
/** In file mode Envoy Gateway knows no kind of a policy, so that no ReferenceGrant counts: a route in another namespace is in mutual-tls of e2e:k8s. */
const manifestsWith = (pairs: TlsPairs) => synthesized(mutualTlsApp(pairs, []));
/** Envoy gets its Secret, ExtProc its files. */
const use = (pairs: TlsPairs) => {
  mount(pairs);
  app.apply(manifestsWith(pairs));
};
const chat = (more: object = {}) => app.chat(HOST, chatBody(MODEL, 'hello', more as Record<string, unknown>));
const ask = (_worker: number, stream: boolean) => chat({ stream });
const answers = async () => (await chat()).status === 200;
const metric = async (name: string) => Number((await app.metrics()).split('\n').find((line) => line.startsWith(name))?.split(' ').at(-1));

async function check(channel: ChannelCredentials): Promise<string | number> {
  const client = new EnvoyClient(EXT_PROC_PORT, channel, SERVER_NAME);
  try {
    return await client.check();
  } finally {
    client.close();
  }
}

const withCertificate = (own?: Certificate, ca = authority.certificate) => credentials.createSsl(
  Buffer.from(ca), ...own === undefined ? [] : [Buffer.from(own.privateKey), Buffer.from(own.certificate)],
);

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'llmgw-tls-'));
  mount(issued);
  provider = await startFakeOpenAi();
  app = await RunningApp.start({
    manifests: manifestsWith(issued),
    backends: { vllm: provider.port },
    extProcArgs: ['--tls-cert', join(folder, 'tls.crt'), '--tls-key', join(folder, 'tls.key'), '--tls-client-ca', join(folder, 'ca.crt'), '--tls-client-name', CLIENT_NAME],
  });
  await eventually('the route answers', answers);
});
after(async () => {
  await app?.stop();
  await provider?.close();
  rmSync(folder, { recursive: true });
});

describe('Envoy and ExtProc', () => {
  test('plain, streamed, 1 MB', async () => {
    assert.equal((await chat()).status, 200);
    const streamed = await chat({ stream: true });
    assert.equal(streamed.status, 200);
    assert.match(streamed.text, /data: \[DONE\]/);
    assert.equal((await app.chat(HOST, chatBody(MODEL, 'a'.repeat(1_000_000)))).status, 200);
  });

  test('no request reaches ExtProc through Envoy: the route that carries the client certificate matches none', async () => {
    for (const value of ['', 'x', 'x^', '^x', 'xx', '*', '\u00ff']) {
      // Not as gRPC: Envoy would answer 404 as 200 with a grpc-status, while ExtProc refuses this with 415.
      const answer = await app.send('any.example.com', '/envoy.service.ext_proc.v3.ExternalProcessor/Process', '{}', { 'x-ai-gateway-extproc': value });
      assert.equal(answer.status, 404, value);
    }
  });

  test('more requests than one connection takes: each new connection is let in', async () => {
    const failures: string[] = [];
    await Promise.all(Array.from({ length: 8 }, async () => {
      for (let request = 0; request < 250; request += 1) {
        const answer = await chat();
        if (answer.status !== 200) failures.push(`${answer.status} ${answer.text}`);
      }
    }));
    assert.deepEqual(failures, []);
  });
});

describe('a peer', () => {
  test('with Envoy\'s certificate is served', async () => {
    assert.equal(await check(withCertificate(issued.client)), 'SERVING');
  });

  for (const [what, channel] of [
    ['without TLS', () => credentials.createInsecure()],
    ['without a certificate', () => withCertificate()],
    ['with a certificate of another authority', () => withCertificate(new CertificateAuthority().issue([CLIENT_NAME]))],
    ['with a certificate of the authority for another name', () => withCertificate(issued.server)],
  ] as const) {
    test(`${what} is refused`, async () => {
      const refused = await metric('llm_gateway_tls_refused_connections_total');
      assert.equal(await check(channel()), 14);
      assert.ok(await metric('llm_gateway_tls_refused_connections_total') > refused);
    });
  }
});

/** The certificate that ExtProc shows new peers, and the one that Envoy shows: both are in use. */
async function inUse(pairs: TlsPairs, expires: Date): Promise<void> {
  await eventually('ExtProc has loaded it', async () => await metric('llm_gateway_certificate_expiry_timestamp_seconds{certificate="server"}') === expires.getTime() / 1000);
  assert.equal(await check(withCertificate(pairs.client, pairs.authority)), 'SERVING');
  // Envoy Gateway's reload; then a connection's 800 requests.
  await sleep(4_000);
}

describe('certificates that are renewed under load', () => {
  const renewedBy = (issuer: CertificateAuthority, trusted: string, expires: Date): TlsPairs => ({
    authority: trusted, server: issuer.issue([SERVER_NAME], expires), client: issuer.issue([CLIENT_NAME], expires),
  });

  test('by the same authority: no request fails', async () => {
    const expires = new Date('2031-01-01T00:00:00Z');
    const pairs = renewedBy(authority, authority.certificate, expires);

    const { failures, count } = await underLoad(ask, async () => {
      use(pairs);
      await inUse(pairs, expires);
    });

    assert.deepEqual(failures, []);
    assert.ok(count > 1_000, `${count} requests`);
  });

  test('by a new authority, in three steps: no request fails, and in the end the old one is refused', async () => {
    const next = new CertificateAuthority();
    const both = authority.certificate + next.certificate;
    const steps = [
      [renewedBy(authority, both, new Date('2032-01-01T00:00:00Z')), new Date('2032-01-01T00:00:00Z')],
      [renewedBy(next, both, new Date('2033-01-01T00:00:00Z')), new Date('2033-01-01T00:00:00Z')],
      [renewedBy(next, next.certificate, new Date('2034-01-01T00:00:00Z')), new Date('2034-01-01T00:00:00Z')],
    ] as const;

    const { failures } = await underLoad(ask, async () => {
      for (const [pairs, expires] of steps) {
        use(pairs);
        await inUse(pairs, expires);
      }
    });

    assert.deepEqual(failures, []);
    assert.equal(await check(withCertificate(issued.client, next.certificate)), 14);
    use(issued);
    await eventually('the first are in use again', async () => await check(withCertificate(issued.client)) === 'SERVING' && await answers());
  });

  test('with broken files: the good ones stay, the log and a metric say so', async () => {
    const refused = await metric('llm_gateway_certificate_reloads_total{result="refused"}');
    mount({ ...issued, server: { certificate: issued.server.certificate, privateKey: issued.client.privateKey } });
    await eventually('it is refused', async () => await metric('llm_gateway_certificate_reloads_total{result="refused"}') === refused + 1);

    assert.match(app.log, /"reason":"[^"]*tls\.key does not hold the private key, in PEM, of the certificate in [^"]*tls\.crt","msg":"changed certificates refused, the last good ones stay"/);
    assert.equal(await check(withCertificate(issued.client)), 'SERVING');
    assert.ok(await answers());
    mount(issued);
  });

  test('Envoy\'s by an authority that ExtProc does not know: 503 in the client\'s dialect, and nothing reaches the provider', async () => {
    const stranger = tlsPairs();
    app.apply(manifestsWith({ ...issued, client: stranger.client }));
    // A connection lives on for its 800 requests.
    await eventually('requests are refused', async () => (await Promise.all(Array.from({ length: 50 }, () => chat()))).every(({ status }) => status === 503));
    const known = provider.requests.length;

    const answer = await chat();

    assert.equal(answer.status, 503);
    assert.equal(answer.headers['retry-after'], '2');
    errorCode(answer);
    assert.equal(provider.requests.length, known);
    app.apply(manifestsWith(issued));
    await eventually('they are served again', answers);
  });

  test('no key is in ExtProc\'s log', () => {
    for (const line of issued.server.privateKey.split('\n').filter((text) => text.length > 40)) assert.ok(!app.log.includes(line));
  });
});
