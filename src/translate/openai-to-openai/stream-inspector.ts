import { openAiErrorType } from '../openai/error-body';
import { usageFromOpenAi } from '../openai/usage';
import { SseDecoder } from '../sse/sse-decoder';
import { SseEvent } from '../sse/sse-event';
import { ByteRange } from '../top-level-scanner';
import { ResponseFailure } from '../translator';
import { Usage } from '../usage';

/**
 * What an event must hold to be worth parsing; in the text of an answer quotes are escaped, so this finds little else. `error` stands
 * without quotes for `event: error` as well.
 */
const SPEAKS = /"usage"[ \t]*:[ \t]*\{|"finish_reason"[ \t]*:[ \t]*"|error|\[DONE\]/g;

/** Reads usage, errors and the end of the answer off a stream; parses only the events that have something to say. */
export class StreamInspector {
  usage: Usage | undefined;
  failure: ResponseFailure | undefined;
  /** `[DONE]` came. */
  done = false;
  private finished = false;

  constructor(private readonly hideUsage: boolean) {}

  /** The answer is whole. Some servers send no `[DONE]`; a finish reason stands for it. */
  get complete(): boolean {
    return this.done || this.finished;
  }

  /** Looks at whole events; the ranges of those that the client must not see. */
  inspect(bytes: Uint8Array, events: readonly ByteRange[]): readonly ByteRange[] {
    // One search over one-byte characters costs a tenth of a search for each word in each event's bytes.
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
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
      const usage = usageFromOpenAi(chunk.usage);
      this.usage = usage ?? this.usage;
      const choices = Array.isArray(chunk.choices) ? chunk.choices as ReadonlyArray<Readonly<Record<string, unknown>> | null> : undefined;
      this.finished ||= choices?.some((choice) => typeof choice?.finish_reason === 'string') ?? false;
      hide = this.hideUsage && usage !== undefined && choices?.length === 0;
    }
    return hide;
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
  const error = chunk.error ?? (event.event === 'error' ? chunk : undefined);
  if (error === undefined || error === null || error === false) {
    return undefined;
  }
  const { message, code, type } = typeof error === 'object' ? error as Readonly<Record<string, unknown>> : { message: error, code: null, type: null };
  return {
    status: failureStatus(code, type),
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : null,
    message: typeof message === 'string' ? message : 'the provider sent an error inside the stream',
  };
}

/** Servers put the HTTP status into `code`, or let the type say it. */
function failureStatus(code: unknown, type: unknown): number {
  const status = Number(code);
  if (Number.isInteger(status) && status >= 400 && status <= 599) {
    return status;
  }
  return [400, 401, 403, 429, 500].find((known) => openAiErrorType(known) === type) ?? 502;
}
