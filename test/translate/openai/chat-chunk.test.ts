import { ChatChunkWriter, openAiUsage } from '../../../src/translate/openai/chat-chunk';
import { usageFromOpenAi } from '../../../src/translate/openai/usage';

const HEAD = { id: 'chatcmpl-1', created: 1741569952, model: 'llama3-70b' };
const USAGE = { inputTokens: 20, cachedInputTokens: 5, cacheCreationInputTokens: 3, outputTokens: 9, reasoningTokens: 4, totalTokens: 29 };
const ANY = '"id":"chatcmpl-1","object":"chat.completion.chunk","created":1741569952,"model":"llama3-70b"';

test('G5 the first delta carries the role, also with a tool call, and no other does', () => {
  const writer = new ChatChunkWriter(HEAD);
  const call = { tool_calls: [{ index: 0, id: 'call_1', type: 'function' as const, function: { name: 'f', arguments: '' } }] };
  expect(writer.delta(call)).toBe(`data: {${ANY},"choices":[{"index":0,"delta":{"role":"assistant",${JSON.stringify(call).slice(1, -1)}},`
    + '"logprobs":null,"finish_reason":null}]}\n\n');
  expect(writer.delta({ content: 'a' })).not.toContain('role');
});

test('a finish reason, and the provider\'s own beside it', () => {
  const writer = new ChatChunkWriter(HEAD);
  expect(writer.delta({}, 'length', { provider_finish_reason: 'max_tokens' }))
    .toContain('"finish_reason":"length","provider_finish_reason":"max_tokens"}]}');
});

test('G3 G4 the usage chunk keeps choices, empty, before [DONE]', () => {
  const writer = new ChatChunkWriter(HEAD);
  expect(writer.usage(USAGE) + writer.done())
    .toBe(`data: {${ANY},"choices":[],"usage":${JSON.stringify(openAiUsage(USAGE))}}\n\ndata: [DONE]\n\n`);
});

test('usage survives the way to OpenAI\'s words and back', () => {
  expect(usageFromOpenAi(openAiUsage(USAGE))).toEqual(USAGE);
});
