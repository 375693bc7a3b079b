import { usageMetadata } from '../../src/runtime/usage-metadata';
import { Usage } from '../../src/translate/usage';

const USAGE: Usage = { inputTokens: 1, cachedInputTokens: 2, cacheCreationInputTokens: 3, outputTokens: 4, reasoningTokens: 5, totalTokens: 6 };
const FREE = { priceOf: () => undefined, rounding: 0.5 };

test('every type of token', () => {
  const types = ['InputToken', 'CachedInputToken', 'CacheCreationInputToken', 'OutputToken', 'ReasoningToken', 'TotalToken'] as const;
  expect(usageMetadata(types.map((type) => ({ metadataKey: type, type })), USAGE, FREE)).toEqual({
    InputToken: 1, CachedInputToken: 2, CacheCreationInputToken: 3, OutputToken: 4, ReasoningToken: 5, TotalToken: 6,
  });
});

// Envoy takes a hit count above 1e9 as 0, so a request too large to count would be free.
test.each([[1_000_000_000, 1_000_000_000], [1_000_000_001, 1_000_000_000], [Number.MAX_SAFE_INTEGER, 1_000_000_000], [0, 0], [-1, 0], [7.9, 7], [NaN, 0]])('%d counts as %d', (totalTokens, cost) => {
  expect(usageMetadata([{ metadataKey: 'total', type: 'TotalToken' }], { ...USAGE, totalTokens }, FREE)).toEqual({ total: cost });
});

describe('money', () => {
  const units = (dollars: number | undefined, rounding: number, unitsPerDollar?: number) => usageMetadata(
    [{ metadataKey: 'usd', type: 'Price', ...unitsPerDollar === undefined ? {} : { unitsPerDollar } }], USAGE, { priceOf: () => dollars, rounding },
  ).usd;

  test('is counted in the unit that the route says, in millionths where it says none', () => {
    expect([units(0.00005, 0), units(0.00005, 0, 1_000_000), units(1.5, 0, 100), units(1.5, 0, 10_000)]).toEqual([50, 50, 150, 15_000]);
    // 0.1 + 0.2 is a little more than 0.3, and 0.29 * 100 a little less than 29.
    expect([units(0.1 + 0.2, 0, 10), units(0.29, 0, 100)]).toEqual([3, 29]);
  });

  test('of less than a unit counts as often as it is large', () => {
    expect([0, 0.5, 0.89, 0.91, 0.99].map((rounding) => units(0.000_000_1, rounding))).toEqual([0, 0, 0, 1, 1]);
    const many = Array.from({ length: 1_000 }, (_, index) => units(0.000_002_3, (index + 0.5) / 1_000));
    expect(many.reduce((sum, one) => sum + one, 0)).toBe(2_300);
  });

  test('without a price is nothing, and never more than Envoy can count', () => {
    expect([units(undefined, 0.99), units(5_000, 0), units(Infinity, 0)]).toEqual([0, 1_000_000_000, 1_000_000_000]);
  });
});
