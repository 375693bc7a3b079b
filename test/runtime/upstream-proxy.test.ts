import { createServer, Server } from 'node:https';
import { AddressInfo } from 'node:net';
import { ProxySettings } from '../../src/runtime/proxy-settings';
import { UpstreamAnswer, UpstreamCall, UpstreamClient, UpstreamError } from '../../src/runtime/upstream-client';
import { CertificateAuthority } from '../providers/certificate';
import { ConnectProxy, startConnectProxy } from '../providers/connect-proxy';
import { FakeProvider, startFakeProvider } from '../providers/fake-provider';

/** Calls through a real CONNECT proxy: it alone knows where the providers' names lead to. */

const authority = new CertificateAuthority();
const SECURE = { origin: 'https://address.example:443', serverName: 'provider.example', certificateAuthorities: [authority.certificate] };
const PLAIN = { origin: 'http://plain.example:8080' };

let secure: Server;
let plain: FakeProvider;
let proxy: ConnectProxy;
let client: UpstreamClient | undefined;

beforeAll(async () => {
  const { certificate: cert, privateKey: key } = authority.issue(['provider.example']);
  secure = createServer({ cert, key }, (request, response) => {
    response.end(JSON.stringify({ serverName: (request.socket as { servername?: string | false }).servername, headers: request.headers }));
  });
  secure.on('tlsClientError', () => undefined);
  await new Promise<void>((listening) => secure.listen(0, '127.0.0.1', listening));
  plain = await startFakeProvider({}, (request, response) => { response.end(JSON.stringify({ headers: request.headers })); });
});
beforeEach(async () => {
  proxy = await startConnectProxy({ 'address.example:443': (secure.address() as AddressInfo).port, 'plain.example:8080': plain.port });
});
afterEach(async () => {
  await client?.close();
  await proxy.close();
});
afterAll(async () => {
  await plain.close();
  secure.closeAllConnections();
  await new Promise((closed) => secure.close(closed));
});

function call(endpoint: UpstreamCall['endpoint'], proxies: ProxySettings): Promise<UpstreamAnswer> {
  client = new UpstreamClient(proxies);
  return client.call({ endpoint, method: 'POST', path: '/v1/x', headers: { 'x-a': '1' }, body: Buffer.from('{}'), signal: new AbortController().signal, headTimeout: 5_000 });
}

async function answerOf(endpoint: UpstreamCall['endpoint'], proxies: ProxySettings): Promise<{ readonly serverName?: string; readonly headers: Record<string, string> }> {
  const parts: Uint8Array[] = [];
  for await (const part of (await call(endpoint, proxies)).body) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as { serverName?: string; headers: Record<string, string> };
}

const failureOf = async (endpoint: UpstreamCall['endpoint'], proxies: ProxySettings): Promise<UpstreamError> => {
  const result = await call(endpoint, proxies).catch((error: unknown) => error);
  expect(result).toBeInstanceOf(UpstreamError);
  return result as UpstreamError;
};

const address = (user = ''): string => `http://${user}127.0.0.1:${proxy.port}`;

test('https: by CONNECT, with the endpoint\'s own authority and name, and the proxy\'s password for the proxy alone', async () => {
  const { serverName, headers } = await answerOf(SECURE, { httpsProxy: address('user:p%40ss@') });
  expect([serverName, headers.host, headers['x-a'], headers['proxy-authorization']]).toEqual(['provider.example', 'provider.example', '1', undefined]);
  expect(proxy.tunnels).toEqual([{ target: 'address.example:443', headers: expect.objectContaining({ 'proxy-authorization': `Basic ${Buffer.from('user:p@ss').toString('base64')}` }) }]);
});

test.each([
  ['an authority that is not known', { ...SECURE, certificateAuthorities: undefined }], ['another name', { ...SECURE, serverName: 'other.example' }],
])('https: %s is refused behind the proxy too', async (_, endpoint) => {
  expect((await failureOf(endpoint, { httpsProxy: address() })).failure).toBe('tls');
});

test('insecureSkipVerify holds behind the proxy too', async () => {
  expect((await answerOf({ origin: SECURE.origin, insecureSkipVerify: true }, { httpsProxy: address() })).headers['x-a']).toBe('1');
});

test('http: by CONNECT as well; the proxy for http: serves https: where that has none', async () => {
  expect((await answerOf(PLAIN, { httpProxy: address() })).headers.host).toBe('plain.example:8080');
  await client?.close();
  expect((await answerOf(SECURE, { httpProxy: address() })).serverName).toBe('provider.example');
  expect(proxy.tunnels.map(({ target }) => target)).toEqual(['plain.example:8080', 'address.example:443']);
});

test('http: is called directly where only https: has a proxy', async () => {
  await answerOf({ origin: `http://127.0.0.1:${plain.port}` }, { httpsProxy: address() });
  expect(proxy.tunnels).toEqual([]);
});

test.each(['127.0.0.1', '*', 'other.example, 127.0.0.1'])('NO_PROXY %s', async (noProxy) => {
  await answerOf({ origin: `http://127.0.0.1:${plain.port}` }, { httpProxy: address(), noProxy });
  expect(proxy.tunnels).toEqual([]);
});

test('a proxy that refuses counts as a backend that cannot be reached', async () => {
  expect(await failureOf({ origin: 'https://nowhere.example:443' }, { httpsProxy: address('user:planted@') }))
    .toMatchObject({ failure: 'refused', message: 'the proxy did not connect to nowhere.example (502)' });
});

test('a proxy that is not there, too', async () => {
  const gone = address();
  await proxy.close();
  expect((await failureOf(SECURE, { httpsProxy: gone })).failure).toBe('refused');
});
