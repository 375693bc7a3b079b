import * as fc from 'fast-check';
import { openAiToOpenAiChat, openAiToOpenAiEmbeddings } from '../../../src/translate/openai-to-openai/translator';
import { bytesOf, everySplit, fixture, Replayed, replay, textOf, translated } from '../replay';

const JSON_TYPE = { 'content-type': 'application/json' };

function answered(status: number, headers: Readonly<Record<string, string>>, chunks: readonly Uint8Array[], broken?: string): Replayed {
  return replay(translated(openAiToOpenAiChat, { model: 'a' }).response, status, headers, chunks, broken);
}

function errorIn(replayed: Replayed): unknown {
  return (JSON.parse(replayed.text) as { error: unknown }).error;
}

describe('an answer in JSON', () => {
  test('passes as it is, and its usage is counted, at every cut', () => {
    const body = fixture('chat.json');
    for (const chunks of everySplit(body)) {
      const { head, text, usage, failure } = answered(200, JSON_TYPE, chunks);
      expect(head).toEqual({ status: 200, setHeaders: [], removeHeaders: [], bodyUnchanged: true });
      expect(text).toBe(textOf(body));
      expect(usage).toEqual({
        inputTokens: 19, cachedInputTokens: 8, cacheCreationInputTokens: 0, outputTokens: 10, reasoningTokens: 3, totalTokens: 29,
      });
      expect(failure).toBeUndefined();
    }
  });

  test('embeddings count input tokens only', () => {
    const { usage } = replay(translated(openAiToOpenAiEmbeddings, { model: 'a' }).response, 200, JSON_TYPE, [fixture('embeddings.json')]);
    expect(usage).toMatchObject({ inputTokens: 8, outputTokens: 0, totalTokens: 8 });
  });

  test('tokens written to a cache are counted apart', () => {
    const body = '{"usage":{"prompt_tokens":9,"completion_tokens":1,"prompt_tokens_details":{"cache_write_tokens":4}}}';
    expect(answered(200, JSON_TYPE, [bytesOf(body)]).usage).toMatchObject({ cacheCreationInputTokens: 4, totalTokens: 10 });
  });

  test('two usages: the last one counts, as for the client', () => {
    const body = '{"usage":{"prompt_tokens":1},"usage":{"prompt_tokens":2}}';
    expect(answered(200, JSON_TYPE, [bytesOf(body)]).usage?.inputTokens).toBe(2);
  });

  test.each(['', 'not JSON', '{"usage":null}', '{"usage":{}}', '{}', '[]', 'null', '{"usage":[1]}'])('%p has no usage and passes', (body) => {
    expect(answered(200, JSON_TYPE, [bytesOf(body)])).toMatchObject({ text: body, usage: undefined, failure: undefined });
  });

  test('counts that are no counts are 0', () => {
    const body = '{"usage":{"prompt_tokens":-1,"completion_tokens":"7","total_tokens":1.5}}';
    expect(answered(200, JSON_TYPE, [bytesOf(body)]).usage).toMatchObject({ inputTokens: 0, outputTokens: 0, totalTokens: 0 });
  });

  test('to a stream request passes as well', () => {
    const response = translated(openAiToOpenAiChat, { model: 'a', stream: true }).response;
    expect(replay(response, 200, JSON_TYPE, [fixture('chat.json')])).toMatchObject({ text: textOf(fixture('chat.json')), usage: { totalTokens: 29 }, failure: undefined });
  });

  test('broken off before its first byte becomes an error', () => {
    const replayed = answered(200, JSON_TYPE, [], 'connection reset');
    expect(errorIn(replayed)).toMatchObject({ message: 'connection reset', type: 'server_error', code: 'upstream_broke_off' });
    expect(replayed.failure?.status).toBe(502);
  });

  test('broken off later stays cut, and counts as failed', () => {
    const replayed = answered(200, JSON_TYPE, [bytesOf('{"id":')], 'connection reset');
    expect([replayed.text, replayed.failure?.status]).toEqual(['{"id":', 502]);
  });
});

describe('an error', () => {
  test('G13 in OpenAI\'s shape keeps status, code, type and param, byte for byte, at every cut', () => {
    const body = fixture('error-429.json');
    for (const chunks of everySplit(body)) {
      const replayed = answered(429, JSON_TYPE, chunks);
      expect([replayed.head.status, replayed.text]).toEqual([429, textOf(body)]);
      expect(replayed.failure).toMatchObject({ status: 429, code: 'rate_limit_exceeded', message: expect.stringContaining('Rate limit reached') as string });
    }
  });

  test('G11 with a charset in its content type is not wrapped again', () => {
    const replayed = answered(400, { 'content-type': 'application/json; charset=utf-8' }, [fixture('error-429.json')]);
    expect(replayed.text).toBe(textOf(fixture('error-429.json')));
    expect(replayed.head.setHeaders).toEqual([]);
  });

  test('G14 that is no JSON is wrapped, with the original status', () => {
    const replayed = answered(503, { 'content-type': 'text/plain' }, [bytesOf('no healthy upstream\n')]);
    expect(replayed.head).toMatchObject({ status: 503, setHeaders: [['content-type', 'application/json']], bodyUnchanged: false });
    expect(errorIn(replayed)).toEqual({ message: 'no healthy upstream', type: 'server_error', param: null, code: null });
    expect(replayed.failure).toMatchObject({ status: 503, message: 'no healthy upstream' });
  });

  test('G14 of HTML says no more than its status', () => {
    const replayed = answered(502, { 'content-type': 'text/html' }, [bytesOf('<html><h1>502 Bad Gateway</h1>nginx</html>')]);
    expect(errorIn(replayed)).toMatchObject({ message: 'the provider answered 502 without an error message', type: 'server_error' });
  });

  test('G14 without a body or content type', () => {
    const replayed = answered(404, {}, []);
    expect(errorIn(replayed)).toEqual({ message: 'the provider answered 404 without an error message', type: 'invalid_request_error', param: null, code: 'not_found' });
  });

  test('G14 too long to be one', () => {
    const replayed = answered(500, JSON_TYPE, Array.from({ length: 20 }, () => new Uint8Array(100_000).fill(0x61)));
    expect(errorIn(replayed)).toMatchObject({ message: 'the provider answered 500 without an error message' });
  });

  test.each([
    ['Ollama, TGI', '{"error":"model not found","error_type":"x"}', { message: 'model not found', code: 'not_found' }],
    ['vLLM', '{"object":"error","message":"too long","type":"BadRequestError","param":"max_tokens","code":400}', { message: 'too long', type: 'BadRequestError', param: 'max_tokens', code: '400' }],
    ['FastAPI', '{"detail":"Not Found"}', { message: 'Not Found' }],
    ['FastAPI validation', '{"detail":[{"loc":["body"],"msg":"field required"}]}', { message: '[{"loc":["body"],"msg":"field required"}]' }],
    ['a proxy', '{"message":"no Route matched","request_id":"1"}', { message: 'no Route matched' }],
    ['Google', '[{"error":{"code":404,"message":"no such model","status":"NOT_FOUND"}}]', { message: 'no such model', code: '404' }],
    ['an error without message', '{"error":{}}', { message: 'the provider answered 404 without an error message' }],
    ['null', 'null', { message: 'the provider answered 404 without an error message' }],
  ])('G14 in the shape of %s', (_, body, expected) => {
    const replayed = answered(404, JSON_TYPE, [bytesOf(body)]);
    expect(errorIn(replayed)).toMatchObject(expected);
    expect(replayed.failure?.status).toBe(404);
  });

  test('to a stream request is no event', () => {
    const response = translated(openAiToOpenAiChat, { model: 'a', stream: true }).response;
    expect(replay(response, 429, JSON_TYPE, [fixture('error-429.json')]).text).toBe(textOf(fixture('error-429.json')));
  });

  test('broken off is an error with its status', () => {
    const replayed = answered(500, JSON_TYPE, [bytesOf('{"err')], 'connection reset');
    expect([replayed.failure?.status, errorIn(replayed)]).toEqual([500, expect.objectContaining({ message: 'connection reset' })]);
  });

  test('without any head is a 502', () => {
    const { response } = translated(openAiToOpenAiChat, { model: 'a' });
    const error = JSON.parse(textOf(response.fail('connection refused'))) as unknown;
    expect([response.failure?.status, error]).toEqual([502, { error: expect.objectContaining({ message: 'connection refused' }) as unknown }]);
  });
});

test('G12 G17 G18 whatever comes, nothing is thrown, no pseudo-header is set, and bytes that claim to be unchanged are', () => {
  const header = fc.record({ 'content-type': fc.constantFrom('application/json', 'text/event-stream', 'text/html', '') });
  const piece = fc.constantFrom('data: ', '{"error":', '{}', '\n', '\r', '}', '"usage":', '[DONE]', '"x"', '👋');
  const body = fc.oneof(fc.uint8Array(), fc.string({ unit: piece }).map(bytesOf));
  const statuses = fc.integer({ min: 200, max: 599 });
  fc.assert(fc.property(statuses, header, fc.array(body), fc.boolean(), fc.boolean(), (status, headers, chunks, stream, breaks) => {
    const { response } = translated(openAiToOpenAiChat, { model: 'a', stream });
    const head = response.head({ status, header: (name) => (headers as Record<string, string>)[name] });
    const output = chunks.flatMap((chunk) => [...response.push(chunk)]);
    output.push(...breaks ? response.fail('reset') : response.end());
    expect(head.status).toBe(status);
    expect(head.setHeaders.filter(([name]) => name.startsWith(':'))).toEqual([]);
    if (head.bodyUnchanged && !breaks) {
      expect(output).toEqual(chunks.flatMap((chunk) => [...chunk]));
    }
  }), { numRuns: 500 });
});
