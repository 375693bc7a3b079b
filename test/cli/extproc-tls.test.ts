import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { RunningExtProc, startExtProc } from './running-extproc';
import { EnvoyClient } from '../extproc/envoy-client';
import { Certificate, CertificateAuthority } from '../providers/certificate';

const MANIFESTS = join(__dirname, '..', 'fixtures', 'gateway', 'chat.yaml');
const SERVER = 'llm-extproc.llm.svc';
const CLIENT = 'envoy.llm-extproc.llm.svc';
const authority = new CertificateAuthority();

jest.setTimeout(60_000);

let folder: string;
let extProc: RunningExtProc | undefined;

beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'llmgw-tls-')); });
afterEach(() => {
  extProc?.child.kill('SIGKILL');
  extProc = undefined;
  rmSync(folder, { recursive: true });
});

function write({ certificate, privateKey }: Certificate): void {
  writeFileSync(join(folder, 'tls.crt'), certificate);
  writeFileSync(join(folder, 'tls.key'), privateKey);
  writeFileSync(join(folder, 'ca.crt'), authority.certificate);
}

function start(...args: string[]): RunningExtProc {
  extProc = startExtProc({}, '--source', `directory:${MANIFESTS}`, '--secret', `demo/kserve/apiKey=file:${MANIFESTS}`, '--drain-delay', '0s', ...args);
  return extProc;
}

const tls = () => ['--tls-cert', join(folder, 'tls.crt'), '--tls-key', join(folder, 'tls.key'), '--tls-client-ca', join(folder, 'ca.crt')];

async function check(listen: string, own?: Certificate): Promise<string | number> {
  const pair = own === undefined ? [] : [Buffer.from(own.privateKey), Buffer.from(own.certificate)];
  const client = new EnvoyClient(Number(listen.split(':')[1]), credentials.createSsl(Buffer.from(authority.certificate), ...pair), SERVER);
  try {
    return await client.check();
  } finally {
    client.close();
  }
}

test('demands Envoy\'s certificate, leaves the admin port alone, and takes renewed files', async () => {
  // GIVEN
  write(authority.issue([SERVER], new Date('2031-01-01T00:00:00Z')));
  const { line, lines } = start(...tls(), '--tls-client-name', CLIENT);
  const { listen, admin } = await line('listening') as { listen: string; admin: string };
  const metric = async (start_: string) => (await (await fetch(`http://${admin}/metrics`)).text()).split('\n').find((text) => text.startsWith(start_));

  // THEN
  expect(await check(listen, authority.issue([CLIENT]))).toBe('SERVING');
  expect(await check(listen)).toBe(14);
  expect(await check(listen, authority.issue(['someone']))).toBe(14);
  expect(await line('refused a connection to the gRPC port')).toMatchObject({ level: 'warn', peer: '127.0.0.1', reason: expect.any(String) });
  expect((await fetch(`http://${admin}/readyz`)).status).toBe(200);
  expect(await metric('llm_gateway_certificate_expiry_timestamp_seconds{certificate="server"}')).toMatch(/ 1924992000$/);
  expect(await metric('llm_gateway_certificate_expiry_timestamp_seconds{certificate="client_ca"}')).toMatch(/ 2493072000$/);
  expect(Number((await metric('llm_gateway_tls_refused_connections_total'))?.split(' ')[1])).toBeGreaterThan(1);
  expect(lines.some(({ msg }) => String(msg).startsWith('the gRPC port is open'))).toBe(false);

  // WHEN
  write({ certificate: 'broken', privateKey: 'broken' });
  expect(await line('changed certificates refused, the last good ones stay')).toMatchObject({ level: 'error', reason: `${join(folder, 'tls.crt')} does not hold a certificate in PEM` });
  expect(await check(listen, authority.issue([CLIENT]))).toBe('SERVING');
  write(authority.issue([SERVER], new Date('2032-01-01T00:00:00Z')));

  // THEN
  expect(await line('certificates loaded')).toMatchObject({ expiry: '2032-01-01T00:00:00.000Z' });
  expect(await check(listen, authority.issue([CLIENT]))).toBe('SERVING');
  expect(await metric('llm_gateway_certificate_reloads_total{result="loaded"}')).toMatch(/ 1$/);
  expect(await metric('llm_gateway_certificate_reloads_total{result="refused"}')).toMatch(/ 1$/);
});

test('without TLS says once at start to whom its port is open, and what to do', async () => {
  const { line, lines } = start();
  await line('listening');
  extProc?.child.kill('SIGTERM');
  await line('stopped');

  const warnings = lines.filter(({ msg }) => String(msg).startsWith('the gRPC port is open to whoever reaches it'));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatchObject({ level: 'warn', msg: expect.stringMatching(/NetworkPolicy.*--tls-cert.*extProc\.tls/) });
});

test.each([
  [['--tls-cert', 'a'], '--tls-cert, --tls-key and --tls-client-ca go together; give all three'],
  [['--tls-client-name', 'a'], '--tls-client-name goes with --tls-cert, --tls-key and --tls-client-ca'],
  [['--tls-cert', '/a', '--tls-key', '/b', '--tls-client-ca', '/c'], 'cannot read /a (ENOENT)'],
])('%j: ends with 2 and says why', async (args, message) => {
  const { child, ended } = start(...args);
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => { errors += chunk.toString('utf8'); });

  expect(await ended).toBe(2);
  expect(errors).toBe(`llmgw: ${message}\n`);
});
