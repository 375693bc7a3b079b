import OpenAI from 'openai';
import { bodyOf, EVENT_STREAM, eventsOf, exceptionFrame, fixtureText, framesOf, JSON_TYPE } from './converse';
import { openAiToBedrockChat } from '../../../src/translate/openai-to-bedrock/translator';
import { witness as clientOf } from '../openai/witness';
import { bytesOf, translated } from '../replay';

const witness = (status: number, headers: Readonly<Record<string, string>>, answer: Uint8Array) => (
  clientOf((request) => translated(openAiToBedrockChat, request), bodyOf, status, headers, answer)
);

const REQUEST = { model: 'anthropic.claude-3-5-sonnet-20241022-v2:0', messages: [{ role: 'user' as const, content: 'Hi' }] };
const TOOLS = ['get_weather', 'now'].map((name): OpenAI.ChatCompletionFunctionTool => ({ type: 'function', function: { name, parameters: { type: 'object' } } }));

test('reads a plain answer', async () => {
  const { client } = witness(200, JSON_TYPE, bytesOf(fixtureText('converse.json')));
  const answer = await client.chat.completions.create(REQUEST);
  expect([answer.choices[0].message.content, answer.choices[0].finish_reason, answer.usage?.total_tokens]).toEqual(['Grüße 👋 "usage":{}', 'stop', 20]);
});

test('B1 B2 calls the tools of a plain answer and sends back what the client made of it', async () => {
  // GIVEN
  const { client, bodies } = witness(200, JSON_TYPE, bytesOf(fixtureText('converse-tools.json')));
  const first = await client.chat.completions.create({ ...REQUEST, tools: TOOLS });
  const { message } = first.choices[0];
  const calls = message.tool_calls ?? [];
  expect(calls.map((call) => call.type === 'function' && [call.function.name, call.function.arguments]))
    .toEqual([['get_weather', '{"city":"Paris","days":2}'], ['now', '{}']]);
  // WHEN
  const results = calls.map(({ id }): OpenAI.ChatCompletionMessageParam => ({ role: 'tool', tool_call_id: id, content: 'ok' }));
  await client.chat.completions.create({ ...REQUEST, tools: TOOLS, messages: [...REQUEST.messages, message, ...results] });
  // THEN
  expect(bodies[1].messages.map(({ role, content }) => [role, content.flatMap((block) => Object.keys(block))])).toEqual([
    ['user', ['text']], ['assistant', ['reasoningContent', 'reasoningContent', 'text', 'toolUse', 'toolUse']], ['user', ['toolResult', 'toolResult']],
  ]);
});

test('G2 reads a stream to its end and sees no chunk without choices', async () => {
  const { client } = witness(200, EVENT_STREAM, framesOf(eventsOf('converse-stream.json')));
  const chunks = [];
  for await (const chunk of await client.chat.completions.create({ ...REQUEST, stream: true })) {
    chunks.push(chunk);
  }
  expect(chunks.map(({ choices }) => choices.length)).toEqual([1, 1, 1]);
  expect(chunks.map(({ choices }) => choices[0].delta.content ?? '').join('')).toBe('Grüße 👋 data: [DONE]\n\n');
});

test('G3 G5 puts a stream of tool calls together, with the usage that it asked for', async () => {
  const { client } = witness(200, EVENT_STREAM, framesOf(eventsOf('converse-stream-tools.json')));
  const answer = await client.chat.completions.stream({ ...REQUEST, tools: TOOLS, stream: true, stream_options: { include_usage: true } }).finalChatCompletion();
  const { message, finish_reason: reason } = answer.choices[0];
  expect([message.role, message.content, reason, answer.usage?.prompt_tokens]).toEqual(['assistant', 'Let me look.', 'tool_calls', 10904]);
  expect(message.tool_calls?.map((call) => call.type === 'function' && [call.id, call.function.name, call.function.arguments]))
    .toEqual([['tooluse_Paris', 'get_weather', '{"city": "Paris", "days": 2}'], ['tooluse_Now', 'now', '{}']]);
});

test('B21 B23 throws at an exception in a stream, and at a stream that was cut', async () => {
  const whole = framesOf(eventsOf('converse-stream.json'));
  const failing = Buffer.concat([framesOf(eventsOf('converse-stream.json').slice(0, 2)), exceptionFrame('throttlingException', 'busy')]);
  const cases: ReadonlyArray<readonly [Uint8Array, object]> = [
    [new Uint8Array(0), { code: 'upstream_broke_off', type: 'server_error' }],
    [whole.subarray(0, 400), { code: 'upstream_broke_off', type: 'server_error' }],
    [failing, { code: 'ThrottlingException', type: 'rate_limit_error' }],
  ];
  for (const [answer, error] of cases) {
    const read = async () => {
      for await (const _ of await witness(200, EVENT_STREAM, answer).client.chat.completions.create({ ...REQUEST, stream: true })) {
        // Read to the end.
      }
    };
    await expect(read()).rejects.toMatchObject(error);
  }
});

test('G13 throws Bedrock\'s own error as the client\'s typed one', async () => {
  const { client } = witness(429, { ...JSON_TYPE, 'x-amzn-errortype': 'ThrottlingException' }, bytesOf('{"message":"Too many tokens"}'));
  await expect(client.chat.completions.create(REQUEST))
    .rejects.toMatchObject({ constructor: OpenAI.RateLimitError, status: 429, code: 'ThrottlingException', type: 'rate_limit_error' });
});

test('G14 throws a typed error for a page of HTML', async () => {
  const { client } = witness(503, { 'content-type': 'text/html' }, bytesOf('<h1>busy</h1>'));
  await expect(client.chat.completions.create({ ...REQUEST, stream: true }))
    .rejects.toMatchObject({ constructor: OpenAI.InternalServerError, status: 503, type: 'server_error' });
});
