import { CostType, RouteCost } from '../resources/llm-route';
import { Usage } from '../translate/usage';

/** Envoy counts a larger cost of one request as 0. */
const LARGEST_COST = 1_000_000_000;

const COUNT: Readonly<Record<CostType, (usage: Usage) => number>> = {
  InputToken: (usage) => usage.inputTokens,
  CachedInputToken: (usage) => usage.cachedInputTokens,
  CacheCreationInputToken: (usage) => usage.cacheCreationInputTokens,
  OutputToken: (usage) => usage.outputTokens,
  ReasoningToken: (usage) => usage.reasoningTokens,
  TotalToken: (usage) => usage.totalTokens,
};

/** The route's costs as dynamic metadata for rate limits and logs; `undefined` when the route has none. */
export function usageMetadata(costs: readonly RouteCost[] | undefined, usage: Usage): Readonly<Record<string, number>> | undefined {
  if (costs === undefined || costs.length === 0) return undefined;
  return Object.fromEntries(costs.map(({ metadataKey, type }) => [metadataKey, Math.min(Math.max(COUNT[type](usage), 0), LARGEST_COST)]));
}
