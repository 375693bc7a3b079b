import { readFileSync } from 'fs';
import { join } from 'path';
import { GeminiBody, GeminiContent } from '../../../src/translate/gemini/gemini-wire';
import { openAiToGeminiChat } from '../../../src/translate/openai-to-gemini/translator';
import { RequestError } from '../../../src/translate/request-error';
import { TranslatedRequest, TranslationContext } from '../../../src/translate/translator';
import { geminiComplaint } from '../../providers/gemini-complaint';
import { Completion, completion } from '../openai/chat-completion';
import { bytesOf, refusalOf, replay, Replayed, textOf, translated } from '../replay';

export * from '../openai/chat-completion';
export * from '../openai/chat-stream';

export const FLASH_20 = 'gemini-2.0-flash-001';
export const FLASH_25 = 'gemini-2.5-flash';
export const PRO_25 = 'gemini-2.5-pro';
export const FLASH_3 = 'gemini-3-flash';
export const PRO_3 = 'gemini-3-pro-preview';
export const CLOUD = { project: 'my-project', region: 'us-central1' };

export const user = (content: unknown) => ({ role: 'user', content });
export const call = (id: string, name = 'get_weather', args = '{"city":"Paris"}', more: object = {}) => ({ id, type: 'function', function: { name, arguments: args }, ...more });
export const calling = (...calls: readonly object[]) => ({ role: 'assistant', content: null, tool_calls: calls });
export const result = (id: string, content: unknown) => ({ role: 'tool', tool_call_id: id, content });
export const signed = (signature: string) => ({ extra_content: { google: { thought_signature: signature } } });

/** A chat completion request through the translator, with everything but its bytes at its default. */
export function chat(request: object, context: Partial<TranslationContext> = {}): TranslatedRequest {
  return translated(openAiToGeminiChat, { model: FLASH_25, messages: [user('Hi')], ...request }, { gcp: CLOUD, ...context });
}

/** The body that goes upstream, which Gemini itself would take. */
export function bodyOf({ body, path }: TranslatedRequest): GeminiBody {
  const parsed = JSON.parse(textOf(body ?? new Uint8Array(0))) as GeminiBody;
  expect(geminiComplaint(parsed, path, path.startsWith('/v1/'))).toBeUndefined();
  return parsed;
}

export function sent(request: object, context: Partial<TranslationContext> = {}): GeminiBody {
  return bodyOf(chat(request, context));
}

export function contentsOf(...messages: readonly object[]): readonly GeminiContent[] {
  return sent({ messages }).contents;
}

/** The names of the parameters that were lost on the way. */
export function droppedBy(request: object, context: Partial<TranslationContext> = {}): readonly string[] {
  return chat(request, context).dropped.map(({ parameter }) => parameter);
}

/** What the client is told to change. */
export function refusal(request: object, context: Partial<TranslationContext> = {}): RequestError {
  return refusalOf(() => chat(request, context));
}

export function fixtureText(name: string): string {
  return readFileSync(join(__dirname, '..', '..', 'fixtures', 'gemini', name), 'utf8');
}

/** Events as the bytes of `alt=sse`. */
export function sse(...events: readonly unknown[]): Uint8Array {
  return bytesOf(events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\r\n\r\n`).join(''));
}

/** An answer, or an event of a stream, with one candidate. */
export function candidate(parts: unknown, finishReason?: unknown, more: object = {}): object {
  return { candidates: [{ content: { role: 'model', parts }, ...finishReason !== undefined && { finishReason }, index: 0, ...more }] };
}

export const SSE = { 'content-type': 'text/event-stream' };
export const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' };

/** A stream's bytes through the response translator; `broken`: the upstream breaks off after them. */
export function streamed(chunks: readonly Uint8Array[], request: object = {}, broken?: string, context: Partial<TranslationContext> = {}): Replayed {
  return replay(chat({ stream: true, ...request }, context).response, 200, SSE, chunks, broken);
}

/** A whole answer through the response translator. */
export function plain(answer: unknown, request: object = {}, context: Partial<TranslationContext> = {}): Replayed {
  return replay(chat(request, context).response, 200, JSON_TYPE, [bytesOf(typeof answer === 'string' ? answer : JSON.stringify(answer))]);
}

/** The first choice of an answer with these parts. */
export function choice(parts: unknown, finishReason: string = 'STOP', more: object = {}): Completion['choices'][number] {
  return completion(plain(candidate(parts, finishReason, more))).choices[0];
}
