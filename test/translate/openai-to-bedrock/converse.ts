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
import { Replayed, replay, textOf, translated } from '../replay';

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
  try {
    chat(request, context);
  } catch (error) {
    if (error instanceof RequestError) {
      return error;
    }
    throw error;
  }
  throw new Error('the request was not refused');
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

/** What a client reads out of a stream: every event's JSON, `[DONE]` as it is. */
export function readEvents(stream: string): unknown[] {
  return stream.split('\n\n').slice(0, -1).map((event) => {
    expect(event).toMatch(/^data: [^\n]*$/);
    return event === 'data: [DONE]' ? '[DONE]' : JSON.parse(event.slice('data: '.length)) as unknown;
  });
}

export interface Chunk {
  readonly id: string;
  readonly object: string;
  readonly created: number;
  readonly model: string;
  readonly choices: ReadonlyArray<{
    readonly index: number;
    readonly delta: Readonly<Record<string, unknown>>;
    readonly finish_reason: string | null;
    readonly provider_finish_reason?: string;
  }>;
  readonly usage?: unknown;
  readonly service_tier?: string;
}

/** The chunks of a stream that ended as it should. */
export function chunksOf(stream: string): Chunk[] {
  const events = readEvents(stream);
  expect(events.at(-1)).toBe('[DONE]');
  return events.slice(0, -1) as Chunk[];
}

export function deltasOf(stream: string): Array<Readonly<Record<string, unknown>>> {
  return chunksOf(stream).flatMap(({ choices }) => choices.map(({ delta }) => delta));
}
