import { usageMetadata } from '../../src/runtime/usage-metadata';
import { Usage } from '../../src/translate/usage';

const USAGE: Usage = { inputTokens: 1, cachedInputTokens: 2, cacheCreationInputTokens: 3, outputTokens: 4, reasoningTokens: 5, totalTokens: 6 };

test('every type of cost', () => {
  const types = ['InputToken', 'CachedInputToken', 'CacheCreationInputToken', 'OutputToken', 'ReasoningToken', 'TotalToken'] as const;
  expect(usageMetadata(types.map((type) => ({ metadataKey: type, type })), USAGE)).toEqual({
    InputToken: 1, CachedInputToken: 2, CacheCreationInputToken: 3, OutputToken: 4, ReasoningToken: 5, TotalToken: 6,
  });
});

test('no costs: no metadata', () => {
  expect(usageMetadata(undefined, USAGE)).toBeUndefined();
  expect(usageMetadata([], USAGE)).toBeUndefined();
});

// Envoy takes a hit count above 1e9 as 0, so a request too large to count would be free.
test.each([[1_000_000_000, 1_000_000_000], [1_000_000_001, 1_000_000_000], [Number.MAX_SAFE_INTEGER, 1_000_000_000], [0, 0], [-1, 0]])('%d counts as %d', (totalTokens, cost) => {
  expect(usageMetadata([{ metadataKey: 'total', type: 'TotalToken' }], { ...USAGE, totalTokens })).toEqual({ total: cost });
});
