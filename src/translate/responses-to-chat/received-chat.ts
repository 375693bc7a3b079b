import type { ReasoningDetail } from '../openai/reasoning-detail';

/** The parts of a chat completion, or of a chunk of one, that are read. */
export interface ReceivedChat {
  readonly choices?: ReadonlyArray<ReceivedChoice | null> | null;
  readonly service_tier?: unknown;
  readonly error?: unknown;
}

export interface ReceivedChoice {
  readonly index?: number;
  readonly message?: ReceivedMessage | null;
  readonly delta?: ReceivedMessage | null;
  readonly logprobs?: { readonly content?: readonly unknown[] | null } | null;
  readonly finish_reason?: string | null;
  readonly provider_finish_reason?: unknown;
}

/** A message, or a piece of one. */
export interface ReceivedMessage {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly reasoning_content?: string | null;
  readonly reasoning_details?: readonly ReasoningDetail[] | null;
  readonly tool_calls?: readonly ReceivedCall[] | null;
  readonly annotations?: ReadonlyArray<Readonly<Record<string, unknown>> | null> | null;
  readonly extra_content?: unknown;
  /** Pictures that the model made. */
  readonly images?: ReadonlyArray<{ readonly image_url?: { readonly url?: string } | null } | null> | null;
}

export interface ReceivedCall {
  readonly index?: number;
  readonly id?: string | null;
  readonly type?: string;
  readonly function?: { readonly name?: string | null; readonly arguments?: string | null } | null;
  readonly custom?: { readonly name?: string | null; readonly input?: string | null } | null;
  readonly extra_content?: unknown;
}

/** The one answer that was asked for. */
export function firstChoice({ choices }: ReceivedChat): ReceivedChoice | undefined {
  return choices?.find((choice) => choice !== null && (choice.index ?? 0) === 0) ?? undefined;
}

/** Text, or none; throws for what is of another type than a chat's declaration says. */
export function textIn(value: string | null | undefined): string {
  if (typeof value === 'string' || value === undefined || value === null) {
    return value ?? '';
  }
  throw new TypeError('no text');
}

/** `url_citation` and the like, without the object that a chat has around their members. */
export function annotationsOf({ annotations }: ReceivedMessage): object[] {
  return (annotations ?? []).flatMap((annotation) => {
    const type = annotation?.type;
    const detail = typeof type === 'string' ? annotation?.[type] : undefined;
    return typeof detail === 'object' && detail !== null ? [{ type, ...detail }] : [];
  });
}

/** The pictures of a message, each in base64. */
export function imagesOf({ images }: ReceivedMessage): string[] {
  return (images ?? []).flatMap((image) => {
    const url = image?.image_url?.url ?? '';
    return url.startsWith('data:') ? [url.slice(url.indexOf(',') + 1)] : [];
  });
}
