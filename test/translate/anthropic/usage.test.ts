import { anthropicUsage, AnthropicUsage, usageFromAnthropic } from '../../../src/translate/anthropic/usage';

test('A25 what was read from and written to the cache is part of the input', () => {
  expect(usageFromAnthropic({ input_tokens: 4522, cache_creation_input_tokens: 4511, cache_read_input_tokens: 10, output_tokens: 5 })).toEqual({
    inputTokens: 9043, cachedInputTokens: 10, cacheCreationInputTokens: 4511, outputTokens: 5, reasoningTokens: 0, totalTokens: 9048,
  });
});

test('thinking is part of the output', () => {
  expect(usageFromAnthropic({ output_tokens: 50, output_tokens_details: { thinking_tokens: 20 } }))
    .toMatchObject({ outputTokens: 50, reasoningTokens: 20, totalTokens: 50 });
});

test.each([undefined, null, {}, 'x', 5, [], { input_tokens: null, output_tokens: '5' }, { input_tokens: -1 }, { output_tokens: 1.5 }])('%j is no usage', (usage) => {
  expect(usageFromAnthropic(usage)).toBeUndefined();
});

test('A25 message_delta has the last word, for what it says', () => {
  const usage = new AnthropicUsage();
  usage.add({ input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 1 });
  usage.add({ output_tokens: 7 });
  usage.add({ input_tokens: 12, cache_read_input_tokens: null, output_tokens: 9 });
  expect(usage.total).toMatchObject({ inputTokens: 17, cachedInputTokens: 5, outputTokens: 9 });
});

test('a 0 after another count is of a server that does not know', () => {
  const usage = new AnthropicUsage();
  usage.add({ input_tokens: 10, output_tokens: 0 });
  usage.add({ input_tokens: 0, output_tokens: 3 });
  expect(usage.total).toMatchObject({ inputTokens: 10, outputTokens: 3, totalTokens: 13 });
});

test('there and back', () => {
  const usage = { input_tokens: 4522, cache_creation_input_tokens: 4511, cache_read_input_tokens: 10, output_tokens: 5 };
  const counted = usageFromAnthropic(usage);
  expect(counted && anthropicUsage(counted)).toEqual(usage);
});

test('counts that contradict each other give no negative ones', () => {
  const usage = { inputTokens: 5, cachedInputTokens: 10, cacheCreationInputTokens: 0, outputTokens: 1, reasoningTokens: 0, totalTokens: 6 };
  expect(anthropicUsage(usage).input_tokens).toBe(0);
});
