import { CohereClientV2 } from 'cohere-ai';
import { FakeCohere, startFakeCohere } from './fake-cohere';

let fake: FakeCohere;
let client: CohereClientV2;

beforeAll(async () => {
  fake = await startFakeCohere();
  client = new CohereClientV2({ token: 'key', baseUrl: `http://127.0.0.1:${fake.port}`, maxRetries: 0 });
});

afterAll(() => fake.close());

const MESSAGES = [{ role: 'user' as const, content: 'Hi' }];
const TOOLS = [{ type: 'function' as const, function: { name: 'f', parameters: { type: 'object' } } }];

test('the official client understands all that it says', async () => {
  expect((await client.chat({ model: 'm', messages: MESSAGES })).message.content).toEqual([{ type: 'text', text: 'Hello from Cohere.' }]);
  const types = [];
  for await (const event of await client.chatStream({ model: 'm', messages: MESSAGES, tools: TOOLS })) {
    types.push(event.type);
  }
  expect(types).toEqual(['message-start', 'tool-call-start', 'tool-call-delta', 'tool-call-delta', 'tool-call-end', 'message-end']);
  expect((await client.embed({ model: 'm', texts: ['a', 'b'], inputType: 'search_query', embeddingTypes: ['float'] })).embeddings.float).toEqual([[1, 0, 0], [0, 1, 0]]);
  expect((await client.rerank({ model: 'm', query: 'q', documents: ['a', 'b'], topN: 1 })).results).toEqual([{ index: 1, relevanceScore: 2 / 3 }]);
});

test('it refuses what Cohere would refuse', async () => {
  await expect(client.chat({ model: 'm', messages: MESSAGES, temperature: 2 })).rejects.toMatchObject({ statusCode: 422, body: { message: expect.stringContaining('temperature') } });
  await expect(client.chat({ model: 'm', messages: MESSAGES, toolChoice: 'REQUIRED' })).rejects.toMatchObject({ statusCode: 422 });
  await expect(client.chat({ model: 'm', messages: [{ role: 'user', content: 'error 429' }] })).rejects.toMatchObject({ statusCode: 429 });
  const post = (path: string, body: string, headers: Record<string, string> = {}) => fetch(`http://127.0.0.1:${fake.port}${path}`, { method: 'POST', body, headers });
  expect((await post('/v2/chat', '{}')).status).toBe(401);
  expect((await post('/v2/chat', '{"model":"m","messages":[],"made_up":1}', { authorization: 'Bearer key' })).status).toBe(422);
  expect((await post('/v2/chat', '{', { authorization: 'Bearer key' })).status).toBe(400);
  expect((await post('/v1/chat', '{}', { authorization: 'Bearer key' })).status).toBe(404);
});
