import { readFileSync } from 'fs';
import { join } from 'path';
import { Cohere, CohereClientV2, CohereError } from 'cohere-ai';
import { cohereToCohereRerank, cohereToOpenAiRerank } from '../../../src/translate/cohere-to-cohere/translator';
import { readRequestBody } from '../../../src/translate/scan-request-body';
import { Translator } from '../../../src/translate/translator';
import { cohereComplaint } from '../../providers/cohere-complaint';
import { bytesOf, everySplit, replay, textOf, translated } from '../replay';

const JSON_TYPE = { 'content-type': 'application/json' };
const REQUEST = { model: 'rerank-v3.5', query: 'capital?', documents: ['Paris', 'Rome'], top_n: 1, made_up: true };

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(__dirname, '..', '..', 'fixtures', 'cohere', name)));
}

test.each([[cohereToCohereRerank, '/v2/rerank'], [cohereToOpenAiRerank, '/v1/rerank']])('the client\'s own bytes go upstream, to $output', (translator, path) => {
  expect(translated(translator, REQUEST)).toMatchObject({ method: 'POST', path, stream: false, dropped: [] });
  expect(translated(translator, REQUEST).body).toBeUndefined();
  expect(textOf(translated(translator, REQUEST, { upstreamModel: 'theirs' }).body!)).toBe(JSON.stringify({ ...REQUEST, model: 'theirs' }));
});

test('another prefix', () => {
  expect(translated(cohereToOpenAiRerank, REQUEST, { output: { schema: 'OpenAI', version: '' } }).path).toBe('/rerank');
  expect(translated(cohereToOpenAiRerank, REQUEST, { output: { schema: 'OpenAI', version: 'v2' } }).path).toBe('/v2/rerank');
  expect(translated(cohereToCohereRerank, REQUEST, { output: { schema: 'Cohere', version: 'proxy/v2' } }).path).toBe('/proxy/v2/rerank');
});

test.each<[string, Translator, number, number | undefined]>([
  ['rerank.json', cohereToCohereRerank, 0, 1], ['rerank-vllm.json', cohereToOpenAiRerank, 56, undefined],
])('G1 the ranking %s passes as it is, at every cut, and its tokens or units are counted', (file, translator, tokens, units) => {
  for (const chunks of everySplit(fixture(file))) {
    const { head, text, usage, failure } = replay(translated(translator, REQUEST).response, 200, JSON_TYPE, chunks);
    expect(text).toBe(textOf(fixture(file)));
    expect([head.bodyUnchanged, usage?.inputTokens, usage?.totalTokens, usage?.searchUnits, failure]).toEqual([true, tokens, tokens, units, undefined]);
  }
});

test.each<[string, number | undefined]>([
  ['{"meta":{"billed_units":{"search_units":1},"tokens":{"input_tokens":9}}}', 9], ['{"usage":{"total_tokens":3}}', 3], ['{"usage":null,"meta":null}', undefined], ['[]', undefined],
  ['', undefined],
])('usage of %s', (body, tokens) => {
  expect(replay(translated(cohereToCohereRerank, REQUEST).response, 200, JSON_TYPE, [bytesOf(body)]).usage?.totalTokens).toBe(tokens);
});

test('G13 G14 errors: Cohere\'s own pass as they are, others get their shape, all keep their status', () => {
  const error = (translator: Translator, status: number, body: string, type = 'application/json') => (
    replay(translated(translator, REQUEST).response, status, { 'content-type': type }, [bytesOf(body)])
  );
  const own = '{"id": "1", "message": "too many documents"}';
  expect(error(cohereToCohereRerank, 400, own)).toMatchObject({ text: own, failure: { status: 400, code: null, message: 'too many documents' } });
  const vllm = error(cohereToOpenAiRerank, 404, '{"error":{"message":"no such model","type":"NotFoundError","param":null,"code":404}}');
  expect([JSON.parse(vllm.text), vllm.head.status, vllm.failure]).toEqual([{ message: 'no such model' }, 404, { status: 404, code: null, message: 'no such model' }]);
  expect(JSON.parse(error(cohereToOpenAiRerank, 503, '<h1>busy</h1>', 'text/html').text)).toEqual({ message: 'the provider answered 503 without an error message' });
});

test('a connection that broke: an error before the first byte, after it the missing end', () => {
  const before = replay(translated(cohereToCohereRerank, REQUEST).response, 200, JSON_TYPE, [], 'reset');
  expect([JSON.parse(before.text), before.failure?.status]).toEqual([{ message: 'reset', code: 'upstream_broke_off' }, 502]);
  const after = replay(translated(cohereToCohereRerank, REQUEST).response, 200, JSON_TYPE, [bytesOf('{"re')], 'reset');
  expect([after.text, after.failure?.code]).toEqual(['{"re', 'upstream_broke_off']);
  expect(replay(translated(cohereToCohereRerank, REQUEST).response, 500, JSON_TYPE, [bytesOf('{')], 'reset').failure?.status).toBe(500);
});

/** The official client, with the translator between it and this answer. */
function client(translator: Translator, status: number, answer: Uint8Array): CohereClientV2 {
  const fetch = async (url: unknown, init?: { body?: unknown }): Promise<Response> => {
    expect(String(url)).toBe('http://gateway.test/v2/rerank');
    const body = bytesOf(String(init?.body));
    expect(cohereComplaint('rerank', readRequestBody(body).json())).toBeUndefined();
    const { text, head } = replay(translated(translator, textOf(body)).response, status, JSON_TYPE, [answer]);
    return new Response(text, { status: head.status, headers: JSON_TYPE });
  };
  return new CohereClientV2({ token: 'none', baseUrl: 'http://gateway.test', maxRetries: 0, fetch: fetch as typeof globalThis.fetch });
}

test('the official client reads both rankings, and both errors', async () => {
  const request: Cohere.V2RerankRequest = { model: 'm', query: 'capital?', documents: ['Paris'] };
  expect((await client(cohereToCohereRerank, 200, fixture('rerank.json')).rerank(request)).results[0]).toEqual({ index: 3, relevanceScore: 0.999071 });
  expect((await client(cohereToOpenAiRerank, 200, fixture('rerank-vllm.json')).rerank(request)).results[0]).toMatchObject({ index: 0, relevanceScore: 0.9990234375 });
  const failing = client(cohereToOpenAiRerank, 429, bytesOf('{"error":{"message":"slow down"}}')).rerank(request).catch((error: unknown) => error);
  await expect(failing).resolves.toBeInstanceOf(CohereError);
  await expect(failing).resolves.toMatchObject({ statusCode: 429, body: { message: 'slow down' } });
});
