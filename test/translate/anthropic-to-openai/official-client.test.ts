import Anthropic from '@anthropic-ai/sdk';
import { call, ChatJson, chunk, EVENT_STREAM, JSON_TYPE, sse, USAGE, USAGE_CHUNK } from './messages';
import { witness } from './witness';
import { anthropicToOpenAiMessages } from '../../../src/translate/anthropic-to-openai/translator';
import { chatComplaint } from '../../providers/chat-complaint';
import { bytesOf, fixture } from '../replay';

const REQUEST = { model: 'gpt-5.2', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hi' }] };
const TOOLS = ['look', 'now'].map((name): Anthropic.Tool => ({ name, input_schema: { type: 'object' } }));
const STREAM = sse([
  chunk({ role: 'assistant', content: null }), chunk({ reasoning_content: 'Hm.' }), chunk({ content: 'Let me look.' }),
  chunk({ tool_calls: [call(0, { id: 'call_1', name: 'look', args: '' })] }), chunk({ tool_calls: [call(1, { id: 'call_2', name: 'now', args: '' })] }),
  chunk({ tool_calls: [call(1, { args: '{}' })] }), chunk({ tool_calls: [call(0, { args: '{"a":' })] }), chunk({ tool_calls: [call(0, { args: '1}' })] }),
  chunk({}, 'tool_calls'), USAGE_CHUNK,
]);
const openAi = (status: number, headers: Readonly<Record<string, string>>, answer: Uint8Array) => witness(anthropicToOpenAiMessages, status, headers, answer);

test('reads a plain answer', async () => {
  const { client, bodies } = openAi(200, JSON_TYPE, fixture('chat.json'));
  const message = await client.messages.create(REQUEST);
  expect([message.content, message.stop_reason, message.usage.input_tokens]).toEqual([[{ type: 'text', text: 'Hello! "usage":{} 👋', citations: null }], 'end_turn', 11]);
  expect(chatComplaint(bodies[0])).toBeUndefined();
});

test('C1 C3 puts a stream together, and what it made of it goes back', async () => {
  // GIVEN
  const { client, bodies } = openAi(200, EVENT_STREAM, STREAM);
  const stream = client.messages.stream({ ...REQUEST, tools: TOOLS });
  const text: string[] = [];
  stream.on('text', (delta) => text.push(delta));
  const message = await stream.finalMessage();
  expect(text.join('')).toBe('Let me look.');
  expect(message.content).toEqual([
    { type: 'thinking', thinking: 'Hm.', signature: '' }, { type: 'text', text: 'Let me look.', citations: null },
    expect.objectContaining({ type: 'tool_use', id: 'call_1', name: 'look', input: { a: 1 } }), expect.objectContaining({ type: 'tool_use', id: 'call_2', name: 'now', input: {} }),
  ]);
  expect([message.stop_reason, message.usage.input_tokens, message.usage.output_tokens]).toEqual(['tool_use', 20, 7]);
  // WHEN
  const results = message.content.flatMap((block): Anthropic.ToolResultBlockParam[] => block.type === 'tool_use' ? [{ type: 'tool_result', tool_use_id: block.id, content: 'ok' }] : []);
  await client.messages.stream({
    ...REQUEST, tools: TOOLS, messages: [...REQUEST.messages, { role: 'assistant', content: message.content }, { role: 'user', content: results }],
  }).finalMessage();
  // THEN
  expect(chatComplaint(bodies[1])).toBeUndefined();
  expect((bodies[1] as ChatJson).messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool']);
});

test('structured output is parsed', async () => {
  const completion = { choices: [{ index: 0, message: { role: 'assistant', content: '{"a":1}' }, finish_reason: 'stop' }], usage: USAGE };
  const { client, bodies } = openAi(200, JSON_TYPE, bytesOf(JSON.stringify(completion)));
  const schema = { type: 'object' as const, properties: { a: { type: 'number' } }, required: ['a'], additionalProperties: false };
  const message = await client.messages.create({ ...REQUEST, output_config: { format: { type: 'json_schema', schema } } });
  expect(message.content).toMatchObject([{ type: 'text', text: '{"a":1}' }]);
  expect(bodies[0]).toMatchObject({ response_format: { type: 'json_schema', json_schema: { schema, strict: true } } });
});

test('throws where a stream is not whole', async () => {
  for (const answer of [new Uint8Array(0), STREAM.subarray(0, 400), sse([{ error: { message: 'busy', type: 'server_error' } }], false)]) {
    const { client } = openAi(200, EVENT_STREAM, answer);
    await expect(client.messages.stream(REQUEST).finalMessage()).rejects.toBeInstanceOf(Anthropic.APIError);
  }
});

test.each([[429, Anthropic.RateLimitError], [400, Anthropic.BadRequestError], [500, Anthropic.InternalServerError]])('G13 %i is the client\'s typed error', async (status, type) => {
  const { client } = openAi(status, JSON_TYPE, bytesOf('{"error":{"message":"as it was said","type":"x","code":null}}'));
  await expect(client.messages.create(REQUEST)).rejects.toMatchObject({ constructor: type, status, message: expect.stringContaining('as it was said') as unknown });
});
