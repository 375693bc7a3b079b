import { readFileSync } from 'fs';
import { join } from 'path';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { fromUtf8, toUtf8 } from '@smithy/util-utf8';
import { ConverseBody, ConverseMessage } from '../../../src/translate/bedrock/converse-wire';
import { concatBytes } from '../../../src/translate/concat-bytes';
import { openAiToBedrockChat } from '../../../src/translate/openai-to-bedrock/translator';
import { RequestError } from '../../../src/translate/request-error';
import { TranslatedRequest, TranslationContext } from '../../../src/translate/translator';
import { converseComplaint } from '../../providers/converse-complaint';
import { eventFrame } from '../../providers/fake-bedrock';
import { refusalOf, replay, Replayed, textOf, translated } from '../replay';

export * from '../openai/chat-stream';

export const CLAUDE_45 = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
export const LLAMA = 'meta.llama3-1-70b-instruct-v1:0';

/** One event of ConverseStream: `{"messageStart": {...}}`. */
export type ConverseEvent = Readonly<Record<string, unknown>>;

/** A chat completion request through the translator, with everything but its bytes at its default. */
export function chat(request: object, context: Partial<TranslationContext> = {}): TranslatedRequest {
  return translated(openAiToBedrockChat, { model: LLAMA, messages: [{ role: 'user', content: 'Hi' }], ...request }, context);
}

/** The body that goes upstream, which Converse itself would take. */
export function bodyOf({ body }: TranslatedRequest): ConverseBody {
  const parsed = JSON.parse(textOf(body ?? new Uint8Array(0))) as ConverseBody;
  expect(converseComplaint(parsed)).toBeUndefined();
  return parsed;
}

export function sent(request: object, context: Partial<TranslationContext> = {}): ConverseBody {
  return bodyOf(chat(request, context));
}

export function messagesOf(...messages: readonly object[]): readonly ConverseMessage[] {
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

export function fixtureText(name: string): string {
  return readFileSync(join(__dirname, '..', '..', 'fixtures', 'bedrock', name), 'utf8');
}

export function eventsOf(name: string): readonly ConverseEvent[] {
  return JSON.parse(fixtureText(name)) as readonly ConverseEvent[];
}

/** Events as the bytes of an event stream. */
export function framesOf(events: readonly ConverseEvent[]): Uint8Array {
  return concatBytes(events.flatMap((event) => Object.entries(event).map(([type, payload]) => eventFrame(type, payload))));
}

const codec = new EventStreamCodec(toUtf8, fromUtf8);

/** A frame with these string headers, as exceptions have them. */
export function frameOf(headers: Readonly<Record<string, string>>, payload: string): Uint8Array {
  return codec.encode({
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { type: 'string' as const, value }])),
    body: fromUtf8(payload),
  });
}

export function exceptionFrame(type: string, message: string): Uint8Array {
  return frameOf({ ':message-type': 'exception', ':exception-type': type, ':content-type': 'application/json' }, JSON.stringify({ message }));
}

export const EVENT_STREAM = { 'content-type': 'application/vnd.amazon.eventstream' };
export const JSON_TYPE = { 'content-type': 'application/json' };

/** A stream's bytes through the response translator; `broken`: the upstream breaks off after them. */
export function streamed(chunks: readonly Uint8Array[], request: object = {}, broken?: string): Replayed {
  return replay(chat({ stream: true, ...request }).response, 200, EVENT_STREAM, chunks, broken);
}
