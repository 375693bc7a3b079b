import { CohereMeta, CohereUsage } from './cohere-wire';
import { Usage } from '../usage';

/**
 * `usage` of a chat, `meta` of an embedding or a rerank. `tokens` counts what the model read and wrote; `billed_units`, which leaves out
 * what Cohere itself put in, stands in for it. `undefined`: the provider told neither tokens nor units of search.
 */
export function usageFromCohere(usage: CohereUsage | CohereMeta | undefined | null): Usage | undefined {
  if (typeof usage !== 'object' || usage === null) {
    return undefined;
  }
  const input = usage.tokens?.input_tokens ?? usage.billed_units?.input_tokens;
  const output = usage.tokens?.output_tokens ?? usage.billed_units?.output_tokens;
  const searchUnits = count(usage.billed_units?.search_units);
  if (typeof input !== 'number' && typeof output !== 'number' && searchUnits === 0) {
    return undefined;
  }
  const inputTokens = count(input);
  const outputTokens = count(output);
  return {
    inputTokens,
    cachedInputTokens: Math.min(count(usage.cached_tokens), inputTokens),
    cacheCreationInputTokens: 0,
    outputTokens,
    reasoningTokens: 0,
    totalTokens: inputTokens + outputTokens,
    ...searchUnits > 0 && { searchUnits },
  };
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
