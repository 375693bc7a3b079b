import { readFileSync } from 'fs';
import { join } from 'path';
import { CohereChatBody, CohereMessage } from '../../../src/translate/cohere/cohere-wire';
import { openAiToCohereChat } from '../../../src/translate/openai-to-cohere/chat-translator';
import { RequestError } from '../../../src/translate/request-error';
import { TranslatedRequest, TranslationContext } from '../../../src/translate/translator';
import { cohereComplaint } from '../../providers/cohere-complaint';
import { refusalOf, replay, Replayed, textOf, translated } from '../replay';

export * from '../openai/chat-stream';

export const COMMAND = 'command-a-03-2025';
export const EVENT_STREAM = { 'content-type': 'text/event-stream' };
export const JSON_TYPE = { 'content-type': 'application/json' };

export function cohereFixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(__dirname, '..', '..', 'fixtures', 'cohere', name)));
}

export function chat(request: object, context: Partial<TranslationContext> = {}): TranslatedRequest {
  return translated(openAiToCohereChat, { model: COMMAND, messages: [{ role: 'user', content: 'Hi' }], ...request }, context);
}

/** The body that goes upstream, which Cohere itself would take. */
export function bodyOf({ body }: TranslatedRequest): CohereChatBody {
  const parsed = JSON.parse(textOf(body ?? new Uint8Array(0))) as CohereChatBody;
  expect(cohereComplaint('chat', parsed)).toBeUndefined();
  return parsed;
}

export function sent(request: object, context: Partial<TranslationContext> = {}): CohereChatBody {
  return bodyOf(chat(request, context));
}

export function messagesOf(...messages: readonly object[]): readonly CohereMessage[] {
  return sent({ messages }).messages;
}

/** The names of the parameters that were lost on the way. */
export function droppedBy(request: object, context: Partial<TranslationContext> = {}): readonly string[] {
  return chat(request, context).dropped.map(({ parameter }) => parameter);
}

/** What the client is told to change. */
export function refusal(request: object, context: Partial<TranslationContext> = {}): RequestError {
  return refusalOf(() => chat(request, context));
}

export function answered(body: Uint8Array, request: object = {}): Replayed {
  return replay(chat(request).response, 200, JSON_TYPE, [body]);
}

/** A stream's bytes through the response translator; `broken`: the upstream breaks off after them. */
export function streamed(chunks: readonly Uint8Array[], request: object = {}, broken?: string): Replayed {
  return replay(chat({ stream: true, ...request }).response, 200, EVENT_STREAM, chunks, broken);
}

/** Events as Cohere writes them. */
export function eventsOf(...events: ReadonlyArray<{ readonly type: string; readonly [member: string]: unknown }>): Uint8Array {
  return new TextEncoder().encode(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
}
