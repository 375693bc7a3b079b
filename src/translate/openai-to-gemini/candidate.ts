import type { ChatCompletionMessageFunctionToolCall } from 'openai/resources/chat/completions';
import { ResponseContext } from './response-context';
import { writeJson } from '../exact-json';
import { GeminiReceivedPart } from '../gemini/gemini-wire';
import { ExtraContent, extraContent } from '../gemini/thought-signature';

/** A call with the signature that it has to come back with. */
export type SignedToolCall = ChatCompletionMessageFunctionToolCall & Partial<ExtraContent>;

/** A picture that the model made, in the shape that OpenRouter made common, https://openrouter.ai/docs/features/multimodal/image-generation */
export interface AnsweredImage {
  readonly type: 'image_url';
  readonly image_url: { readonly url: string };
}

/** One part of an answer in OpenAI's words. */
export type AnsweredPart =
  | { readonly kind: 'content'; readonly text: string; readonly extra?: ExtraContent }
  | { readonly kind: 'reasoning'; readonly text: string }
  | { readonly kind: 'call'; readonly call: SignedToolCall }
  | { readonly kind: 'image'; readonly image: AnsweredImage; readonly extra?: ExtraContent };

/** `undefined`: a part that says nothing, or that OpenAI has no words for. */
export function answeredPart(part: GeminiReceivedPart | undefined | null, context: ResponseContext): AnsweredPart | undefined {
  const extra = extraContent(part?.thoughtSignature);
  if (part?.functionCall) {
    const { id, name = '', args } = part.functionCall;
    const definition = { name: context.functionNames.original(name), arguments: writeJson(args ?? {}) };
    // Gemini gives ids that are unique, or none.
    return { kind: 'call', call: { id: typeof id === 'string' && id !== '' ? id : context.callId(), type: 'function', function: definition, ...extra } };
  }
  if (part?.inlineData && part.thought !== true) {
    const { mimeType = 'application/octet-stream', data = '' } = part.inlineData;
    return { kind: 'image', image: { type: 'image_url', image_url: { url: `data:${mimeType};base64,${data}` } }, ...extra && { extra } };
  }
  if (typeof part?.text !== 'string' || part.text === '' && !extra) {
    return undefined;
  }
  return part.thought === true ? { kind: 'reasoning', text: part.text } : { kind: 'content', text: part.text, ...extra && { extra } };
}
