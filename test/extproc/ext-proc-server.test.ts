import { readFileSync } from 'node:fs';
import { constants } from 'node:http2';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { EnvoyClient, EnvoyStream, Reply, setHeaders } from './envoy-client';
import { exchangeBytes, messagesIn, PROCESS, rawSession, recordBytes } from './raw-stream';
import { ExtProcServer, ExtProcServerOptions } from '../../src/extproc/ext-proc-server';
import { Http2Transport } from '../../src/extproc/http2-transport';
import { parseObjects } from '../../src/resources/parse';
import { buildConfiguration } from '../../src/runtime/build-configuration';
import { Credentials } from '../../src/runtime/credentials/credentials';
import { LlmEngine } from '../../src/runtime/llm-engine';
import { RequestRecord } from '../../src/runtime/request-record';
import { eventFrame } from '../providers/fake-bedrock';

const FIXTURE = join(__dirname, '..', 'fixtures', 'gateway', 'chat.yaml');
const API_KEY = 'sk-planted-key';
const CREDENTIALS = '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = planted\n';
const MIB = 1024 * 1024;

const configuration = buildConfiguration(parseObjects(
  parseAllDocuments(readFileSync(FIXTURE, 'utf8')).map((document, index) => ({ source: `chat.yaml:${index}`, value: document.toJS() as unknown })),
), 1, { secretOverrides: new Map([['demo/kserve/apiKey', Buffer.from(API_KEY)], ['demo/aws/credentials', Buffer.from(CREDENTIALS)]]) });

const chat = (model: string, more: object = {}) => JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }], ...more });
const COMPLETION = JSON.stringify({
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
});
const JSON_HEAD = { ':status': '200', 'content-type': 'application/json' };

class Harness {
  readonly records: RequestRecord[] = [];
  readonly faults: unknown[] = [];
  readonly server: ExtProcServer;
  readonly clients: EnvoyClient[] = [];
  port = 0;

  constructor(options: Partial<ExtProcServerOptions> & { credentials?: Credentials; loaded?: () => boolean } = {}) {
    const engine = new LlmEngine({
      configuration: () => (options.loaded?.() ?? true ? configuration : undefined),
      bodyLimit: options.bodyLimit,
      credentials: options.credentials,
      onRecord: (record) => this.records.push(record),
      onFault: (error) => this.faults.push(error),
    });
    this.server = new ExtProcServer({ engine, onFault: (error) => this.faults.push(error), ...options });
  }

  async start(): Promise<this> {
    this.port = await this.server.listen({ host: '127.0.0.1', port: 0 });
    return this;
  }

  client(): EnvoyClient {
    const client = new EnvoyClient(this.port);
    this.clients.push(client);
    return client;
  }

  /** A stream whose request was forwarded. */
  async forwarded(body = chat('only-kserve')): Promise<{ stream: EnvoyStream; forward: Reply }> {
    const stream = this.client().stream();
    stream.requestHeaders();
    await stream.reply();
    stream.requestBody(body);
    return { stream, forward: await stream.reply() };
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await sleep(5);
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.close();
    await this.server.close();
  }
}

let harness: Harness;
const start = async (options: ConstructorParameters<typeof Harness>[0] = {}) => (harness = await new Harness(options).start());
afterEach(() => harness.stop());

const errorOf = (reply: Reply) => (JSON.parse(reply.immediateResponse!.body.toString('utf8')) as { error: Record<string, unknown> }).error;

// Every transport has to pass this suite.
describe.each<[string, ExtProcServerOptions['transport']]>([['node:http2', (services, budget) => new Http2Transport(services, budget)]])('over %s', (_name, transport) => {
  test('a pass-through request: bytes stay, headers and route change', async () => {
    await start({ transport });
    const stream = harness.client().stream();
    stream.requestHeaders({ 'authorization': 'Bearer mine', 'x-api-key': 'mine', 'accept-encoding': 'gzip', 'x-kept': '1' });
    await stream.reply();
    stream.requestBody(chat('only-kserve', { stream: true, stream_options: { include_usage: true } }));
    const forward = await stream.reply();
    const { response } = forward.requestBody!;
    expect(response.bodyMutation).toBeNull();
    expect(response.clearRouteCache).toBe(true);
    expect(setHeaders(response.headerMutation)).toEqual({
      'content-type': 'application/json', 'authorization': `Bearer ${API_KEY}`, 'x-ai-gateway-llm-model': 'only-kserve', 'x-ai-gateway-llm-backend': 'demo/kserve',
    });
    expect(response.headerMutation?.setHeaders.every(({ appendAction }) => appendAction === 2)).toBe(true);
    expect([...response.headerMutation!.removeHeaders].sort()).toEqual(['accept-encoding', 'x-api-key']);
    expect(forward.dynamicMetadata?.fields['io.envoy.ai_gateway'].structValue.fields).toMatchObject({ model: { stringValue: 'only-kserve' }, backend: { stringValue: 'demo/kserve' } });
    stream.responseHeaders({ ':status': '200', 'content-type': 'text/event-stream' });
    expect((await stream.reply()).responseHeaders?.response.status).toBe(0);
    const sse = 'data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}\n\ndata: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}\n\ndata: [DONE]\n\n';
    for (const byte of Buffer.from(sse)) stream.responseBody(Uint8Array.of(byte), false);
    stream.responseBody('', true);
    expect((await stream.body()).toString('utf8')).toBe(sse);
    stream.halfClose();
    expect(await stream.ended()).toBe(0);
    await harness.until(() => harness.records.length > 0);
    expect(harness.records).toMatchObject([{ model: 'only-kserve', backend: 'demo/kserve', status: 200, outcome: 'completed', stream: true, usage: { totalTokens: 5 } }]);
    expect(harness.faults).toEqual([]);
  });

  test('a translated request: new path, body, exact content-length, signature', async () => {
    await start({ transport });
    const { stream, forward } = await harness.forwarded(chat('only-bedrock'));
    const { response } = forward.requestBody!;
    const headers = setHeaders(response.headerMutation);
    const body = response.bodyMutation!.body!;
    expect(JSON.parse(body.toString('utf8'))).toEqual({ messages: [{ role: 'user', content: [{ text: 'hi' }] }] });
    expect(headers).toMatchObject({ ':path': '/model/meta.llama3-70b-instruct-v1%3A0/converse', 'content-length': String(body.length) });
    expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/us-east-1\/bedrock\/aws4_request/);
    stream.responseHeaders(JSON_HEAD);
    stream.responseBody(JSON.stringify({ output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } }, stopReason: 'end_turn', usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 } }), true);
    const head = (await stream.reply()).responseHeaders!.response;
    expect(head.headerMutation?.removeHeaders).toContain('content-length');
    expect(setHeaders(head.headerMutation)[':status']).toBeUndefined();
    expect(JSON.parse((await stream.body()).toString('utf8'))).toMatchObject({ object: 'chat.completion', model: 'only-bedrock', choices: [{ message: { content: 'Hello' } }], usage: { total_tokens: 5 } });
  });

  test('a success that turns out to be none does not go out as one: the head waits for the body', async () => {
    await start({ transport });
    const { stream } = await harness.forwarded(chat('only-bedrock'));
    stream.responseHeaders(JSON_HEAD);
    stream.responseBody('{"not":', false);
    stream.responseBody('"Converse"}', true);
    expect(setHeaders((await stream.reply()).responseHeaders!.response.headerMutation)).toMatchObject({ ':status': '502', 'content-type': 'application/json' });
    expect(JSON.parse((await stream.body()).toString('utf8'))).toMatchObject({ error: { code: 'upstream_broke_off' } });
    stream.halfClose();
    await harness.until(() => harness.records.length > 0);
    expect(harness.records).toMatchObject([{ status: 502, outcome: 'completed', errorCode: 'upstream_broke_off' }]);
  });

  test('a translated stream, cut at every byte', async () => {
    await start({ transport });
    const { stream } = await harness.forwarded(chat('only-bedrock', { stream: true }));
    stream.responseHeaders({ ':status': '200', 'content-type': 'application/vnd.amazon.eventstream' });
    expect(setHeaders((await stream.reply()).responseHeaders!.response.headerMutation)['content-type']).toMatch(/^text\/event-stream/);
    const frames = Buffer.concat([
      eventFrame('messageStart', { role: 'assistant' }), eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hel' } }),
      eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'lo' } }), eventFrame('messageStop', { stopReason: 'end_turn' }),
      eventFrame('metadata', { usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 } }),
    ]);
    for (const byte of frames) stream.responseBody(Uint8Array.of(byte), false);
    stream.responseBody('', true);
    const text = (await stream.body()).toString('utf8');
    expect([...text.matchAll(/"content":"([^"]+)"/g)].map(([, piece]) => piece).join('')).toBe('Hello');
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
  });

  test('the models list and unknown endpoints are answered in the header phase', async () => {
    await start({ transport });
    const list = harness.client().stream();
    list.requestHeaders({ ':method': 'GET', ':path': '/v1/models' }, { endOfStream: true });
    const models = await list.reply();
    expect(models.immediateResponse).toMatchObject({ status: { code: 200 }, details: 'llm_models' });
    expect((JSON.parse(models.immediateResponse!.body.toString('utf8')) as { data: unknown[] }).data).toHaveLength(4);
    const unknown = harness.client().stream();
    unknown.requestHeaders({ ':path': '/v1/nothing' });
    expect(errorOf(await unknown.reply())).toMatchObject({ code: 'unknown_endpoint' });
    const nobody = harness.client().stream();
    nobody.requestHeaders({}, { route: 'httproute/other/team/rule/0/match/0/*' });
    expect(errorOf(await nobody.reply())).toMatchObject({ code: 'not_found' });
  });

  test.each([['{"model":', 400, 'invalid_json'], [chat('gpt-none'), 404, 'model_not_found'], [chat('only-bedrock', { n: 2 }), 400, 'unsupported_parameter']])(
    'what the client did wrong is an immediate answer: %s', async (body, status, code) => {
      await start({ transport });
      const { stream, forward } = await harness.forwarded(body);
      expect(forward.immediateResponse?.status.code).toBe(status);
      expect(errorOf(forward)).toMatchObject({ code });
      expect(setHeaders(forward.immediateResponse?.headers)).toMatchObject({ 'content-type': 'application/json' });
      stream.reset();
      await harness.until(() => harness.records.length > 0);
      expect(harness.records).toMatchObject([{ status, outcome: 'completed', errorCode: code }]);
    });

  test('Envoy\'s own replies are put into the client\'s dialect, also without a request phase', async () => {
    await start({ transport });
    const { stream } = await harness.forwarded();
    stream.responseHeaders({ ':status': '503', 'content-type': 'text/plain', 'content-length': '91' }, { codeDetails: 'upstream_reset_before_response_started{remote_connection_failure}' });
    const refused = (await stream.reply()).responseHeaders!.response;
    expect(refused.status).toBe(1);
    expect(JSON.parse(refused.bodyMutation!.body!.toString('utf8'))).toMatchObject({ error: { code: 'upstream_unreachable' } });
    expect(setHeaders(refused.headerMutation)).toMatchObject({ 'content-type': 'application/json', 'content-length': String(refused.bodyMutation!.body!.length) });
    const unauthorized = harness.client().stream();
    unauthorized.responseHeaders({ ':status': '401' }, { codeDetails: 'jwt_authn_access_denied', endOfStream: false });
    expect(JSON.parse((await unauthorized.reply()).responseHeaders!.response.bodyMutation!.body!.toString('utf8'))).toMatchObject({ error: { code: 'invalid_credential' } });
    const limited = harness.client().stream();
    limited.responseHeaders({ ':status': '429', 'x-ratelimit-reset': '7' }, { codeDetails: 'request_rate_limited', endOfStream: true });
    expect(setHeaders((await limited.reply()).responseHeaders!.response.headerMutation)).toMatchObject({ 'retry-after': '7' });
  });

  test('an upstream that ends with trailers: the rest of the body goes out before the trailers are answered', async () => {
    await start({ transport });
    const { stream } = await harness.forwarded(chat('only-bedrock'));
    stream.responseHeaders(JSON_HEAD);
    stream.responseBody(JSON.stringify({ output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } }, stopReason: 'end_turn', usage: {} }), false);
    stream.responseTrailers();
    expect((await stream.reply()).responseHeaders).toBeDefined();
    const piece = (await stream.reply()).responseBody!.response.bodyMutation!.streamedResponse!;
    expect(piece).toMatchObject({ endOfStream: false });
    expect(JSON.parse(piece.body.toString('utf8'))).toMatchObject({ choices: [{ message: { content: 'Hello' } }] });
    expect((await stream.reply()).response).toBe('responseTrailers');
  });

  test('replies of one turn are coalesced', async () => {
    await start({ transport });
    const recorded = await recordBytes((stream) => {
      stream.requestHeaders();
      stream.requestBody(chat('only-kserve'));
      stream.responseHeaders(JSON_HEAD);
      for (let index = 0; index < 100; index++) stream.responseBody(index === 0 ? COMPLETION : ' ', index === 99);
    });
    const session = rawSession(harness.port);
    const replies = messagesIn(await exchangeBytes(session, [recorded]));
    session.close();
    // Request headers, request body, response headers, and one for 100 pieces of body.
    expect(replies).toHaveLength(4);
    expect(replies[3].includes(COMPLETION)).toBe(true);
  });

  test('G19 bodies of 32,769 bytes, 1, 4 and 20 MiB pass; over the limit it is 413 and the stream lives on', async () => {
    await start({ transport });
    for (const size of [32_769, MIB, 4 * MIB, 20 * MIB]) {
      const { forward, stream } = await harness.forwarded(chat('only-kserve', { user: 'x'.repeat(size) }));
      expect(forward.requestBody?.response.clearRouteCache).toBe(true);
      stream.reset();
    }
    await harness.stop();
    await start({ transport, bodyLimit: MIB });
    const { forward } = await harness.forwarded(chat('only-kserve', { user: 'x'.repeat(2 * MIB) }));
    expect(forward.immediateResponse?.status.code).toBe(413);
    expect(errorOf(forward)).toMatchObject({ code: 'request_too_large' });
    await harness.until(() => harness.server.budget.inUse === 0);
  });

  test('the budget of the process: a body that finds no room is 413, and room is given back', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => { release = resolve; });
    const slow = new Credentials();
    slow.headers = async () => gate.then(() => []);
    await start({ transport, bodyLimit: MIB, connectionLimit: 1.5 * MIB, processLimit: 1.5 * MIB, credentials: slow });
    const large = chat('only-kserve', { user: 'x'.repeat(0.9 * MIB) });
    const first = harness.client().stream();
    first.requestHeaders();
    await first.reply();
    first.requestBody(large);
    await harness.until(() => harness.server.budget.inUse > 0);
    expect((await harness.forwarded(large)).forward.immediateResponse?.status.code).toBe(413);
    release();
    expect((await first.reply()).requestBody).toBeDefined();
    await harness.until(() => harness.server.budget.inUse === 0);
    expect((await harness.forwarded(large)).forward.requestBody).toBeDefined();
  });

  test('a credential that never comes is 504 in the client\'s dialect', async () => {
    const stuck = new Credentials();
    stuck.headers = () => new Promise(() => undefined);
    await start({ transport, decisionTimeout: 20, credentials: stuck });
    const { forward } = await harness.forwarded();
    expect(forward.immediateResponse?.status.code).toBe(504);
    expect(errorOf(forward)).toMatchObject({ code: 'credential_timeout' });
  });

  test('a client that leaves: one record, aborted, nothing is left open', async () => {
    await start({ transport });
    const { stream } = await harness.forwarded();
    stream.responseHeaders({ ':status': '200', 'content-type': 'text/event-stream' });
    await stream.reply();
    stream.reset();
    await harness.until(() => harness.server.openStreams === 0 && harness.records.length > 0);
    expect(harness.records).toMatchObject([{ outcome: 'aborted', status: 200 }]);
  });

  test('a policy with other body modes is refused, and said', async () => {
    await start({ transport });
    const stream = harness.client().stream();
    stream.requestHeaders({}, { modes: [1, 1] });
    expect((await stream.reply()).immediateResponse?.status.code).toBe(502);
    expect(String(harness.faults[0])).toContain('processingMode.request.body Buffered');
  });

  test('bytes that are no ProcessingRequest are answered, never left', async () => {
    await start({ transport });
    const session = rawSession(harness.port);
    const answered = (payload: Buffer) => new Promise<Buffer>((resolve) => {
      const call = session.request({ ':method': 'POST', ':path': PROCESS, 'content-type': 'application/grpc' });
      const chunks: Buffer[] = [];
      call.on('error', () => undefined);
      call.on('data', (chunk: Buffer) => chunks.push(chunk));
      call.on('close', () => resolve(Buffer.concat(chunks)));
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(payload.length, 1);
      call.end(Buffer.concat([prefix, payload]));
    });
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
      expect((await answered(Buffer.from(bytes))).length).toBeGreaterThan(5);
    }), { numRuns: 200 });
    session.close();
  });

  test.each([['/no.such.Service/Call', 'application/grpc', '12'], [PROCESS, 'text/plain', undefined]])(
    'other methods and other content types are refused: %s %s', async (path, contentType, status) => {
      await start({ transport });
      const session = rawSession(harness.port);
      const headers = await new Promise<Record<string, unknown>>((resolve) => {
        const call = session.request({ ':method': 'POST', ':path': path, 'content-type': contentType });
        call.on('error', () => undefined);
        call.on('response', (received) => resolve(received));
        call.end();
      });
      expect(headers[constants.HTTP2_HEADER_STATUS]).toBe(status === undefined ? 415 : 200);
      expect(headers['grpc-status']).toBe(status);
      session.close();
    });

  test('health: not serving before a configuration, serving after it, not serving from the beginning of a drain', async () => {
    let loaded = false;
    await start({ transport, loaded: () => loaded });
    const client = harness.client();
    expect(await client.check()).toBe('NOT_SERVING');
    const seen: number[] = [];
    const watching = (async () => { for await (const status of client.watch()) seen.push(status); })().catch(() => undefined);
    await harness.until(() => seen.length === 1);
    const early = harness.client().stream();
    early.requestHeaders();
    expect((await early.reply()).immediateResponse?.status.code).toBe(503);
    early.reset();
    loaded = true;
    harness.server.readinessChanged();
    await harness.until(() => seen.length === 2);
    expect(await client.check('envoy.service.ext_proc.v3.ExternalProcessor')).toBe('SERVING');
    expect(await client.check('other')).toBe(5);
    const drained = harness.server.drain(50, 5_000);
    expect(await client.check()).toBe('NOT_SERVING');
    expect(await drained).toBe(0);
    await watching;
    expect(seen).toEqual([2, 1, 2]);
  });

  test('a drain lets open streams finish and takes no new ones', async () => {
    await start({ transport });
    const { stream } = await harness.forwarded();
    stream.responseHeaders({ ':status': '200', 'content-type': 'text/event-stream' });
    await stream.reply();
    const drained = harness.server.drain(0, 10_000);
    await sleep(50);
    await expect(harness.forwarded()).rejects.toThrow(/ended with status/);
    stream.responseBody('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n', true);
    expect((await stream.body()).toString('utf8')).toContain('[DONE]');
    stream.halfClose();
    expect(await drained).toBe(0);
    expect(harness.records).toMatchObject([{ outcome: 'completed' }]);
  });

  test('a drain does not wait for ever', async () => {
    await start({ transport });
    await harness.forwarded();
    expect(await harness.server.drain(0, 50)).toBe(1);
    await harness.until(() => harness.records.length === 1);
    expect(harness.records).toMatchObject([{ outcome: 'aborted' }]);
  });

  test('streams that send nothing, or stop in the middle of a message, are ended', async () => {
    await start({ deadlines: { message: 50, idle: 400, interval: 20 } });
    const session = rawSession(harness.port);
    const closed = (bytes: Buffer | undefined) => new Promise<void>((resolve) => {
      const call = session.request({ ':method': 'POST', ':path': PROCESS, 'content-type': 'application/grpc' });
      call.on('error', () => undefined);
      call.on('close', () => resolve());
      if (bytes) call.write(bytes);
    });
    await Promise.all([closed(undefined), closed(Buffer.from([0, 0, 1])), closed(Buffer.from([0, 0, 0x10, 0, 0, 1]))]);
    await harness.until(() => harness.server.openStreams === 0 && harness.server.budget.inUse === 0);
    session.close();
  });

  test('any cut of the bytes of a stream gives the same replies', async () => {
    await start({ transport });
    const session = rawSession(harness.port);
    // The bytes that the official library would send.
    const recorded = await recordBytes((stream) => {
      stream.requestHeaders();
      stream.requestBody(chat('only-kserve'));
    });
    const run = async (cuts: readonly number[]) => {
      const ends = [...cuts, recorded.length].sort((left, right) => left - right);
      return (await exchangeBytes(session, ends.map((end, index) => recorded.subarray(ends[index - 1] ?? 0, end)))).toString('latin1');
    };
    const whole = await run([]);
    expect(whole).toContain('demo/kserve');
    await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 0, max: recorded.length }), { maxLength: 6 }), async (cuts) => {
      expect(await run(cuts)).toBe(whole);
    }), { numRuns: 60 });
    session.close();
  });
});
