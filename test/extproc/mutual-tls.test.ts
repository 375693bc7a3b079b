import { mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, ConnectionOptions, TLSSocket } from 'node:tls';
import { credentials } from '@grpc/grpc-js';
import { EnvoyClient } from './envoy-client';
import { ExtProcServer } from '../../src/extproc/ext-proc-server';
import { CertificatesEvent, CertificateSource } from '../../src/extproc/server-certificates';
import { mountFiles } from '../mounted-files';
import { Certificate, CertificateAuthority } from '../providers/certificate';

const SERVER = 'llm-extproc.llm.svc';
const CLIENT = 'envoy.llm-extproc.llm.svc';

const authority = new CertificateAuthority();
const server = authority.issue([SERVER]);
const envoy = authority.issue([CLIENT]);

let folder: string;
let started: ExtProcServer | undefined;
let source: CertificateSource | undefined;
const clients: EnvoyClient[] = [];

beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'llmgw-tls-')); });
afterEach(async () => {
  source?.stop();
  clients.splice(0).forEach((each) => each.close());
  await started?.close();
  started = undefined;
  rmSync(folder, { recursive: true });
});

const idle = { ready: true, exchange: () => { throw new Error('no request is expected'); } };

function mount({ certificate, privateKey }: Certificate, ca: string): void {
  mountFiles(folder, { 'tls.crt': certificate, 'tls.key': privateKey, 'ca.crt': ca });
}

const files = () => ({ certificate: join(folder, 'tls.crt'), key: join(folder, 'tls.key'), clientCa: join(folder, 'ca.crt') });

function client(port: number, own: Certificate | 'none' = envoy, ca = authority.certificate): EnvoyClient {
  const pair = own === 'none' ? [] : [Buffer.from(own.privateKey), Buffer.from(own.certificate)];
  const made = new EnvoyClient(port, credentials.createSsl(Buffer.from(ca), ...pair), SERVER);
  clients.push(made);
  return made;
}

interface Listening {
  readonly port: number;
  readonly refusals: string[];
}

async function listen(clientName?: string, own = server, ca = authority.certificate): Promise<Listening> {
  const refusals: string[] = [];
  started = new ExtProcServer({
    engine: idle,
    tls: {
      certificates: { cert: Buffer.from(own.certificate), key: Buffer.from(own.privateKey), ca: Buffer.from(ca) },
      clientName,
      onRefused: (reason) => refusals.push(reason),
    },
  });
  return { port: await started.listen({ host: '127.0.0.1', port: 0 }), refusals };
}

/** Resolves with what ended the connection, after a moment in which a server may refuse. */
function handshake(port: number, options: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', servername: SERVER, ca: authority.certificate, ALPNProtocols: ['h2'], ...options });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.once('close', () => resolve('closed'));
    // What an HTTP/2 server that accepts sends first: its settings.
    socket.once('data', () => { socket.destroy(); resolve('accepted'); });
  });
}

describe('a peer', () => {
  test('with a certificate of the authority is served', async () => {
    const { port, refusals } = await listen();

    expect(await client(port).check()).toBe('SERVING');
    expect(await handshake(port, { cert: envoy.certificate, key: envoy.privateKey })).toBe('accepted');
    expect(refusals).toEqual([]);
  });

  test('without a certificate is refused', async () => {
    const { port, refusals } = await listen();

    expect(await handshake(port, {})).toMatch(/ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED|ECONNRESET/);
    expect(await client(port, 'none').check()).toBe(14);
    expect(refusals).toContain('ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE');
  });

  test('with a certificate of another authority is refused', async () => {
    const { port, refusals } = await listen();
    const stranger = new CertificateAuthority().issue([CLIENT]);

    expect(await handshake(port, { cert: stranger.certificate, key: stranger.privateKey })).not.toBe('accepted');
    expect(await client(port, stranger).check()).toBe(14);
    expect(refusals.length).toBeGreaterThan(0);
  });

  test('with an expired certificate is refused', async () => {
    const { port } = await listen();
    const old = authority.issue([CLIENT], new Date('2021-01-01T00:00:00Z'));

    expect(await handshake(port, { cert: old.certificate, key: old.privateKey })).not.toBe('accepted');
  });

  test.each([['TLS 1.1', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }], ['HTTP/1.1', { ALPNProtocols: ['http/1.1'] }]] as const)(
    'that speaks %s is refused', async (_what, options) => {
      const { port } = await listen();

      expect(await handshake(port, { cert: envoy.certificate, key: envoy.privateKey, ...options as ConnectionOptions })).not.toBe('accepted');
    });

  test('without TLS gets nothing', async () => {
    const { port } = await listen();
    const answer = await new Promise<string>((resolve) => {
      const socket = new Socket().connect(port, '127.0.0.1', () => socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'));
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.once('error', () => resolve(''));
      socket.once('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    });

    // At most an alert of TLS.
    expect(answer).toMatch(/^(\x15\x03.*)?$/s);
  });
});

describe('a client name', () => {
  test('lets in who has it', async () => {
    const { port, refusals } = await listen(CLIENT);

    expect(await client(port).check()).toBe('SERVING');
    expect(await client(port, authority.issue(['other', CLIENT])).check()).toBe('SERVING');
    expect(refusals).toEqual([]);
  });

  test.each([[['someone.llm.svc']], [['*.llm-extproc.llm.svc']], [[SERVER]]])('refuses %s of the same authority', async (names) => {
    const { port, refusals } = await listen(CLIENT);

    expect(await client(port, authority.issue(names)).check()).toBe(14);
    expect(refusals[0]).toBe(`the certificate is not that of ${CLIENT}, but of DNS:${names[0]}`);
  });
});

describe('certificate files', () => {
  /** What the source says next. */
  const next = () => new Promise<CertificatesEvent>((resolve) => { source?.start(resolve); });

  test('are loaded when they are replaced at once; open streams go on, connections from then on get the new ones', async () => {
    // GIVEN
    mount(server, authority.certificate);
    source = new CertificateSource(files(), 10);
    const { cert, key, ca } = source.current;
    started = new ExtProcServer({ engine: idle, tls: { certificates: { cert, key, ca } } });
    const port = await started.listen({ host: '127.0.0.1', port: 0 });
    const watch = client(port).watch();
    expect((await watch.next()).value).toBe(1);

    // WHEN
    const newAuthority = new CertificateAuthority();
    const renewed = newAuthority.issue([SERVER], new Date('2031-01-01T00:00:00Z'));
    mount(renewed, newAuthority.certificate);
    const event = await next();

    // THEN
    expect(event.kind).toBe('loaded');
    expect(source.current.expiry.server).toEqual(new Date('2031-01-01T00:00:00Z'));
    started.useCertificates(source.current);
    expect(await client(port, newAuthority.issue([CLIENT]), newAuthority.certificate).check()).toBe('SERVING');
    expect(await handshake(port, { cert: envoy.certificate, key: envoy.privateKey, ca: newAuthority.certificate })).not.toBe('accepted');
    started.readinessChanged();
    expect((await watch.next()).value).toBe(1);
  });

  const broken: ReadonlyArray<readonly [string, () => readonly [Certificate, string], RegExp]> = [
    ['a key of another certificate', () => [{ certificate: server.certificate, privateKey: envoy.privateKey }, authority.certificate], /tls\.key does not hold the private key, in PEM, of the certificate in .*tls\.crt$/],
    ['no certificate', () => [{ certificate: 'nothing', privateKey: server.privateKey }, authority.certificate], /tls\.crt does not hold a certificate in PEM$/],
    ['half a certificate', () => [{ certificate: `${server.certificate.slice(0, 200)}\n-----END CERTIFICATE-----\n`, privateKey: server.privateKey }, authority.certificate], /tls\.crt does not hold a certificate in PEM$/],
    ['an empty authority', () => [server, ''], /ca\.crt does not hold a certificate in PEM$/],
    ['an expired certificate', () => [authority.issue([SERVER], new Date('2021-01-01T00:00:00Z')), authority.certificate], /tls\.crt expired on 2021-01-01T00:00:00\.000Z; renew it$/],
  ];

  test.each(broken)('with %s are refused, and the good ones stay', async (_what, made, reason) => {
    mount(server, authority.certificate);
    source = new CertificateSource(files(), 10);
    const good = source.current;
    mount(...made());

    expect(await next()).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) });
    expect(source.current).toBe(good);
  });

  test.each(broken)('with %s are no beginning', (_what, made, reason) => {
    mount(...made());

    expect(() => new CertificateSource(files())).toThrow(reason);
  });

  test('that are mended after a refusal are loaded; each refusal is told once', async () => {
    mount(server, authority.certificate);
    source = new CertificateSource(files(), 5);
    const events: CertificatesEvent[] = [];
    const until = (kind: string) => new Promise<void>((resolve) => {
      const timer = setInterval(() => { if (events.some((event) => event.kind === kind)) { clearInterval(timer); resolve(); } }, 5);
    });
    source.start((event) => events.push(event));
    mount({ certificate: server.certificate, privateKey: envoy.privateKey }, authority.certificate);
    await until('refused');
    await new Promise((resolve) => setTimeout(resolve, 50));
    mount(authority.issue([SERVER]), authority.certificate);
    await until('loaded');

    expect(events.map(({ kind }) => kind)).toEqual(['refused', 'loaded']);
  });

  test('that are not there are named', () => {
    expect(() => new CertificateSource(files())).toThrow(`cannot read ${join(folder, 'tls.crt')} (ENOENT)`);
  });
});
