import { reportedFailure } from './reported-failure';
import { usageFromOpenAi } from '../openai/usage';
import { SseDecoder } from '../sse/sse-decoder';
import { SseEvent } from '../sse/sse-event';
import { ByteRange } from '../top-level-scanner';
import { ResponseFailure } from '../translator';
import { Usage } from '../usage';

/**
 * What an event must hold to be worth parsing; in the text of an answer quotes are escaped, so this finds little else. `error` stands
 * without quotes for `event: error` as well, and types by their last word, for longer alternatives double the time of the search.
 */
const SPEAKS = /"usage"[ \t]*:[ \t]*\{|"finish_reason"[ \t]*:[ \t]*"|error|\[DONE\]|\.(?:completed|incomplete|failed|done)"/g;

/** Events of typed streams after which nothing comes: those of the Responses API, and of audio in both directions. */
const LAST_EVENTS: ReadonlySet<unknown> = new Set(['response.completed', 'response.incomplete', 'response.failed', 'speech.audio.done', 'transcript.text.done']);
/** One for each image. */
const IMAGE_EVENTS: ReadonlySet<unknown> = new Set(['image_generation.completed', 'image_edit.completed']);

const SEQUENCE_NUMBER = '"sequence_number":';

/** Reads usage, errors and the end of the answer off a stream of any OpenAI endpoint; parses only the events that have something to say. */
export class StreamInspector {
  usage: Usage | undefined;
  failure: ResponseFailure | undefined;
  /** The event came after which there is nothing. */
  done = false;
  /** Of the Responses API's events, which are numbered: the last one that was seen. */
  sequenceNumber = -1;
  private finished = false;

  /** `numbered`: the events have sequence numbers. */
  constructor(private readonly hideUsage: boolean, private readonly numbered: boolean) {}

  /** The answer is whole. Some servers send no `[DONE]`; a finish reason stands for it. */
  get complete(): boolean {
    return this.done || this.finished;
  }

  /** Looks at whole events; the ranges of those that the client must not see. */
  inspect(bytes: Uint8Array, events: readonly ByteRange[]): readonly ByteRange[] {
    // One search over one-byte characters costs a tenth of a search for each word in each event's bytes.
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    if (this.numbered) {
      this.number(text);
    }
    const hidden: ByteRange[] = [];
    let next = firstThatSpeaks(text, 0);
    for (const event of events) {
      if (next < event.start) {
        next = firstThatSpeaks(text, event.start);
      }
      if (next < event.end && this.read(bytes.subarray(event.start, event.end))) {
        hidden.push(event);
      }
    }
    return hidden;
  }

  /** Whether these bytes, which no blank line ended, are an event all the same. */
  isWhole(bytes: Uint8Array): boolean {
    const events = eventsIn(bytes);
    return events.length > 0 && events.every(({ data }) => data.trim() === '[DONE]' || parsed(data) !== undefined);
  }

  /** True: the client must not see it. */
  private read(bytes: Uint8Array): boolean {
    let hide = false;
    for (const event of eventsIn(bytes)) {
      if (event.data.trim() === '[DONE]') {
        this.done = true;
        continue;
      }
      const chunk = parsed(event.data);
      if (!chunk) {
        continue;
      }
      this.failure ??= failureIn(event, chunk);
      const usage = usageFromOpenAi(chunk.usage ?? (chunk.response as { readonly usage?: unknown } | null | undefined)?.usage);
      this.usage = usage ?? this.usage;
      const choices = Array.isArray(chunk.choices) ? chunk.choices as ReadonlyArray<Readonly<Record<string, unknown>> | null> : undefined;
      this.finished ||= IMAGE_EVENTS.has(chunk.type) || (choices?.some((choice) => typeof choice?.finish_reason === 'string') ?? false);
      this.done ||= LAST_EVENTS.has(chunk.type);
      hide = this.hideUsage && usage !== undefined && choices?.length === 0;
    }
    return hide;
  }

  private number(text: string): void {
    // Inside of a text its quotes would be escaped.
    const found = text.lastIndexOf(SEQUENCE_NUMBER);
    if (found >= 0) {
      const start = found + SEQUENCE_NUMBER.length;
      const number = Number.parseInt(text.slice(start, start + 16), 10);
      this.sequenceNumber = Number.isNaN(number) ? this.sequenceNumber : number;
    }
  }
}

function firstThatSpeaks(text: string, from: number): number {
  SPEAKS.lastIndex = from;
  return SPEAKS.exec(text)?.index ?? Infinity;
}

function eventsIn(bytes: Uint8Array): readonly SseEvent[] {
  const decoder = new SseDecoder();
  return [...decoder.push(bytes), ...decoder.end()];
}

function parsed(data: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? value as Readonly<Record<string, unknown>> : undefined;
  } catch {
    return undefined;
  }
}

function failureIn(event: SseEvent, chunk: Readonly<Record<string, unknown>>): ResponseFailure | undefined {
  if (chunk.type === 'response.failed') {
    return reportedFailure((chunk.response as { readonly error?: unknown } | null | undefined)?.error ?? {});
  }
  const error = chunk.error ?? (event.event === 'error' || chunk.type === 'error' ? chunk : undefined);
  return error === undefined || error === null || error === false ? undefined : reportedFailure(error);
}
