import { HostedFailure, hostedEventFailure } from '../anthropic/hosted-failure';
import { AnthropicUsage } from '../anthropic/usage';
import { SseDecoder } from '../sse/sse-decoder';
import { SseEvent } from '../sse/sse-event';
import { ByteRange } from '../top-level-scanner';
import { Usage } from '../usage';

/** What an event must hold to be worth parsing; in the text of an answer quotes are escaped, so this finds little else. */
const SPEAKS = /"type"[ \t]*:[ \t]*"(?:message_start|message_delta|message_stop|error)"|"error"[ \t]*:|event:[ \t]*error/g;

/** An error event, and whether a client understands it as it is. */
export interface ErrorEvent extends ByteRange {
  readonly failure: HostedFailure;
  readonly inDialect: boolean;
}

/** Reads usage, errors and the end of the message off a stream; parses only the events that have something to say. */
export class MessageInspector {
  usage: Usage | undefined;
  /** `message_stop` came. */
  complete = false;
  private readonly counted = new AnthropicUsage();

  /** Looks at whole events, up to the first error. */
  inspect(bytes: Uint8Array, events: readonly ByteRange[]): ErrorEvent | undefined {
    // One search over one-byte characters costs a tenth of a search for each word in each event's bytes.
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    let next = firstThatSpeaks(text, 0);
    for (const event of events) {
      if (next < event.start) {
        next = firstThatSpeaks(text, event.start);
      }
      const error = next < event.end ? this.readBytes(bytes.subarray(event.start, event.end)) : undefined;
      if (error) {
        return { ...event, ...error };
      }
    }
    return undefined;
  }

  /** One event's data, by its name. */
  read(name: string, data: string): void {
    if (name === 'message_stop') {
      this.complete = true;
    } else if (name === 'message_start' || name === 'message_delta') {
      const event = parsed(data);
      this.counted.add(name === 'message_start' ? parsedMember(event, 'message')?.usage : event?.usage);
      this.usage = this.counted.total;
    }
  }

  private readBytes(bytes: Uint8Array): Omit<ErrorEvent, keyof ByteRange> | undefined {
    for (const { event, data } of eventsIn(bytes)) {
      const json = parsed(data);
      const error = parsedMember(json, 'error');
      const type = typeof json?.type === 'string' ? json.type : undefined;
      if (event === 'error' || type === 'error' || (json?.error !== undefined && type === undefined)) {
        const inDialect = event === 'error' && type === 'error' && typeof error?.type === 'string' && typeof error.message === 'string';
        return { failure: hostedEventFailure(data), inDialect };
      }
      this.read(event ?? type ?? '', data);
    }
    return undefined;
  }
}

/** The events in bytes that hold whole ones only. */
export function eventsIn(bytes: Uint8Array): readonly SseEvent[] {
  const decoder = new SseDecoder();
  return [...decoder.push(bytes), ...decoder.end()];
}

/** Whether these bytes, which no blank line ended, are an event all the same. */
export function isWholeEvent(bytes: Uint8Array): boolean {
  const events = eventsIn(bytes);
  return events.length > 0 && events.every(({ data }) => parsed(data) !== undefined);
}

function firstThatSpeaks(text: string, from: number): number {
  SPEAKS.lastIndex = from;
  return SPEAKS.exec(text)?.index ?? Infinity;
}

type JsonObject = Readonly<Record<string, unknown>>;

function parsed(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? value as JsonObject : undefined;
  } catch {
    return undefined;
  }
}

function parsedMember(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = object?.[name];
  return typeof value === 'object' && value !== null ? value as JsonObject : undefined;
}
