import { openAiErrorType } from '../openai/error-body';
import { usageFromOpenAi } from '../openai/usage';
import { SseDecoder } from '../sse/sse-decoder';
import { SseEvent } from '../sse/sse-event';
import { ByteRange } from '../top-level-scanner';
import { ResponseFailure } from '../translator';
import { Usage } from '../usage';

/** What an event must hold to be worth a look; in the text of an answer quotes are escaped, so these find little else. */
const USAGE = Buffer.from('"usage"');
const FINISH_REASON = Buffer.from('"finish_reason"');
/** Without quotes, for `event: error` as well. */
const ERROR = Buffer.from('error');
const DONE = Buffer.from('[DONE]');

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
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const usage = new Occurrences(buffer, USAGE);
    const finish = new Occurrences(buffer, FINISH_REASON);
    const error = new Occurrences(buffer, ERROR);
    const done = new Occurrences(buffer, DONE);
    const hidden: ByteRange[] = [];
    for (const event of events) {
      const speaks = (usage.in(event) && usage.leadsTo(0x7b, event))
        || (!this.finished && finish.in(event) && finish.leadsTo(0x22, event))
        || error.in(event) || done.in(event);
      if (speaks && this.read(buffer.subarray(event.start, event.end))) {
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

/** Places of a needle, looked up once per stretch of bytes without it. */
class Occurrences {
  private at = -1;

  constructor(private readonly bytes: Buffer, private readonly needle: Buffer) {}

  in({ start, end }: ByteRange): boolean {
    if (this.at < start) {
      this.find(start);
    }
    return this.at < end;
  }

  /** Whether one in the event is followed by a colon and this byte. Right after `in` only. */
  leadsTo(byte: number, event: ByteRange): boolean {
    for (; this.at < event.end; this.find(this.at + 1)) {
      const colon = this.skipSpace(this.at + this.needle.length);
      if (this.bytes[colon] === 0x3a && this.bytes[this.skipSpace(colon + 1)] === byte) {
        return true;
      }
    }
    return false;
  }

  private find(from: number): void {
    const found = this.bytes.indexOf(this.needle, from);
    this.at = found < 0 ? Infinity : found;
  }

  private skipSpace(position: number): number {
    while (this.bytes[position] === 0x20) {
      position++;
    }
    return position;
  }
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
