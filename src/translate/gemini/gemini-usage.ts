import { GeminiUsage } from './gemini-wire';
import { Usage } from '../usage';

/**
 * Gemini counts thoughts beside the candidates, and what its own tools read beside the prompt; ours are within output and input. What was read
 * from a cache is within `promptTokenCount`. `undefined`: no counts, as in all events of a stream but the last ones.
 */
export function usageFromGemini(usage: GeminiUsage | undefined | null): Usage | undefined {
  if (typeof usage !== 'object' || usage === null || (usage.promptTokenCount ?? usage.candidatesTokenCount ?? usage.totalTokenCount) === undefined) {
    return undefined;
  }
  const inputTokens = count(usage.promptTokenCount) + count(usage.toolUsePromptTokenCount);
  const reasoningTokens = count(usage.thoughtsTokenCount);
  const outputTokens = count(usage.candidatesTokenCount) + reasoningTokens;
  return {
    inputTokens,
    cachedInputTokens: Math.min(count(usage.cachedContentTokenCount), inputTokens),
    cacheCreationInputTokens: 0,
    outputTokens,
    reasoningTokens,
    totalTokens: inputTokens + outputTokens,
  };
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
