import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';

/**
 * A request of vLLM's /tokenize: either a prompt or a chat. No official client declares it.
 * https://docs.vllm.ai/en/stable/serving/openai_compatible_server/#tokenizer-api, vllm/entrypoints/serve/tokenize/protocol.py
 */
export interface TokenizeRequest extends Pick<ChatCompletionCreateParams, 'tools'> {
  model: string;
  prompt?: string;
  messages?: ChatCompletionCreateParams['messages'];
  /** @default true for a prompt, false for a chat */
  add_special_tokens?: boolean;
  return_token_strs?: boolean;
  /** @default true */
  add_generation_prompt?: boolean;
  continue_final_message?: boolean;
  chat_template?: string;
  chat_template_kwargs?: Readonly<Record<string, unknown>>;
  media_io_kwargs?: Readonly<Record<string, unknown>>;
  mm_processor_kwargs?: Readonly<Record<string, unknown>>;
}

/** Its answer. */
export interface TokenizeAnswer {
  readonly count: number;
  /** Token ids. A provider that only counts gives none. */
  readonly tokens: readonly number[];
  /** Absent: not told. */
  readonly max_model_len?: number;
  readonly token_strs: null;
}
