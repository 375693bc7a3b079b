import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChannelCredentials, credentials } from '@grpc/grpc-js';
import { App, Chart } from 'cdk8s';
import { apply, createNamespaces, deleteNamespaces, get, kubectl, kubectlMeanwhile, list, logs, rolledOut, tryKubectl } from './kubernetes/cluster';
import { ClusterApp, reachable } from './kubernetes/cluster-app';
import { eventually } from './process';
import { chatBody, synthesized } from './running-app';
import { underLoad } from './under-load';
import { CertificateIssuer, ExtProcTls, LlmBackend, LlmGateway, LlmProvider, LlmRoute } from '../../src';
import { crdManifests } from '../../src/resources/crd/crd-manifests';
import { CLIENT_NAME, mutualTlsApp, SERVER_NAME, TlsPairs, tlsPairs, tlsSecrets } from '../apps/mutual-tls';
import { EnvoyClient } from '../extproc/envoy-client';
import { Certificate, CertificateAuthority } from '../providers/certificate';
import { FakeOpenAi, startFakeOpenAi } from '../providers/fake-openai';

/** Mutual TLS between Envoy and ExtProc, on routes beside it and in another namespace, with mounted Secrets. */

const MODEL = 'llama3-70b';
const NAMESPACES = ['infra', 'team-a'];
const HOSTS = NAMESPACES.map((namespace) => `${namespace}.example.com`);
const authority = new CertificateAuthority();
const issued = tlsPairs(authority);

let provider: FakeOpenAi;
let app: ClusterApp;

const chat = (host: string, more: Record<string, unknown> = {}) => app.chat(host, chatBody(MODEL, 'hello', more));
const ask = (worker: number, stream: boolean) => chat(HOSTS[worker % 2], { stream });
const answers = async () => (await Promise.all(HOSTS.map((host) => chat(host)))).every(({ status }) => status === 200);
const pods = () => list('pods', '-n', 'infra', '-l', 'app.kubernetes.io/component=extproc').filter(({ status }) => status?.podIP !== undefined).map(({ status }) => String(status?.podIP));

async function check(host: string, channel: ChannelCredentials): Promise<string | number> {
  const client = new EnvoyClient(9002, channel, SERVER_NAME, host);
  try {
    return await client.check();
  } finally {
    client.close();
  }
}
const withCertificate = (own?: Certificate) => credentials.createSsl(
  Buffer.from(authority.certificate), ...own === undefined ? [] : [Buffer.from(own.privateKey), Buffer.from(own.certificate)],
);

async function expiry(host: string): Promise<number> {
  const metrics = await (await fetch(`http://${host}:9003/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
  return Number(/^llm_gateway_certificate_expiry_timestamp_seconds\{certificate="server"\} (\d+)$/m.exec(metrics)?.[1]);
}

before(async () => {
  provider = await startFakeOpenAi({ host: '0.0.0.0' });
  kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: crdManifests() }));
  kubectl(['wait', '--for=condition=Established', ...crdManifests().map(({ metadata }) => `crd/${metadata.name}`), '--timeout=30s']);
  await createNamespaces(...NAMESPACES);
  try {
    app = await ClusterApp.start(reachable(synthesized(mutualTlsApp(issued)), { vllm: provider.port }), { namespace: 'infra', name: 'llm' });
    await eventually('both routes answer', answers, 60_000);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${logs('extproc')}\n${logs('envoy-gateway.log')}`);
  }
});
after(async () => {
  await provider?.close();
  deleteNamespaces(...NAMESPACES);
});

describe('routes', () => {
  test('of both namespaces answer, plain and streamed, and Envoy Gateway accepts their policies', async () => {
    for (const host of HOSTS) {
      assert.equal((await chat(host)).status, 200);
      assert.match((await chat(host, { stream: true })).text, /data: \[DONE\]/);
    }
    for (const namespace of NAMESPACES) {
      const [ancestor] = get('envoyextensionpolicy', namespace, 'chat').status?.ancestors as Array<{ conditions: Array<{ type: string; status: string; message: string }> }>;
      for (const one of ancestor.conditions) assert.equal(one.status, 'True', `${namespace}: ${one.type} ${one.message}`);
    }
  });

  test('use every pod', async () => {
    const count = async (host: string) => {
      const metrics = await (await fetch(`http://${host}:9003/metrics`)).text();
      return [...metrics.matchAll(/^llm_gateway_requests_total\{.*\} (\d+)$/gm)].reduce((sum, [, number]) => sum + Number(number), 0);
    };
    const ips = pods();
    assert.equal(ips.length, 2);
    const known = await Promise.all(ips.map(count));
    // Envoy hears of a ready pod a moment after the cluster does.
    await eventually('every pod is asked', async () => {
      for (let request = 0; request < 40; request += 1) await chat(HOSTS[request % 2]);
      return (await Promise.all(ips.map(count))).every((number, place) => number > known[place]);
    }, 10_000);
  });
});

describe('a peer', () => {
  for (const [what, channel, status] of [
    ['with Envoy\'s certificate is served', () => withCertificate(issued.client), 'SERVING'],
    ['without TLS is refused', () => credentials.createInsecure(), 14],
    ['without a certificate is refused', () => withCertificate(), 14],
    ['with another certificate of the authority is refused', () => withCertificate(authority.issue(['someone.team-a.svc'])), 14],
  ] as const) {
    test(what, async () => { for (const host of pods()) assert.equal(await check(host, channel()), status); });
  }
});

describe('under load', () => {
  const pairs = (issuer: CertificateAuthority, trusted: string, expires: Date): TlsPairs => ({
    authority: trusted, server: issuer.issue([SERVER_NAME], expires), client: issuer.issue([CLIENT_NAME], expires),
  });
  const use = async (next: TlsPairs, expires: Date) => {
    apply(...tlsSecrets(next));
    await eventually('every pod has loaded it', async () => (await Promise.all(pods().map(expiry))).every((time) => time === expires.getTime() / 1000), 30_000);
    // Until connections with it were made.
    await sleep(4_000);
  };

  test('certificates of the same authority, then of another one, are taken without a restart, and no request fails', async () => {
    const next = new CertificateAuthority();
    const both = authority.certificate + next.certificate;
    const restarts = () => list('pods', '-n', 'infra').map(({ metadata, status }) => [metadata.name, status?.containerStatuses?.[0].restartCount]);
    const earlier = restarts();

    const { failures, count } = await underLoad(ask, async () => {
      await use(pairs(authority, both, new Date('2031-01-01T00:00:00Z')), new Date('2031-01-01T00:00:00Z'));
      await use(pairs(next, both, new Date('2032-01-01T00:00:00Z')), new Date('2032-01-01T00:00:00Z'));
      await use(pairs(next, next.certificate, new Date('2033-01-01T00:00:00Z')), new Date('2033-01-01T00:00:00Z'));
    });

    assert.deepEqual(failures, [], logs('extproc', 5));
    assert.ok(count > 500, `${count} requests`);
    assert.deepEqual(restarts(), earlier);
    console.log(`${count} requests`);
  });

  test('a rolling update loses no request', async () => {
    const { failures, count } = await underLoad(ask, async () => {
      await kubectlMeanwhile(['rollout', 'restart', '-n', 'infra', 'deployment/llm-extproc']);
      await rolledOut('infra', 'llm-extproc', 120_000);
      await eventually('the old pods are gone', () => pods().length === 2, 120_000);
    });

    assert.deepEqual(failures, [], logs('extproc', 5));
    assert.ok(count > 500, `${count} requests`);
    console.log(`${count} requests`);
  });
});

describe('cert-manager\'s own CRDs', () => {
  const manifests = (issuer?: CertificateIssuer) => {
    const root = new App();
    const chart = new Chart(root, 'infra', { namespace: 'infra' });
    const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg', name: 'by-cert-manager', extProc: { tls: ExtProcTls.certManager({ issuer }) } });
    const backend = new LlmBackend(chart, 'VLlm', { provider: LlmProvider.openAiCompatible({ host: 'vllm.models.svc.cluster.local', port: 8000 }) });
    new LlmRoute(chart, 'Chat', { gateway, rules: [{ targets: [{ backend }] }] });
    return synthesized(root).filter(({ apiVersion }) => apiVersion.startsWith('cert-manager.io/'));
  };
  const dryRun = (objects: readonly unknown[]) => tryKubectl(['apply', '--dry-run=server', '--validate=strict', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));

  before(() => {
    for (const name of ['certificates', 'issuers']) kubectl(['apply', '--server-side', '-f', `${process.env.CERT_MANAGER_CRDS}/cert-manager.io_${name}.yaml`]);
    kubectl(['wait', '--for=condition=Established', 'crd/certificates.cert-manager.io', 'crd/issuers.cert-manager.io', '--timeout=30s']);
  });
  after(() => { kubectl(['delete', 'crd', 'certificates.cert-manager.io', 'issuers.cert-manager.io', '--wait=false']); });

  test('take what is synthesized, with and without an issuer', async () => {
    for (const [issuer, count] of [[undefined, 5], [CertificateIssuer.clusterIssuer('internal'), 2]] as const) {
      const objects = manifests(issuer);
      assert.equal(objects.length, count);
      await eventually('the API server knows the kinds', () => !dryRun(objects).output.includes('no matches for kind'), 10_000);
      const { status, output } = dryRun(objects);
      assert.equal(status, 0, output);
    }
  });

  test('and would refuse what is wrong', () => {
    const [wrong] = structuredClone(manifests(CertificateIssuer.clusterIssuer('internal'))) as unknown as Array<{ spec: Record<string, unknown> }>;
    wrong.spec.usages = ['serving'];
    assert.match(dryRun([wrong]).output, /spec\.usages\[0\]: Unsupported value: "serving"/);
  });
});
