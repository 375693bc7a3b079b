import OpenAI from 'openai';
import { bodyOf, cohereFixture, EVENT_STREAM, JSON_TYPE } from './cohere';
import { CohereChatBody } from '../../../src/translate/cohere/cohere-wire';
import { openAiToCohereChat } from '../../../src/translate/openai-to-cohere/chat-translator';
import { openAiToCohereEmbeddings } from '../../../src/translate/openai-to-cohere/embeddings-translator';
import { witness as clientOf } from '../openai/witness';
import { bytesOf, textOf, translated } from '../replay';

const witness = (status: number, headers: Readonly<Record<string, string>>, answer: Uint8Array) => clientOf(
  (request) => translated('input' in request ? openAiToCohereEmbeddings : openAiToCohereChat, request),
  (request) => (request.path.endsWith('/embed') ? JSON.parse(textOf(request.body!)) as CohereChatBody : bodyOf(request)), status, headers, answer,
);

const REQUEST = { model: 'command-a-03-2025', messages: [{ role: 'user' as const, content: 'Hi' }] };
const TOOLS = ['get_weather', 'now'].map((name): OpenAI.ChatCompletionFunctionTool => ({ type: 'function', function: { name, parameters: { type: 'object' } } }));

test('reads a plain answer', async () => {
  const answer = await witness(200, JSON_TYPE, cohereFixture('chat.json')).client.chat.completions.create(REQUEST);
  expect([answer.choices[0].message.content, answer.choices[0].finish_reason, answer.usage?.total_tokens]).toEqual(['Grüße 👋 "usage":{}', 'stop', 20]);
});

test('calls the tools of a plain answer and sends back what the client made of it', async () => {
  // GIVEN
  const { client, bodies } = witness(200, JSON_TYPE, cohereFixture('chat-tools.json'));
  const { message } = (await client.chat.completions.create({ ...REQUEST, tools: TOOLS })).choices[0];
  const calls = message.tool_calls ?? [];
  expect(calls.map((call) => call.type === 'function' && [call.function.name, call.function.arguments])).toEqual([['get_weather', '{"city":"Madrid"}'], ['now', '{}']]);
  // WHEN
  const results = calls.map(({ id }): OpenAI.ChatCompletionMessageParam => ({ role: 'tool', tool_call_id: id, content: 'ok' }));
  await client.chat.completions.create({ ...REQUEST, tools: TOOLS, messages: [...REQUEST.messages, message, ...results] });
  // THEN
  expect(bodies[1].messages[1]).toEqual({
    role: 'assistant',
    content: [{ type: 'thinking', thinking: 'Two cities, so two calls.' }],
    tool_plan: 'I will look at both.',
    tool_calls: [
      { id: 'get_weather_2kq3yg9v3jd1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Madrid"}' } },
      { id: 'now_ftdpeqzgqm5n', type: 'function', function: { name: 'now', arguments: '{}' } },
    ],
  });
});

test('G2 reads a stream to its end and sees no chunk without choices', async () => {
  const chunks = [];
  for await (const chunk of await witness(200, EVENT_STREAM, cohereFixture('chat-stream.sse')).client.chat.completions.create({ ...REQUEST, stream: true })) {
    chunks.push(chunk);
  }
  expect(chunks.map(({ choices }) => choices.length)).toEqual([1, 1, 1]);
  expect(chunks.map(({ choices }) => choices[0].delta.content ?? '').join('')).toBe('Grüße 👋 data: [DONE]\n\n');
});

test('G3 G5 puts a stream of tool calls together, with the usage that it asked for', async () => {
  const { client } = witness(200, EVENT_STREAM, cohereFixture('chat-stream-tools.sse'));
  const answer = await client.chat.completions.stream({ ...REQUEST, tools: TOOLS, stream: true, stream_options: { include_usage: true } }).finalChatCompletion();
  const { message, finish_reason: reason } = answer.choices[0];
  expect([message.role, message.content, reason, answer.usage?.prompt_tokens]).toEqual(['assistant', 'I will look.', 'tool_calls', 864]);
  expect(message.tool_calls?.map((call) => call.type === 'function' && [call.id, call.function.name, call.function.arguments]))
    .toEqual([['get_weather_p1', 'get_weather', '{"city": "Madrid"}'], ['now_p2', 'now', '{}']]);
});

test('B23 throws at a stream that was cut', async () => {
  const read = async () => {
    for await (const _ of await witness(200, EVENT_STREAM, cohereFixture('chat-stream.sse').subarray(0, 400)).client.chat.completions.create({ ...REQUEST, stream: true })) {
      // Read to the end.
    }
  };
  await expect(read()).rejects.toMatchObject({ code: 'upstream_broke_off', type: 'server_error' });
});

test('G13 throws Cohere\'s own error as the client\'s typed one', async () => {
  await expect(witness(429, JSON_TYPE, bytesOf('{"message":"slow down"}')).client.chat.completions.create(REQUEST))
    .rejects.toMatchObject({ constructor: OpenAI.RateLimitError, status: 429, type: 'rate_limit_error' });
});

test('B32 reads embeddings, in the base64 that it asks for unasked, and in floats', async () => {
  const { client, bodies } = witness(200, JSON_TYPE, cohereFixture('embed.json'));
  for (const format of [{}, { encoding_format: 'float' as const }]) {
    const answer = await client.embeddings.create({ model: 'embed-v4.0', input: ['hello', 'goodbye'], ...format });
    expect(answer.data.map(({ index, embedding }) => [index, Array.from(embedding)])).toEqual([[0, [0.5, -0.25, 1]], [1, [0.125, 0, -2]]]);
    expect([answer.model, answer.usage]).toEqual(['embed-v4.0', { prompt_tokens: 2, total_tokens: 2 }]);
  }
  expect(bodies).toHaveLength(2);
});
