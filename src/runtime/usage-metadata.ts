import { CostType, DEFAULT_UNITS_PER_DOLLAR, RouteCost } from '../resources/llm-route';
import { Usage } from '../translate/usage';

/** Values of the route's costs by their keys. */
export type CostValues = Readonly<Record<string, number>>;

/** How money is counted. */
export interface Pricing {
  /** US dollars; `undefined`: no price is known. */
  priceOf(usage: Usage): number | undefined;
  /** In [0, 1), one for a request: the part of a unit from which on a unit counts. */
  readonly rounding: number;
}

/** Envoy counts a larger cost of one request as 0. */
const LARGEST_COST = 1_000_000_000;

/** What decimal fractions lose when computers multiply them. */
const DECIMALS = 1e-6;

const COUNT: Readonly<Record<Exclude<CostType, 'Price'>, (usage: Usage) => number>> = {
  InputToken: (usage) => usage.inputTokens,
  CachedInputToken: (usage) => usage.cachedInputTokens,
  CacheCreationInputToken: (usage) => usage.cacheCreationInputTokens,
  OutputToken: (usage) => usage.outputTokens,
  ReasoningToken: (usage) => usage.reasoningTokens,
  TotalToken: (usage) => usage.totalTokens,
};

/** The route's costs as dynamic metadata for rate limits and logs: whole numbers from 0 to 1,000,000,000. */
export function usageMetadata(costs: readonly RouteCost[], usage: Usage, pricing: Pricing): CostValues {
  const values: Record<string, number> = {};
  for (const { metadataKey, type, unitsPerDollar = DEFAULT_UNITS_PER_DOLLAR } of costs) {
    // A part of a unit is a whole one as often as it is large: cheap requests are neither free nor dear.
    const value = type === 'Price' ? Math.floor((pricing.priceOf(usage) ?? 0) * unitsPerDollar + pricing.rounding + DECIMALS) : COUNT[type](usage);
    values[metadataKey] = Math.min(Math.max(Math.trunc(value) || 0, 0), LARGEST_COST);
  }
  return values;
}
