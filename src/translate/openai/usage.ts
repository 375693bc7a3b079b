import { Usage } from '../usage';

/**
 * The counts in an OpenAI `usage` object, by the names of chat completions (`prompt_tokens`) or those of Responses, images and audio
 * (`input_tokens`); `undefined` when it holds none. Counts that are no whole number from 0 up are taken as 0.
 */
export function usageFromOpenAi(value: unknown): Usage | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const usage = value as Readonly<Record<string, unknown>>;
  const input = usage.prompt_tokens ?? usage.input_tokens;
  const output = usage.completion_tokens ?? usage.output_tokens;
  if (input === undefined && output === undefined && usage.total_tokens === undefined) {
    return undefined;
  }
  const inputTokens = count(input);
  const outputTokens = count(output);
  const inputDetails = usage.prompt_tokens_details ?? usage.input_tokens_details;
  return {
    inputTokens,
    cachedInputTokens: count(member(inputDetails, 'cached_tokens')),
    cacheCreationInputTokens: count(member(inputDetails, 'cache_write_tokens')),
    outputTokens,
    reasoningTokens: count(member(usage.completion_tokens_details ?? usage.output_tokens_details, 'reasoning_tokens')),
    totalTokens: usage.total_tokens === undefined ? inputTokens + outputTokens : count(usage.total_tokens),
  };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
