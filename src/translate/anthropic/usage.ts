import type { MessageDeltaUsage, Usage as MessageUsage } from '@anthropic-ai/sdk/resources/messages';
import { Usage } from '../usage';

/** The usage of a whole message. `undefined`: the provider said nothing. */
export function usageFromAnthropic(value: unknown): Usage | undefined {
  const usage = new AnthropicUsage();
  usage.add(value);
  return usage.total;
}

/**
 * The usage of a stream: `message_start` has what is known of the input, `message_delta` the counts so far, of which it may leave any out.
 * Anthropic's `input_tokens` leave out what was read from and written to the cache; ours include both.
 */
export class AnthropicUsage {
  private input: number | undefined;
  private cacheRead: number | undefined;
  private cacheCreation: number | undefined;
  private output: number | undefined;
  private thinking: number | undefined;

  /** The `usage` of `message_start.message`, or of `message_delta`. */
  public add(value: unknown): void {
    if (typeof value !== 'object' || value === null) {
      return;
    }
    const usage = value as Partial<Record<keyof MessageUsage | keyof MessageDeltaUsage, unknown>>;
    this.input = later(this.input, usage.input_tokens);
    this.cacheRead = later(this.cacheRead, usage.cache_read_input_tokens);
    this.cacheCreation = later(this.cacheCreation, usage.cache_creation_input_tokens);
    this.output = later(this.output, usage.output_tokens);
    this.thinking = later(this.thinking, (usage.output_tokens_details as { readonly thinking_tokens?: unknown } | null | undefined)?.thinking_tokens);
  }

  public get total(): Usage | undefined {
    if (this.input === undefined && this.output === undefined) {
      return undefined;
    }
    const cachedInputTokens = this.cacheRead ?? 0;
    const cacheCreationInputTokens = this.cacheCreation ?? 0;
    const inputTokens = (this.input ?? 0) + cachedInputTokens + cacheCreationInputTokens;
    const outputTokens = this.output ?? 0;
    return {
      inputTokens, cachedInputTokens, cacheCreationInputTokens, outputTokens, reasoningTokens: this.thinking ?? 0, totalTokens: inputTokens + outputTokens,
    };
  }
}

/** Counts only grow: a 0 after another count is of a server that fills in what it does not know. */
function later(known: number | undefined, value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && (known === undefined || value > 0) ? value : known;
}

type WrittenUsage = Pick<MessageUsage, 'input_tokens' | 'cache_creation_input_tokens' | 'cache_read_input_tokens' | 'output_tokens'>
  & Partial<Pick<MessageUsage, 'output_tokens_details'>>;

/** The other way round: our counts as a message's `usage`. */
export function anthropicUsage(usage: Usage): WrittenUsage {
  return {
    input_tokens: Math.max(0, usage.inputTokens - usage.cachedInputTokens - usage.cacheCreationInputTokens),
    cache_creation_input_tokens: usage.cacheCreationInputTokens,
    cache_read_input_tokens: usage.cachedInputTokens,
    output_tokens: usage.outputTokens,
    ...usage.reasoningTokens > 0 && { output_tokens_details: { thinking_tokens: usage.reasoningTokens } },
  };
}
