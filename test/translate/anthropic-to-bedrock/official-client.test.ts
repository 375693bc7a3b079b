import Anthropic from '@anthropic-ai/sdk';
import { anthropicToBedrockMessages } from '../../../src/translate/anthropic-to-bedrock/translator';
import { ConverseBody } from '../../../src/translate/bedrock/converse-wire';
import { converseComplaint } from '../../providers/converse-complaint';
import { witness } from '../anthropic-to-openai/witness';
import { CLAUDE_45, EVENT_STREAM, eventsOf, framesOf } from '../openai-to-bedrock/converse';

test('B27 B28 the official client puts a stream together, and what it made of it goes back with its signatures', async () => {
  // GIVEN
  const { client, bodies } = witness(anthropicToBedrockMessages, 200, EVENT_STREAM, framesOf(eventsOf('converse-stream-tools.json')));
  const request = {
    model: CLAUDE_45,
    max_tokens: 4096,
    messages: [{ role: 'user' as const, content: 'Hi' }],
    tools: ['get_weather', 'now'].map((name): Anthropic.Tool => ({ name, input_schema: { type: 'object' } })),
  };
  const message = await client.messages.stream(request).finalMessage();
  expect(message.content.map(({ type }) => type)).toEqual(['thinking', 'redacted_thinking', 'text', 'tool_use', 'tool_use']);
  expect([message.stop_reason, message.usage.input_tokens, message.usage.cache_read_input_tokens]).toEqual(['tool_use', 368, 10536]);
  // WHEN
  const results = message.content.flatMap((block): Anthropic.ToolResultBlockParam[] => block.type === 'tool_use' ? [{ type: 'tool_result', tool_use_id: block.id, content: 'ok' }] : []);
  await client.messages.stream({ ...request, messages: [...request.messages, { role: 'assistant', content: message.content }, { role: 'user', content: results }] }).finalMessage();
  // THEN
  const body = bodies[1] as ConverseBody;
  expect(converseComplaint(body)).toBeUndefined();
  expect(body.messages[1].content).toEqual([
    { reasoningContent: { reasoningText: { text: 'Two cities, so two calls.', signature: 'c2lnbmVk' } } }, { reasoningContent: { redactedContent: 'c2VjcmV0' } },
    { text: 'Let me look.' }, { toolUse: { toolUseId: 'tooluse_Paris', name: 'get_weather', input: { city: 'Paris', days: 2 } } }, { toolUse: { toolUseId: 'tooluse_Now', name: 'now', input: {} } },
  ]);
});
