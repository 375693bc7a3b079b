import { createServer, Server, ServerResponse } from 'node:http';
import { AddressInfo, Socket } from 'node:net';
import { BackendConfiguration, Configuration, UpstreamEndpoint } from '../../src/runtime/configuration';
import { UpstreamAnswer, UpstreamClient } from '../../src/runtime/upstream-client';

/** A provider whose answers the test writes, and that knows its connections. */
class Provider {
  static async start(): Promise<Provider> {
    const provider = new Provider();
    await new Promise<void>((listening) => provider.server.listen(0, '127.0.0.1', listening));
    return provider;
  }

  readonly connections: Socket[] = [];
  private readonly waiting: Array<(response: ServerResponse) => void> = [];
  private readonly server: Server = createServer((_, response) => this.waiting.shift()?.(response));

  private constructor() {
    this.server.keepAliveTimeout = 120_000;
    this.server.on('connection', (socket: Socket) => this.connections.push(socket));
  }

  get endpoint(): UpstreamEndpoint {
    return { origin: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}` };
  }

  get open(): number {
    return this.connections.filter(({ destroyed }) => !destroyed).length;
  }

  /** The next request. */
  next(): Promise<ServerResponse> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Until this many of its connections are open. */
  async has(count: number): Promise<void> {
    while (this.open !== count) await new Promise((resolve) => setImmediate(resolve));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

let client: UpstreamClient;
let stays: Provider;
let goes: Provider;

beforeEach(async () => {
  client = new UpstreamClient();
  [stays, goes] = await Promise.all([Provider.start(), Provider.start()]);
  client.follow(configurationOf(stays, goes));
});
afterEach(async () => {
  await client.close();
  await Promise.all([stays.close(), goes.close()]);
});

/** Every configuration has endpoints of its own, which say the same. */
function configurationOf(...providers: readonly Provider[]): Pick<Configuration, 'backends'> {
  return { backends: new Map(providers.map(({ endpoint }, index) => [`default/${index}` as const, { endpoint } as BackendConfiguration])) };
}

const call = ({ endpoint }: Provider): Promise<UpstreamAnswer> => client.call({
  endpoint, method: 'POST', path: '/', headers: {}, body: Buffer.from('{}'), signal: new AbortController().signal,
});

async function textOf({ body }: UpstreamAnswer): Promise<string> {
  let text = '';
  for await (const part of body) text += Buffer.from(part).toString();
  return text;
}

async function exchange(provider: Provider): Promise<string> {
  const [response, answer] = await Promise.all([provider.next().then((one) => one.end('answer')), call(provider)]);
  expect(response.writableEnded).toBe(true);
  return textOf(answer);
}

test('connections to an endpoint that is gone are closed, the others stay in use', async () => {
  await Promise.all([exchange(stays), exchange(goes)]);
  client.follow(configurationOf(stays));
  await goes.has(0);
  await exchange(stays);
  expect([stays.connections.length, stays.open]).toEqual([1, 1]);
});

test('a stream that runs on such an endpoint goes on to its end, and its connection ends with it', async () => {
  const [response, answer] = await Promise.all([goes.next().then((one) => { one.write('first '); return one; }), call(goes)]);
  client.follow(configurationOf(stays));
  client.follow(configurationOf(stays));
  await exchange(stays);
  expect(goes.open).toBe(1);
  response.end('last');
  expect(await textOf(answer)).toBe('first last');
  await goes.has(0);
});

test('so does a request whose answer has not begun', async () => {
  const next = goes.next();
  const calling = call(goes);
  client.follow(configurationOf(stays));
  (await next).end('answer');
  expect(await textOf(await calling)).toBe('answer');
  await goes.has(0);
});

test('an endpoint that comes back, or that a request under way comes to, is called again', async () => {
  await exchange(goes);
  client.follow(configurationOf(stays));
  expect(await exchange(goes)).toBe('answer');
  client.follow(configurationOf(stays));
  await goes.has(0);
  client.follow(configurationOf(stays, goes));
  expect(await exchange(goes)).toBe('answer');
  expect(goes.open).toBe(1);
});
