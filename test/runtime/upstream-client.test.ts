import dns from 'node:dns';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { UpstreamEndpoint } from '../../src/runtime/configuration';
import { UpstreamCall, UpstreamClient, UpstreamError } from '../../src/runtime/upstream-client';
import { CertificateAuthority } from '../providers/certificate';
import { FakeProvider, startFakeProvider } from '../providers/fake-provider';

const open: Array<() => Promise<unknown>> = [];
let client: UpstreamClient;

beforeEach(() => { client = new UpstreamClient(); });
afterEach(async () => {
  await client.close();
  for (const close of open.splice(0)) await close();
});

async function provider(...[handle]: [Parameters<typeof startFakeProvider>[1]]): Promise<FakeProvider> {
  const fake = await startFakeProvider({}, handle);
  open.push(() => fake.close());
  return fake;
}

/** A TCP server that does this with every connection. */
async function tcp(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  open.push(() => new Promise((closed) => {
    server.close(closed);
    sockets.forEach((socket) => socket.destroy());
  }));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function callOf(endpoint: UpstreamEndpoint | string, more: Partial<UpstreamCall> = {}): UpstreamCall {
  return {
    endpoint: typeof endpoint === 'string' ? { origin: endpoint } : endpoint,
    method: 'POST',
    path: '/v1/x?a=b%20c',
    headers: { 'content-type': 'application/json', 'x-a': '1' },
    body: Buffer.from('{"é":1}'),
    signal: new AbortController().signal,
    ...more,
  };
}

async function failureOf(call: UpstreamCall): Promise<UpstreamError> {
  const result = await client.call(call).catch((error: unknown) => error);
  expect(result).toBeInstanceOf(UpstreamError);
  return result as UpstreamError;
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

test('method, path, headers, host, length and body arrive; status, headers and bytes come back', async () => {
  const fake = await provider((_, response) => { response.writeHead(201, { 'X-B': ['1', '2'], 'content-encoding': 'gzip' }).end('not decoded'); });
  const answer = await client.call(callOf(`http://127.0.0.1:${fake.port}`));
  expect([answer.status, answer.headers.get('x-b'), answer.headers.get('content-encoding')]).toEqual([201, '1, 2', 'gzip']);
  expect(await textOf(answer.body)).toBe('not decoded');
  expect(fake.requests).toHaveLength(1);
  const [{ method, path, headers, body }] = fake.requests;
  expect([method, path, body.toString()]).toEqual(['POST', '/v1/x?a=b%20c', '{"é":1}']);
  expect(headers).toMatchObject({ 'host': `127.0.0.1:${fake.port}`, 'content-length': '8', 'content-type': 'application/json', 'x-a': '1' });
});

test('the body comes as the provider sends it, chunk by chunk', async () => {
  let proceed: () => void = () => undefined;
  const fake = await provider(async (_, response) => {
    response.write('one');
    await new Promise<void>((done) => { proceed = done; });
    response.end('two');
  });
  const { body } = await client.call(callOf(`http://127.0.0.1:${fake.port}`));
  const chunks = body[Symbol.asyncIterator]();
  expect(Buffer.from((await chunks.next()).value as Uint8Array).toString()).toBe('one');
  proceed();
  expect(Buffer.from((await chunks.next()).value as Uint8Array).toString()).toBe('two');
  expect((await chunks.next()).done).toBe(true);
});

test('connections are used again, and errors of the provider are answers', async () => {
  const ports = new Set<number | undefined>();
  const fake = await provider((_, response) => {
    ports.add(response.socket?.remotePort);
    response.writeHead(503).end('busy');
  });
  for (let index = 0; index < 10; index++) {
    const answer = await client.call(callOf(`http://127.0.0.1:${fake.port}`));
    expect([answer.status, await textOf(answer.body)]).toEqual([503, 'busy']);
    // A connection is free a moment after its answer's last byte.
    await new Promise((done) => setImmediate(done));
  }
  expect(ports.size).toBeLessThan(10);
});

test('refused', async () => {
  const gone = await startFakeProvider({}, () => undefined);
  await gone.close();
  expect(await failureOf(callOf(`http://127.0.0.1:${gone.port}`))).toMatchObject({ failure: 'refused', message: `127.0.0.1:${gone.port} refused the connection` });
});

test('reset before the head', async () => {
  const origin = await tcp((socket) => { socket.once('data', () => socket.resetAndDestroy()); });
  expect(await failureOf(callOf(origin))).toMatchObject({ failure: 'reset', message: expect.stringContaining('broke off') });
});

test('closed before the head, and an answer that is no HTTP', async () => {
  expect((await failureOf(callOf(await tcp((socket) => { socket.once('data', () => socket.end()); })))).failure).toBe('reset');
  expect((await failureOf(callOf(await tcp((socket) => { socket.once('data', () => socket.end('220 mail.example ESMTP\r\n')); })))).failure).toBe('reset');
});

test('no head in time', async () => {
  const fake = await provider(() => undefined);
  expect(await failureOf(callOf(`http://127.0.0.1:${fake.port}`, { headTimeout: 50 }))).toMatchObject({ failure: 'timeout', message: expect.stringContaining('did not answer in time') });
});

test('no address', async () => {
  jest.spyOn(dns, 'lookup').mockImplementation(((name: string, _: unknown, done: (error: Error) => void) => {
    setImmediate(() => done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' })));
  }) as never);
  expect(await failureOf(callOf('http://nowhere.invalid:80'))).toMatchObject({ failure: 'dns', message: 'nowhere.invalid has no address' });
  jest.restoreAllMocks();
});

test('given up: before it began, and while it waits', async () => {
  const fake = await provider(() => undefined);
  expect((await failureOf(callOf(`http://127.0.0.1:${fake.port}`, { signal: AbortSignal.abort() }))).failure).toBe('aborted');
  const abort = new AbortController();
  const failing = failureOf(callOf(`http://127.0.0.1:${fake.port}`, { signal: abort.signal }));
  while (fake.requests.length === 0) await new Promise((done) => setImmediate(done));
  abort.abort();
  expect((await failing).failure).toBe('aborted');
});

test('broken off in the body: what came by then, then an error', async () => {
  const origin = await tcp((socket) => { socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')); });
  const { body } = await client.call(callOf(origin));
  const parts: string[] = [];
  await expect((async () => { for await (const part of body) parts.push(Buffer.from(part).toString()); })()).rejects.toThrow();
  expect(parts).toEqual(['half']);
});

describe('TLS', () => {
  const authority = new CertificateAuthority();

  async function tls(names: readonly string[]): Promise<number> {
    const { certificate: cert, privateKey: key } = authority.issue(names);
    const server: TlsServer = createTlsServer({ cert, key }, (request, response) => {
      response.end(`${(request.socket as { servername?: string | false }).servername} ${request.headers.host}`);
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    open.push(() => new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    }));
    return (server.address() as AddressInfo).port;
  }

  test('an authority of the endpoint\'s own, and its name for SNI, certificate and host', async () => {
    const endpoint = { origin: `https://127.0.0.1:${await tls(['provider.example'])}`, serverName: 'provider.example', certificateAuthorities: [authority.certificate] };
    expect(await textOf((await client.call(callOf(endpoint))).body)).toBe('provider.example provider.example');
  });

  test.each<[string, Partial<UpstreamEndpoint>]>([
    ['an authority that is not known', { serverName: 'provider.example' }],
    ['the authority of somebody else', { serverName: 'provider.example', certificateAuthorities: [new CertificateAuthority().certificate] }],
    ['a certificate for another name', { serverName: 'other.example', certificateAuthorities: [authority.certificate] }],
  ])('%s: no request is sent', async (_, more) => {
    const port = await tls(['provider.example']);
    expect(await failureOf(callOf({ origin: `https://127.0.0.1:${port}`, ...more }))).toMatchObject({ failure: 'tls', message: expect.stringMatching(/^no trusted TLS connection to 127\.0\.0\.1:\d+ \(\w+\)$/) });
  });

  test('insecureSkipVerify takes any certificate', async () => {
    const port = await tls(['provider.example']);
    expect((await client.call(callOf({ origin: `https://127.0.0.1:${port}`, insecureSkipVerify: true }))).status).toBe(200);
  });

  test('a connection that skips the check is not lent to an endpoint that asks for it', async () => {
    const origin = `https://127.0.0.1:${await tls(['provider.example'])}`;
    await textOf((await client.call(callOf({ origin, insecureSkipVerify: true }))).body);
    expect((await failureOf(callOf({ origin }))).failure).toBe('tls');
  });

  test('a server that speaks no TLS', async () => {
    const fake = await provider((_, response) => { response.end(); });
    expect((await failureOf(callOf(`https://127.0.0.1:${fake.port}`))).failure).toBe('tls');
  });
});
