import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import { Usage } from '../usage';

/** What every chunk of one stream has in common. */
export interface ChatChunkHead {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly model: string;
}

export type ChatDelta = ChatCompletionChunk.Choice.Delta;
export type ChatFinishReason = NonNullable<ChatCompletionChunk.Choice['finish_reason']>;

const encoder = new TextEncoder();
/** What ends a chunk that neither ends the answer nor has anything of the provider's own. */
const PLAIN_END = ',"logprobs":null,"finish_reason":null}]}\n\n';

/**
 * Writes the chunks of one choice of a chat stream, for providers that speak another dialect. The first delta carries the role,
 * whatever else it holds; `[DONE]` is written by `done` alone, so a stream that fails never seems to have ended.
 */
export class ChatChunkWriter {
  private roleWritten = false;
  /** What every chunk of a choice begins with; written once a stream. */
  private readonly beginning: string;

  /** `index`: which of several choices, each of which has a writer of its own. */
  constructor(private readonly head: ChatChunkHead, private readonly index = 0) {
    const { id, created, model } = head;
    this.beginning = `data: {"id":${JSON.stringify(id)},"object":"chat.completion.chunk","created":${created},"model":${JSON.stringify(model)},"choices":[{"index":${index},"delta":`;
  }

  /** `extra`: fields of a provider's own beside `delta`, such as `provider_finish_reason`. */
  public delta(delta: ChatDelta, finishReason: ChatFinishReason | null = null, extra?: Readonly<Record<string, unknown>>): Uint8Array {
    return encoder.encode(this.deltaText(delta, finishReason, extra));
  }

  /** As `delta`, as text: many chunks are then encoded at once. */
  public deltaText(delta: ChatDelta, finishReason: ChatFinishReason | null = null, extra?: Readonly<Record<string, unknown>>): string {
    const whole = this.roleWritten ? delta : { role: 'assistant' as const, ...delta };
    this.roleWritten = true;
    if (extra !== undefined) return this.chunk({ choices: [{ index: this.index, delta: whole, logprobs: null, finish_reason: finishReason, ...extra }] });
    return finishReason === null ? this.beginning + JSON.stringify(whole) + PLAIN_END
      : `${this.beginning}${JSON.stringify(whole)},"logprobs":null,"finish_reason":${JSON.stringify(finishReason)}}]}\n\n`;
  }

  /** As `deltaText` of `{ content }`, for content that is the text of a JSON string already. */
  public contentText(content: string): string {
    return this.roleWritten ? `${this.beginning}{"content":${content}}${PLAIN_END}` : this.deltaText({ content: JSON.parse(content) as string });
  }

  /** The chunk of `stream_options.include_usage`: `choices` is there, and empty. `extra`: what else is known at the end only, such as `service_tier`. */
  public usage(usage: Usage, extra: Readonly<Record<string, unknown>> = {}): Uint8Array {
    return encoder.encode(this.usageText(usage, extra));
  }

  public usageText(usage: Usage, extra: Readonly<Record<string, unknown>> = {}): string {
    return this.chunk({ choices: [], usage: openAiUsage(usage), ...extra });
  }

  public done(): Uint8Array {
    return encoder.encode('data: [DONE]\n\n');
  }

  private chunk(rest: Readonly<Record<string, unknown>>): string {
    const { id, created, model } = this.head;
    return `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created, model, ...rest })}\n\n`;
  }
}

/** `usage` as OpenAI words it: the prompt includes what was read from and written to a cache, the details split it. */
export function openAiUsage(usage: Usage): CompletionUsage {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.totalTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens, cache_write_tokens: usage.cacheCreationInputTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}
