import OpenAI from 'openai';
import { bodyOf, CLOUD, FLASH_3, fixtureText, JSON_TYPE, SSE, sse } from './gemini';
import { GeminiBody } from '../../../src/translate/gemini/gemini-wire';
import { openAiToGeminiEmbeddings } from '../../../src/translate/openai-to-gemini/embeddings-translator';
import { openAiToGeminiChat } from '../../../src/translate/openai-to-gemini/translator';
import { witness as clientOf } from '../openai/witness';
import { bytesOf, translated } from '../replay';

function witness(status: number, headers: Readonly<Record<string, string>>, answer: Uint8Array) {
  let ids = 0;
  const context = { gcp: CLOUD, environment: { now: () => 0, id: (prefix: string) => `${prefix}${ids += 1}` } };
  return clientOf(
    (request) => translated('input' in request ? openAiToGeminiEmbeddings : openAiToGeminiChat, request, context),
    (request) => (/:(?:stream)?generateContent/i.test(request.path) ? bodyOf(request) : undefined) as GeminiBody, status, headers, answer,
  );
}

const REQUEST = { model: FLASH_3, messages: [{ role: 'user' as const, content: 'Hi' }] };
const TOOLS = ['get_weather', 'now'].map((name): OpenAI.ChatCompletionFunctionTool => ({ type: 'function', function: { name, parameters: { type: 'object' } } }));

test('reads a plain answer', async () => {
  const { client } = witness(200, JSON_TYPE, bytesOf(fixtureText('generate-content.json')));
  const answer = await client.chat.completions.create(REQUEST);
  expect([answer.choices[0].message.content, answer.choices[0].finish_reason, answer.usage?.total_tokens]).toEqual(['Grüße 👋 "usage":{}', 'stop', 20]);
});

test('V1 V8 V9 calls the tools of a plain answer and sends back what the client made of it', async () => {
  // GIVEN
  const { client, bodies } = witness(200, JSON_TYPE, bytesOf(fixtureText('generate-content-tools.json')));
  const first = await client.chat.completions.create({ ...REQUEST, tools: TOOLS });
  const { message } = first.choices[0];
  const calls = message.tool_calls ?? [];
  expect(calls.map((call) => call.type === 'function' && [call.function.name, call.function.arguments]))
    .toEqual([['get_weather', '{"city":"Paris","days":2}'], ['now', '{}']]);
  // WHEN
  const results = calls.map(({ id }): OpenAI.ChatCompletionMessageParam => ({ role: 'tool', tool_call_id: id, content: 'ok' })).reverse();
  await client.chat.completions.create({ ...REQUEST, tools: TOOLS, messages: [...REQUEST.messages, message, ...results] });
  // THEN
  const [{ id: one }, { id: two }] = calls;
  expect(bodies[1].contents).toEqual([
    { role: 'user', parts: [{ text: 'Hi' }] },
    {
      role: 'model',
      parts: [
        { text: 'Let me look.' },
        { functionCall: { id: one, name: 'get_weather', args: { city: 'Paris', days: 2 } }, thoughtSignature: 'AY89a18iOcFus5wr5bW5xN6zZ4aUiCyhgmg6HE2YjtY=' },
        { functionCall: { id: two, name: 'now', args: {} } },
      ],
    },
    {
      role: 'user',
      parts: [
        { functionResponse: { id: one, name: 'get_weather', response: { output: 'ok' } } }, { functionResponse: { id: two, name: 'now', response: { output: 'ok' } } },
      ],
    },
  ]);
});

test('G2 reads a stream to its end and sees no chunk without choices', async () => {
  const { client } = witness(200, SSE, bytesOf(fixtureText('stream.sse')));
  const chunks = [];
  for await (const chunk of await client.chat.completions.create({ ...REQUEST, stream: true })) {
    chunks.push(chunk);
  }
  expect(chunks.map(({ choices }) => choices.length)).toEqual([1, 1, 1, 1]);
  expect(chunks.map(({ choices }) => choices[0].delta.content ?? '').join('')).toBe('Grüße 👋 data: [DONE]\n\n');
});

test('G3 G5 V9 puts a stream of tool calls together, with the usage that it asked for', async () => {
  const { client } = witness(200, SSE, bytesOf(fixtureText('stream-tools.sse')));
  const answer = await client.chat.completions.stream({ ...REQUEST, tools: TOOLS, stream: true, stream_options: { include_usage: true } }).finalChatCompletion();
  const { message, finish_reason: reason } = answer.choices[0];
  expect([message.role, message.content, reason, answer.usage?.completion_tokens]).toEqual(['assistant', 'Let me look.', 'tool_calls', 533]);
  expect(message.tool_calls?.map((call) => call.type === 'function' && [call.id, call.function.name, call.function.arguments]))
    .toEqual([['call_2', 'get_weather', '{"city":"Paris","days":2}'], ['call_3', 'now', '{}']]);
});

test('V3 V19 throws at a malformed call, at an error in a stream, and at a stream that was cut', async () => {
  const cases: ReadonlyArray<readonly [Uint8Array, object]> = [
    [new Uint8Array(0), { code: 'upstream_broke_off', type: 'server_error' }],
    [bytesOf(fixtureText('stream.sse')).subarray(0, 400), { code: 'upstream_broke_off', type: 'server_error' }],
    [sse({ candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL' }] }), { code: 'malformed_function_call', type: 'server_error' }],
    [sse({ error: { code: 429, message: 'busy', status: 'RESOURCE_EXHAUSTED' } }), { code: 'RESOURCE_EXHAUSTED', type: 'rate_limit_error' }],
  ];
  for (const [answer, error] of cases) {
    const read = async () => {
      for await (const _ of await witness(200, SSE, answer).client.chat.completions.create({ ...REQUEST, stream: true })) {
        // Read to the end.
      }
    };
    await expect(read()).rejects.toMatchObject(error);
  }
});

test('G13 V17 throws Google\'s own error as the client\'s typed one', async () => {
  const { client } = witness(429, JSON_TYPE, bytesOf('[{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}}]'));
  await expect(client.chat.completions.create({ ...REQUEST, stream: true }))
    .rejects.toMatchObject({ constructor: OpenAI.RateLimitError, status: 429, code: 'RESOURCE_EXHAUSTED', type: 'rate_limit_error' });
});

test('B32 reads embeddings, which it asks for as base64', async () => {
  const { client } = witness(200, JSON_TYPE, bytesOf('{"predictions":[{"embeddings":{"values":[0.25,-0.5],"statistics":{"token_count":4,"truncated":false}}}]}'));
  const answer = await client.embeddings.create({ model: 'text-embedding-005', input: 'Hi' });
  expect([answer.data[0].embedding, answer.usage]).toEqual([[0.25, -0.5], { prompt_tokens: 4, total_tokens: 4 }]);
});
