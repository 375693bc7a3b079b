import { RequestValue } from '../request/request-value';

/**
 * Where a signature stands in a tool call or an assistant message, as in Google's own OpenAI endpoint: clients send it back as it came.
 * https://ai.google.dev/gemini-api/docs/thought-signatures
 */
export interface ExtraContent {
  readonly extra_content: { readonly google: { readonly thought_signature: string } };
}

/** What newer models take in place of a signature, for calls that another model made. https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures */
export const SKIPPED_SIGNATURE = 'skip_thought_signature_validator';

/** `undefined`: there is none. */
export function extraContent(signature: unknown): ExtraContent | undefined {
  return typeof signature === 'string' && signature !== '' ? { extra_content: { google: { thought_signature: signature } } } : undefined;
}

/** The signature that a tool call or a message brings back; `undefined`: it has none. */
export function thoughtSignature(holder: RequestValue): string | undefined {
  const extra = holder.member('extra_content');
  const google = extra.present ? extra.member('google') : extra;
  const signature = google.present ? google.member('thought_signature') : google;
  if (!signature.present) {
    return undefined;
  }
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(signature.string())) {
    throw signature.invalid('send it back as it came; it must be base64');
  }
  return signature.string();
}
