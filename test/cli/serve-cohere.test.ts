import { CohereClientV2 } from 'cohere-ai';
import OpenAI from 'openai';
import { ServedFixture } from './served-fixture';
import { FakeCohere, startFakeCohere } from '../providers/fake-cohere';

jest.setTimeout(20_000);

const KEY = 'planted-cohere-key';

let cohere: FakeCohere;
let served: ServedFixture;
let openai: OpenAI;
let client: CohereClientV2;

beforeAll(async () => {
  cohere = await startFakeCohere();
  served = await ServedFixture.start('cohere.yaml', { cohere }, { 'cohere/apiKey': KEY });
  openai = new OpenAI({ baseURL: `${served.url}/v1`, apiKey: 'planted-client-key', maxRetries: 0 });
  client = new CohereClientV2({ token: 'planted-client-key', baseUrl: served.url, maxRetries: 0 });
});

afterAll(() => served.stop());

const ask = (content = 'Hi') => ({ model: 'command-a', messages: [{ role: 'user' as const, content }] });

describe('the official OpenAI client', () => {
  test('plain, and streamed', async () => {
    expect((await openai.chat.completions.create(ask())).choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Hello from Cohere.' } });
    let text = '';
    for await (const chunk of await openai.chat.completions.create({ ...ask(), stream: true })) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('Hello from Cohere.');
    await served.serve.says(/command-a .*stream {2}tokens=12\+8/);
    expect(cohere.requests.at(-1)).toMatchObject({ path: '/v2/chat', headers: { authorization: `Bearer ${KEY}` } });
  });

  test('tools, plain and streamed', async () => {
    const tools: OpenAI.ChatCompletionFunctionTool[] = [{ type: 'function', function: { name: 'get.weather', parameters: { type: 'object' } } }];
    const call = [{ id: 'get_weather_1', type: 'function', function: { name: 'get.weather', arguments: '{"city":"Paris"}' } }];
    expect((await openai.chat.completions.create({ ...ask(), tools })).choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: 'I will look.', tool_calls: call } });
    expect((await openai.chat.completions.stream({ ...ask(), tools }).finalChatCompletion()).choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { tool_calls: call } });
  });

  test('structured output', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    await openai.chat.completions.create({ ...ask(), response_format: { type: 'json_schema', json_schema: { name: 'a', schema } } });
    expect(JSON.parse(cohere.requests.at(-1)!.body.toString('utf8'))).toMatchObject({ response_format: { type: 'json_object', json_schema: schema } });
  });

  test('embeddings', async () => {
    const { data, usage } = await openai.embeddings.create({ model: 'embed-v4.0', input: ['a', 'b'] });
    expect([data.map(({ embedding }) => Array.from(embedding)), usage.total_tokens]).toEqual([[[1, 0, 0], [0, 1, 0]], 2]);
  });

  test.each([[429, OpenAI.RateLimitError], [500, OpenAI.InternalServerError]])('error %s', async (status, type) => {
    await expect(openai.chat.completions.create(ask(`error ${status}`))).rejects.toMatchObject({ constructor: type, status });
    await expect(openai.chat.completions.create({ ...ask(), n: 2 })).rejects.toMatchObject({ status: 400, param: 'n' });
  });
});

describe('the official Cohere client', () => {
  const request = { model: 'rerank-v3.5', query: 'q', documents: ['a', 'b'], topN: 1 };

  test('rerank, with the gateway\'s key and the units counted', async () => {
    expect((await client.rerank(request)).results).toEqual([{ index: 1, relevanceScore: 2 / 3 }]);
    expect(cohere.requests.at(-1)).toMatchObject({ path: '/v2/rerank', headers: { authorization: `Bearer ${KEY}` } });
    await served.serve.says(/rerank-v3\.5 .*200 {2}search-units=1/);
  });

  test('errors, Cohere\'s and the gateway\'s', async () => {
    await expect(client.rerank({ ...request, query: 'error 429' })).rejects.toMatchObject({ statusCode: 429, body: { message: 'as asked: 429' } });
    await expect(client.rerank({ ...request, model: '' })).rejects.toMatchObject({ statusCode: 400, body: { code: 'missing_required_parameter', param: 'model' } });
  });
});
