import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, createGzip, gzipSync } from 'node:zlib';
import { chat, DrivenExchange, errorOf, text } from './driven-exchange';
import { ResponseBytes } from '../../src/runtime/exchange';
import { PassThroughResponse } from '../../src/translate/openai-to-openai/response';
import { eventFrame } from '../providers/fake-bedrock';

const fixture = (name: string): Buffer => readFileSync(join(__dirname, '..', 'fixtures', 'openai', name));

describe('the answer of a provider', () => {
  test('JSON passes byte for byte, with its length, and is metered', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt'));
    const head = driven.head(200, { 'content-type': 'application/json', 'content-length': '5' });
    expect([head.bodyUnchanged, head.removeHeaders, head.setHeaders]).toEqual([true, [], []]);
    const body = fixture('chat.json');
    const chunk = driven.exchange.responseChunk(body);
    expect(chunk).toEqual({ bytes: body });
    const { usage } = JSON.parse(body.toString()) as { usage: { total_tokens: number; completion_tokens: number } };
    expect(driven.exchange.responseEnd()).toEqual({ bytes: new Uint8Array(0), metadata: { total: usage.total_tokens, out: usage.completion_tokens } });
    expect(driven.close()).toEqual({
      route: 'default/chat',
      endpoint: 'ChatCompletions',
      model: 'gpt',
      modelKnown: true,
      rule: 'openai',
      backend: 'default/openai',
      upstreamModel: 'gpt',
      stream: false,
      status: 200,
      outcome: 'completed',
      errorCode: undefined,
      unpriced: false,
      droppedParameters: [],
      usage: expect.objectContaining({ totalTokens: usage.total_tokens }),
      timeToFirstByte: 10,
      duration: 20,
    });
  });

  test('G6 G10 gzip JSON is decoded, loses its content-encoding and its length, and is metered', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt'));
    const head = driven.head(200, { 'content-type': 'application/json', 'content-encoding': 'gzip', 'content-length': '99' });
    expect(head.bodyUnchanged).toBe(false);
    expect(head.removeHeaders).toEqual(expect.arrayContaining(['content-encoding', 'content-length']));
    const zipped = gzipSync(fixture('chat.json'));
    expect(driven.bytes(zipped.subarray(0, 50), zipped.subarray(50))).toBe(fixture('chat.json').toString());
    expect(driven.close().usage?.totalTokens).toBeGreaterThan(0);
  });

  test('G7 a gzip error is decoded as well', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt'));
    const head = driven.head(429, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    expect([head.status, head.removeHeaders]).toEqual([429, expect.arrayContaining(['content-encoding', 'content-length'])]);
    expect(driven.bytes(gzipSync(fixture('error-429.json')))).toBe(fixture('error-429.json').toString());
    expect(driven.close()).toMatchObject({ status: 429, errorCode: expect.any(String) });
  });

  test('G8 gzip SSE: every event that the provider flushed reaches the client before the next', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt', { stream: true, stream_options: { include_usage: true } }));
    driven.head(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
    const gzip = createGzip();
    let sent: Buffer[] = [];
    gzip.on('data', (chunk: Buffer) => sent.push(chunk));
    const events = fixture('chat-stream.sse').toString().split(/(?<=\n\n)/);
    for (const event of events) {
      sent = [];
      gzip.write(event);
      await new Promise<void>((done) => gzip.flush(constants.Z_SYNC_FLUSH, () => done()));
      expect(sent.map((chunk) => text(driven.exchange.responseChunk(chunk).bytes)).join('')).toBe(event);
    }
    sent = [];
    await new Promise<void>((done) => gzip.end(() => done()));
    expect(driven.bytes(...sent)).toBe('');
    expect(driven.close()).toMatchObject({ errorCode: undefined, stream: true, usage: { totalTokens: expect.any(Number) } });
  });

  test('G9 gzip announced and no byte sent: an empty 200', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt'));
    expect(driven.head(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).status).toBe(200);
    expect(driven.bytes()).toBe('');
    expect(driven.close()).toMatchObject({ status: 200, errorCode: undefined });
    expect(driven.faults).toEqual([]);
  });

  test('G11 an error of the client\'s own dialect is not wrapped again', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt'));
    const head = driven.head(400, { 'content-type': 'application/json; charset=utf-8' });
    expect(head.setHeaders.map(([name]) => name)).not.toContain('content-type');
    expect(driven.bytes(fixture('error-429.json'))).toBe(fixture('error-429.json').toString());
  });

  test('G12 no pseudo-header is set on a response', async () => {
    for (const [model, headers] of [['gpt', { 'content-type': 'text/html' }], ['claude', { 'content-type': 'application/json', 'x-amzn-errortype': 'ThrottlingException' }]] as const) {
      const driven = new DrivenExchange();
      await driven.forward(chat(model));
      const head = driven.head(429, headers);
      expect([...head.setHeaders.map(([name]) => name), ...head.removeHeaders].filter((name) => name.startsWith(':'))).toEqual([]);
    }
  });

  test.each([['HTML', 502, 'text/html', '<html>bad</html>'], ['text', 500, 'text/plain', 'it broke'], ['broken JSON', 503, 'application/json', '{"error":'], ['nothing', 500, '', '']])(
    'G14 an error that is %s becomes one of the client\'s dialect, with its status', async (_, status, type, body) => {
      const driven = new DrivenExchange();
      await driven.forward(chat('gpt'));
      expect(driven.head(status, type === '' ? {} : { 'content-type': type }).status).toBe(status);
      const error = errorOf({ body: Buffer.from(driven.bytes(Buffer.from(body))) });
      expect(error).toEqual({ message: expect.stringMatching(/\S/), type: 'server_error', param: null, code: null });
      expect(driven.close().status).toBe(status);
    });

  test.each<[string, number, Record<string, string>]>([['an error', 500, {}], ['an error with a length', 502, { 'content-length': '0' }]])(
    'G18 %s without a body gets one, and no length that is not its own', async (_, status, headers) => {
      const driven = new DrivenExchange();
      await driven.forward(chat('gpt'));
      const head = driven.head(status, headers, { endOfStream: true });
      expect([head.status, head.bodyUnchanged, errorOf(head).type]).toEqual([status, false, 'server_error']);
      expect(head.removeHeaders).toContain('content-length');
      expect(driven.exchange.responseEnd()).toEqual({ bytes: new Uint8Array(0) });
    });

  test('a success without a body stays without one', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt'));
    const head = driven.head(200, { 'content-type': 'application/json', 'content-length': '0' }, { endOfStream: true });
    expect([head.replaceBody, head.bodyUnchanged]).toEqual([undefined, true]);
  });

  // RFC 9112, 6.3: what follows the head of a 204 or 304 belongs to the next answer on that connection.
  test.each([[204, true], [204, false], [304, true], [304, false]])('%d has no body, stream %s', async (status, stream) => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt', { stream }));
    const head = driven.head(status, {}, { endOfStream: true });
    expect([head.status, head.replaceBody, head.bodyUnchanged]).toEqual([status, undefined, true]);
  });

  test('G17 a translator that fails on the answer: an error instead of the rest', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt', { stream: true }));
    driven.head(200, { 'content-type': 'text/event-stream' });
    const spy = jest.spyOn(PassThroughResponse.prototype, 'push').mockImplementation(() => { throw new TypeError('planted internals'); });
    const { bytes } = driven.exchange.responseChunk(fixture('chat-stream.sse'));
    spy.mockRestore();
    expect(text(bytes)).toMatch(/^data: \{"error":\{"message":"the provider broke off: its answer cannot be decoded"/);
    expect([driven.bytes(fixture('chat-stream.sse')), driven.faults.length]).toEqual(['', 1]);
    expect(driven.close()).toMatchObject({ errorCode: 'upstream_broke_off' });
  });

  test('an encoding that was not asked for: 502, whole and at once', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt'));
    const head = driven.head(200, { 'content-encoding': 'br', 'content-length': '9' });
    expect([head.status, errorOf(head).code, head.removeHeaders]).toEqual([502, 'unusable_answer', ['content-encoding', 'content-length']]);
    expect(driven.bytes(Buffer.from('compressed'))).toBe('');
    expect(driven.faults).toHaveLength(1);
    expect(driven.close()).toMatchObject({ status: 502, errorCode: 'unusable_answer' });
  });

  test('gzip that is broken in a stream: an error event, once', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt', { stream: true }));
    driven.head(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
    expect(driven.bytes(Buffer.from('this is no gzip'), Buffer.from('nor is this')).match(/"error"/g)).toHaveLength(1);
  });

  test('a provider that breaks off mid-stream: an error event, and no normal end', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt', { stream: true }));
    driven.head(200, { 'content-type': 'text/event-stream' });
    const stream = fixture('chat-stream.sse');
    const before = text(driven.exchange.responseChunk(stream.subarray(0, stream.length >> 1)).bytes);
    const { bytes } = driven.exchange.responseFailed('ECONNRESET');
    expect(before).toMatch(/^data: /);
    expect(text(bytes)).toMatch(/^data: \{"error":\{"message":"the provider broke off: ECONNRESET"/);
    expect(text(bytes)).not.toContain('[DONE]');
    expect(driven.exchange.responseFailed('again')).toEqual({ bytes: new Uint8Array(0) });
    expect(driven.close()).toMatchObject({ errorCode: 'upstream_broke_off', status: 200 });
  });

  test('dropped parameters are named to the client and in the record', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('claude', { seed: 1, store: true }));
    expect(driven.head(200, { 'content-type': 'application/json' }).setHeaders).toContainEqual(['x-llm-dropped-parameters', 'seed, store']);
    expect(driven.close().droppedParameters).toEqual(['seed', 'store']);
    const plain = new DrivenExchange();
    await plain.forward(chat('claude'));
    expect(plain.head(200).setHeaders.map(([name]) => name)).not.toContain('x-llm-dropped-parameters');
  });

  test('costs run with the chunks of a stream, and only where they changed', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt', { stream: true }));
    driven.head(200, { 'content-type': 'text/event-stream' });
    const seen: Array<ResponseBytes['metadata']> = [];
    for (const event of fixture('chat-stream-continuous-usage.sse').toString().split(/(?<=\n\n)/)) seen.push(driven.exchange.responseChunk(Buffer.from(event)).metadata);
    // Neither `[DONE]` nor the end brought anything new.
    expect([seen.at(-1), driven.exchange.responseEnd().metadata]).toEqual([undefined, undefined]);
    const last = seen.filter((metadata) => metadata !== undefined).at(-1);
    const outs = seen.flatMap((metadata) => (metadata === undefined ? [] : [Number(metadata.out)]));
    expect(outs.length).toBeGreaterThan(1);
    expect([...outs].sort((left, right) => left - right)).toEqual(outs);
    expect(last).toEqual({ total: driven.close().usage?.totalTokens, out: driven.records[0].usage?.outputTokens });
  });

  test('a cost that Envoy would count as nothing is the largest that counts', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt'));
    driven.head(200, { 'content-type': 'application/json' });
    driven.exchange.responseChunk(Buffer.from('{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":4000000000,"total_tokens":4000000001}}'));
    expect(driven.exchange.responseEnd().metadata).toEqual({ total: 1_000_000_000, out: 1_000_000_000 });
    expect(driven.close().usage?.totalTokens).toBe(4_000_000_001);
  });

  test('G22 a client that leaves mid-stream: one record, with what was counted by then', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt', { stream: true }));
    driven.head(200, { 'content-type': 'text/event-stream' });
    const stream = fixture('chat-stream-continuous-usage.sse');
    driven.exchange.responseChunk(stream.subarray(0, Math.floor(stream.length * 0.7)));
    expect(driven.close('aborted')).toMatchObject({ outcome: 'aborted', stream: true, usage: { outputTokens: expect.any(Number) } });
    driven.exchange.close('completed');
    driven.exchange.responseEnd();
    driven.exchange.close('aborted');
    expect(driven.records).toHaveLength(1);
  });

  test('Bedrock: an exception inside a 200 stream is what the record says', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('claude', { stream: true }));
    driven.head(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    driven.exchange.responseChunk(eventFrame('messageStart', { role: 'assistant' }));
    expect(text(driven.exchange.responseEnd().bytes)).toContain('"error"');
    expect(driven.close()).toMatchObject({ status: 200, errorCode: expect.any(String) });
  });

  test('models that only a prefix names are not safe as a label', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('any-thing-at-all'));
    expect(driven.close()).toMatchObject({ model: 'any-thing-at-all', modelKnown: false, rule: 'many' });
  });
});

describe('Envoy\'s own replies', () => {
  test.each<[number, string, string, string]>([
    [401, 'jwt_authn_access_denied{Jwt_is_missing}', 'authentication_error', 'missing_credential'],
    [403, 'rbac_access_denied_matched_policy[none]', 'permission_error', 'permission_denied'],
    [404, 'direct_response', 'invalid_request_error', 'not_found'],
    [413, 'request_payload_too_large', 'invalid_request_error', 'request_too_large'],
    [429, 'request_rate_limited', 'rate_limit_error', 'rate_limit_exceeded'],
    [503, 'no_healthy_upstream', 'server_error', 'upstream_unreachable'],
    [504, 'upstream_response_timeout', 'server_error', 'upstream_timeout'],
  ])('%d %s without a request phase', (status, codeDetails, type, code) => {
    const driven = new DrivenExchange();
    const head = driven.head(status, { 'content-type': 'text/plain', 'content-length': '19' }, { codeDetails, httpRoute: 'default/chat' });
    expect([head.status, head.bodyUnchanged, errorOf(head)]).toEqual([status, false, { message: expect.any(String), type, code, param: null }]);
    expect([head.setHeaders, head.removeHeaders]).toEqual([[['content-type', 'application/json']], ['content-length']]);
    // What Envoy wrote is replaced, not followed.
    expect(driven.bytes(Buffer.from('upstream connect error'))).toBe('');
    expect(driven.close()).toMatchObject({ route: 'default/chat', status, errorCode: code });
  });

  test('after a request phase, also without a body', async () => {
    const driven = new DrivenExchange();
    await driven.forward(chat('gpt'));
    const head = driven.head(504, {}, { codeDetails: 'upstream_per_try_timeout', endOfStream: true });
    expect([head.status, errorOf(head).code]).toEqual([504, 'upstream_timeout']);
    expect(driven.close()).toMatchObject({ status: 504, backend: 'default/openai', errorCode: 'upstream_timeout' });
  });

  test.each<[Record<string, string>, string | undefined]>([
    [{ 'x-ratelimit-reset': '17' }, '17'], [{ 'x-ratelimit-reset': '17', 'retry-after': '5' }, undefined], [{}, undefined], [{ 'x-ratelimit-reset': '17, 3600' }, undefined],
  ])('429 with %j: retry-after %s is set', (headers, expected) => {
    const { setHeaders } = new DrivenExchange().head(429, headers, { codeDetails: 'request_rate_limited', httpRoute: 'default/chat' });
    expect(setHeaders.find(([name]) => name === 'retry-after')?.[1]).toBe(expected);
  });

  test.each([200, 301])('%d of a filter passes with its body', (status) => {
    const driven = new DrivenExchange();
    const head = driven.head(status, { 'content-type': 'text/plain' }, { codeDetails: 'direct_response', httpRoute: 'default/chat' });
    expect(head).toEqual({ status, setHeaders: [], removeHeaders: [], bodyUnchanged: true });
    expect(text(driven.exchange.responseChunk(Buffer.from('as it is')).bytes)).toBe('as it is');
    expect(driven.exchange.responseEnd()).toEqual({ bytes: new Uint8Array(0) });
    expect(driven.close()).toMatchObject({ status, errorCode: undefined });
  });

  test('of an HTTPRoute that is not ours', () => {
    const driven = new DrivenExchange();
    expect(errorOf(driven.head(403, {}, { codeDetails: 'rbac_access_denied', httpRoute: 'other/route' })).code).toBe('permission_denied');
    expect(driven.close().route).toBeUndefined();
  });
});
