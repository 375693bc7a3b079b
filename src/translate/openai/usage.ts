import { Usage } from '../usage';

/** The counts in an OpenAI `usage` object; `undefined` when it holds none. Counts that are no whole number from 0 up are taken as 0. */
export function usageFromOpenAi(value: unknown): Usage | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const usage = value as Readonly<Record<string, unknown>>;
  if (usage.prompt_tokens === undefined && usage.completion_tokens === undefined && usage.total_tokens === undefined) {
    return undefined;
  }
  const inputTokens = count(usage.prompt_tokens);
  const outputTokens = count(usage.completion_tokens);
  return {
    inputTokens,
    cachedInputTokens: count(member(usage.prompt_tokens_details, 'cached_tokens')),
    cacheCreationInputTokens: count(member(usage.prompt_tokens_details, 'cache_write_tokens')),
    outputTokens,
    reasoningTokens: count(member(usage.completion_tokens_details, 'reasoning_tokens')),
    totalTokens: usage.total_tokens === undefined ? inputTokens + outputTokens : count(usage.total_tokens),
  };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
