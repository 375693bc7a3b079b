import { Effort } from '../openai/reasoning-effort';

/** What a chat completions server, or the translator that stands for one, takes besides OpenAI's own fields. */
export interface ChatTarget {
  /** Its name, for the client that is refused. */
  readonly provider: string;
  /** The field that limits the answer: the older one is known everywhere, but refused by OpenAI's reasoning models. */
  tokenLimit(model: string): 'max_tokens' | 'max_completion_tokens';
  /** Those of `reasoning_effort` that the model knows, from least to most; empty: it cannot be told. */
  efforts(model: string): readonly Effort[];
  /** Which models take Anthropic's `thinking` as it is, beside OpenAI's fields; absent: none. */
  readonly ownThinking?: { takes(model: string): boolean; readonly note: string };
  /** What becomes of Anthropic's `top_k`, which goes beside OpenAI's fields; absent: it does not. */
  readonly topK?: { readonly to: string; readonly note: string };
  /** Checks schemas of tools as OpenAI does: objects have `properties`, and those of a strict one require them all. */
  readonly checksSchemas: boolean;
  /** `cache_control` on messages, parts and tools. */
  readonly cacheControl: boolean;
  /** `reasoning_details` of assistant messages, with signatures. */
  readonly reasoningDetails: boolean;
  /** `extra_content` of assistant messages and their tool calls. */
  readonly extraContent: boolean;
  /** Which models take `is_error` of a `tool` message, which is this gateway's own field; absent: none, and the text tells it. */
  readonly toolErrors?: (model: string) => boolean;
  /** Images and files in the content of a `tool` message. */
  readonly attachmentsInToolResults: boolean;
  /** Goes on with the text of an assistant message at the end of the conversation. */
  readonly prefill: boolean;
}
