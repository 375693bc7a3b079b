import { ExtraContent } from './chat-message';

/** The parts of a chat completion, or of a chunk of one, that are read. Servers leave out, and put in, what they like. */
export interface ReceivedChat {
  readonly choices?: unknown;
  readonly error?: unknown;
}

export interface ReceivedChoice {
  readonly index?: unknown;
  readonly message?: ReceivedDelta;
  readonly delta?: ReceivedDelta;
  readonly finish_reason?: unknown;
  /** The provider's own word, from the translators of this gateway. */
  readonly provider_finish_reason?: unknown;
  /** vLLM: the stop sequence that ended the answer. */
  readonly stop_reason?: unknown;
}

/** A message, or a piece of one. */
export interface ReceivedDelta {
  readonly content?: unknown;
  readonly refusal?: unknown;
  /** DeepSeek, vLLM, and the translators of this gateway. */
  readonly reasoning_content?: unknown;
  /** OpenRouter, newer vLLM. */
  readonly reasoning?: unknown;
  readonly reasoning_details?: unknown;
  readonly tool_calls?: unknown;
  readonly extra_content?: unknown;
}

export interface ReceivedToolCall {
  readonly index?: unknown;
  readonly id?: unknown;
  readonly function?: { readonly name?: unknown; readonly arguments?: unknown } | null;
  readonly extra_content?: unknown;
}

/** The first choice; the others were not asked for. */
export function firstChoice({ choices }: ReceivedChat): ReceivedChoice | undefined {
  const found: unknown = Array.isArray(choices) ? choices.find((choice: ReceivedChoice | null) => isObject(choice) && (choice.index ?? 0) === 0) : undefined;
  return found as ReceivedChoice | undefined;
}

/** Text, or the text of parts, which some servers write as OpenAI's clients do. */
export function textIn(content: unknown): string {
  if (typeof content === 'string') {
    return content;
  }
  return Array.isArray(content) ? content.map((part: { readonly text?: unknown } | null) => typeof part?.text === 'string' ? part.text : '').join('') : '';
}

export function isExtraContent(value: unknown): value is ExtraContent {
  return isObject(value) && Object.keys(value).length > 0;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
