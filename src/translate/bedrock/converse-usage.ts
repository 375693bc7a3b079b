import type { TokenUsage } from '@aws-sdk/client-bedrock-runtime';
import { Received } from './converse-wire';
import { Usage } from '../usage';

/**
 * Converse's `inputTokens` leaves out what was read from and written to the cache; ours includes both. Reasoning tokens are within
 * `outputTokens` and not told apart. `undefined`: the provider said nothing.
 */
export function usageFromConverse(usage: Received<TokenUsage> | undefined | null): Usage | undefined {
  if (typeof usage !== 'object' || usage === null) {
    return undefined;
  }
  const cachedInputTokens = count(usage.cacheReadInputTokens);
  const cacheCreationInputTokens = count(usage.cacheWriteInputTokens);
  const inputTokens = count(usage.inputTokens) + cachedInputTokens + cacheCreationInputTokens;
  const outputTokens = count(usage.outputTokens);
  return { inputTokens, cachedInputTokens, cacheCreationInputTokens, outputTokens, reasoningTokens: 0, totalTokens: inputTokens + outputTokens };
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
