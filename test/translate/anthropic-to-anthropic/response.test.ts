import * as fc from 'fast-check';
import { countTokens, EVENT_STREAM, fixtureBytes, framesOf, HOSTS, JSON_TYPE, messages, REQUEST, SSE } from './messages';
import { chunkFrame } from '../../providers/fake-anthropic';
import { bytesOf, everySplit, Replayed, replay, textOf } from '../replay';

type Host = typeof HOSTS[number];
type Headers = Readonly<Record<string, string>>;

function answered(host: Host, status: number, headers: Headers, chunks: readonly Uint8Array[], broken?: string): Replayed {
  return replay(messages(host).response, status, headers, chunks, broken);
}

function counted(host: Host, status: number, headers: Headers, body: string, broken?: string): Replayed {
  return replay(countTokens(host).response, status, headers, [bytesOf(body)], broken);
}

describe.each(HOSTS)('a whole message from %s', (host) => {
  test('A25 G10 passes as it is, and its usage is counted, at every cut', () => {
    const body = fixtureBytes('message.json');
    for (const chunks of everySplit(body)) {
      const { head, text, usage, failure } = answered(host, 200, JSON_TYPE, chunks);
      expect(head).toEqual({ status: 200, setHeaders: [], removeHeaders: [], bodyUnchanged: true });
      expect(text).toBe(textOf(body));
      expect(usage).toEqual({ inputTokens: 9033, cachedInputTokens: 0, cacheCreationInputTokens: 4511, outputTokens: 5, reasoningTokens: 0, totalTokens: 9038 });
      expect(failure).toBeUndefined();
    }
  });

  test('as the answer to a stream request passes as well', () => {
    const { response } = messages(host, { ...REQUEST, stream: true });
    expect(replay(response, 200, JSON_TYPE, [fixtureBytes('message.json')])).toMatchObject({ text: textOf(fixtureBytes('message.json')), usage: { totalTokens: 9038 } });
  });

  test.each(['', 'not JSON', '{"usage":null}', '{"usage":{}}', '{}', '[]', 'null', '{"usage":[1]}'])('%p has no usage and passes', (body) => {
    expect(answered(host, 200, JSON_TYPE, [bytesOf(body)])).toMatchObject({ text: body, usage: undefined, failure: undefined });
  });

  test('broken off before its first byte becomes an error, later it stays cut and counts as failed', () => {
    const first = answered(host, 200, JSON_TYPE, [], 'connection reset');
    expect(JSON.parse(first.text)).toEqual({ type: 'error', error: { type: 'api_error', message: 'connection reset', details: { error_code: 'upstream_broke_off' } } });
    const later = answered(host, 200, JSON_TYPE, [bytesOf('{"id":')], 'connection reset');
    expect([first.failure?.status, later.text, later.failure?.status]).toEqual([502, '{"id":', 502]);
  });
});

describe('a count of tokens', () => {
  test.each(['Anthropic', 'GCPAnthropic'] as const)('from %s passes as it is', (host) => {
    expect(counted(host, 200, JSON_TYPE, '{ "input_tokens": 14 }')).toMatchObject({ text: '{ "input_tokens": 14 }', usage: undefined, failure: undefined });
  });

  test('from Bedrock is put into Anthropic\'s words', () => {
    expect(counted('AWSAnthropic', 200, JSON_TYPE, '{"inputTokens":14}')).toMatchObject({ text: '{"input_tokens":14}', usage: undefined, failure: undefined });
  });

  test.each(['', '{}', 'null', '{"inputTokens":"14"}'])('from Bedrock that is none, %p, is an error', (body) => {
    const { text, failure } = counted('AWSAnthropic', 200, JSON_TYPE, body);
    expect(JSON.parse(text)).toMatchObject({ type: 'error', error: { type: 'api_error' } });
    expect(failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
  });

  test('B30 an error of Bedrock\'s is in Anthropic\'s envelope', () => {
    const headers = { ...JSON_TYPE, 'x-amzn-errortype': 'ValidationException:http://internal.amazon.com/', 'x-amzn-requestid': 'aws-1' };
    const { head, text, failure } = counted('AWSAnthropic', 400, headers, '{"message":"The provided model doesn\'t support counting tokens."}');
    expect(JSON.parse(text)).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'The provided model doesn\'t support counting tokens.', details: { error_code: 'ValidationException' } },
      request_id: 'aws-1',
    });
    expect(head).toMatchObject({ status: 400, setHeaders: [['request-id', 'aws-1']] });
    expect(failure).toMatchObject({ status: 400, code: 'ValidationException' });
  });

  test('broken off is an error', () => {
    expect(counted('AWSAnthropic', 200, JSON_TYPE, '{"inp', 'reset')).toMatchObject({ failure: { status: 502, message: 'reset' } });
  });
});

describe('an error', () => {
  test.each(HOSTS)('in Anthropic\'s shape passes from %s byte for byte, at every cut', (host) => {
    const body = fixtureBytes('error-529.json');
    for (const chunks of everySplit(body)) {
      const { head, text, failure } = answered(host, 529, JSON_TYPE, chunks);
      expect([head.status, head.setHeaders, text]).toEqual([529, [], textOf(body)]);
      expect(failure).toEqual({ status: 529, code: 'overloaded_error', type: 'overloaded_error', message: 'Overloaded', requestId: 'req_011CSHoEeqs5C35K2UUqR7Fy' });
    }
  });

  test('G11 with a charset in its content type is not wrapped again', () => {
    expect(answered('Anthropic', 529, { 'content-type': 'application/json; charset=utf-8' }, [fixtureBytes('error-529.json')]).text)
      .toBe(textOf(fixtureBytes('error-529.json')));
  });

  test.each<[string, Host, number, Headers, string, object]>([
    ['AWS', 'AWSAnthropic', 429, { 'x-amzn-errortype': 'ThrottlingException' }, '{"message":"Too many tokens"}',
      { type: 'rate_limit_error', message: 'Too many tokens', details: { error_code: 'ThrottlingException' } }],
    ['IAM', 'AWSAnthropic', 403, { 'x-amzn-errortype': 'AccessDeniedException' }, '{"Message":"User is not authorized"}',
      { type: 'permission_error', message: 'User is not authorized', details: { error_code: 'AccessDeniedException' } }],
    ['AWS without a header', 'AWSAnthropic', 404, {}, '{"__type":"com.amazon.coral.service#UnknownOperationException"}',
      { type: 'not_found_error', message: 'the provider answered 404 without an error message', details: { error_code: 'UnknownOperationException' } }],
    ['a model of Bedrock\'s', 'AWSAnthropic', 424, { 'x-amzn-errortype': 'ModelErrorException' }, '{"message":"failed"}', { type: 'api_error' }],
    ['Google', 'GCPAnthropic', 429, {}, '{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}}',
      { type: 'rate_limit_error', message: 'Quota exceeded', details: { error_code: 'RESOURCE_EXHAUSTED' } }],
    ['Google in an array (V17)', 'GCPAnthropic', 404, {}, '[{"error":{"code":404,"message":"no such model","status":"NOT_FOUND"}}]',
      { type: 'not_found_error', message: 'no such model', details: { error_code: 'NOT_FOUND' } }],
    ['an event (A24)', 'GCPAnthropic', 529, { 'content-type': 'text/event-stream' },
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n', { type: 'overloaded_error', message: 'Overloaded' }],
    ['text (G14)', 'Anthropic', 503, { 'content-type': 'text/plain' }, 'no healthy upstream\n', { type: 'overloaded_error', message: 'no healthy upstream' }],
    ['HTML (G14)', 'Anthropic', 502, { 'content-type': 'text/html' }, '<h1>502</h1>', { type: 'api_error', message: 'the provider answered 502 without an error message' }],
    ['nothing (G14)', 'Anthropic', 413, {}, '', { type: 'request_too_large', message: 'the provider answered 413 without an error message' }],
    ['a proxy', 'Anthropic', 401, {}, '{"error":"no key"}', { type: 'authentication_error', message: 'no key' }],
  ])('in the words of %s is put into Anthropic\'s shape, with its status', (_, host, status, headers, body, error) => {
    const { head, text, failure } = answered(host, status, headers, [bytesOf(body)]);
    const envelope = JSON.parse(text) as { readonly type: string; readonly error: object };
    expect(envelope).toMatchObject({ type: 'error', error });
    expect(Object.keys(envelope.error).includes('details')).toBe('details' in error || status === 424);
    expect([head.status, failure?.status]).toEqual([status, status]);
    expect(head.setHeaders).toContainEqual(['content-type', 'application/json']);
  });

  test('G14 too long to be one', () => {
    expect(answered('Anthropic', 500, JSON_TYPE, Array.from({ length: 20 }, () => new Uint8Array(100_000).fill(0x61))).text)
      .toContain('the provider answered 500 without an error message');
  });

  test('to a stream request is no event', () => {
    const { response } = messages('Anthropic', { ...REQUEST, stream: true });
    expect(replay(response, 529, JSON_TYPE, [fixtureBytes('error-529.json')]).text).toBe(textOf(fixtureBytes('error-529.json')));
  });

  test('broken off is an error with its status; without any head it is a 502', () => {
    expect(answered('Anthropic', 500, JSON_TYPE, [bytesOf('{"err')], 'connection reset').failure).toMatchObject({ status: 500, message: 'connection reset' });
    const { response } = messages('Anthropic');
    expect(JSON.parse(textOf(response.fail('connection refused')))).toMatchObject({ error: { type: 'api_error', message: 'connection refused' } });
    expect(response.failure?.status).toBe(502);
  });
});

test.each(HOSTS)('G12 G17 G18 whatever %s answers, nothing is thrown, no pseudo-header is set, and bytes that claim to be unchanged are', (host) => {
  const header = fc.record({ 'content-type': fc.constantFrom('application/json', 'text/event-stream', 'application/vnd.amazon.eventstream', 'text/html', '') });
  const piece = fc.constantFrom(
    'data: ', 'event: error', 'event: ', 'message_start', 'message_stop', 'ping', '{"type":"', '"}', '{"error":', '{}', '\n', '\n\n', '\r', '}', '"usage":', '"x"', '👋', 'null', '[', ']',
  );
  const json = fc.oneof(fc.jsonValue(), fc.record({
    type: fc.constantFrom('message_start', 'message_delta', 'message_stop', 'error', 'ping', 5), message: fc.jsonValue(), usage: fc.jsonValue(), error: fc.jsonValue(),
  }));
  const body = fc.oneof(fc.uint8Array(), fc.string({ unit: piece }).map(bytesOf), json.map(chunkFrame), json.map((value) => bytesOf(`data: ${JSON.stringify(value)}\n\n`)));
  const statuses = fc.constantFrom(200, 200, 201, 302, 429, 529);
  fc.assert(fc.property(statuses, header, fc.array(body, { maxLength: 6 }), fc.boolean(), fc.boolean(), (status, headers, chunks, stream, breaks) => {
    const { response } = messages(host, { ...REQUEST, stream });
    const head = response.head({ status, header: (name) => (headers as Record<string, string>)[name] });
    const output = chunks.flatMap((chunk) => [...response.push(chunk)]);
    output.push(...breaks ? response.fail('reset') : response.end());
    expect(head.status).toBe(status);
    expect(head.setHeaders.filter(([name]) => name.startsWith(':'))).toEqual([]);
    if (head.bodyUnchanged && !breaks) {
      expect(output).toEqual(chunks.flatMap((chunk) => [...chunk]));
    }
    if (status >= 400) {
      expect(response.failure?.status).toBe(status);
    }
  }), { numRuns: 300 });
});

test('without a content type the request says whether it is a stream', () => {
  const sse = messages('GCPAnthropic', { ...REQUEST, stream: true }).response;
  expect(replay(sse, 200, {}, [fixtureBytes('messages-stream.sse')])).toMatchObject({ text: textOf(fixtureBytes('messages-stream.sse')), failure: undefined });
  const frames = messages('AWSAnthropic', { ...REQUEST, stream: true }).response;
  expect(replay(frames, 200, {}, [framesOf('messages-stream.sse')])).toMatchObject({ text: textOf(fixtureBytes('messages-stream.sse')), failure: undefined });
  expect(replay(messages('AWSAnthropic').response, 200, {}, [fixtureBytes('message.json')])).toMatchObject({ usage: { totalTokens: 9038 } });
});

test('what the host says it sends counts', () => {
  const { response } = messages('AWSAnthropic', { ...REQUEST, stream: true });
  expect(replay(response, 200, SSE, [fixtureBytes('messages-stream.sse')]).text).toBe(textOf(fixtureBytes('messages-stream.sse')));
  expect(replay(messages('Anthropic').response, 200, EVENT_STREAM, [framesOf('messages-stream.sse')]).text).toBe(textOf(fixtureBytes('messages-stream.sse')));
});
