import { HostedFailure, hostedEventFailure } from './hosted-failure';
import { ClaudeHost } from './hosted-target';
import { EventStreamDecoder, EventStreamMessage } from '../bedrock/event-stream-decoder';
import { eventStreamFailure } from '../bedrock/event-stream-failure';
import { brokenAnswer } from '../response-failure';
import { SseDecoder } from '../sse/sse-decoder';
import { SseEvent } from '../sse/sse-event';

/** One event of a Messages stream, such as `content_block_delta`; `data` is its JSON, and not looked at any further than its type. */
export interface HostedEvent {
  readonly event: string;
  readonly data: string;
}

/** Reads the events of a Messages stream, in whatever way their host frames them. Holds no event back. Never throws. */
export interface HostedStream {
  /** The events that this chunk completes, `ping` among them; those of an error come as `failure`, and none after it. */
  push(chunk: Uint8Array): HostedEvent[];
  /** An event that lacks nothing but its end. Where the host ended the stream before `message_stop`, `complete` stays false. */
  end(): HostedEvent[];
  readonly failure: HostedFailure | undefined;
  /** `message_stop` came. */
  readonly complete: boolean;
}

export function hostedStream(host: ClaudeHost): HostedStream {
  return host === 'AWSAnthropic' ? new InvokeModelStream() : new SseStream();
}

class Events {
  failure: HostedFailure | undefined;
  complete = false;

  /** `name`: what the frame calls it. */
  protected take(data: string, events: HostedEvent[], name?: string): void {
    const event = name ?? typeIn(data);
    if (event === undefined || event === 'error') {
      this.failure = hostedEventFailure(data);
      return;
    }
    this.complete ||= event === 'message_stop';
    events.push({ event, data });
  }
}

class SseStream extends Events implements HostedStream {
  private readonly decoder = new SseDecoder();

  push(chunk: Uint8Array): HostedEvent[] {
    return this.failure ? [] : this.events(this.decoder.push(chunk));
  }

  end(): HostedEvent[] {
    // What broke off in the middle is no event.
    return this.failure || this.complete ? [] : this.events(this.decoder.end().filter(({ data }) => isJson(data)));
  }

  private events(decoded: readonly SseEvent[]): HostedEvent[] {
    const events: HostedEvent[] = [];
    for (const { event, data } of decoded) {
      this.take(data, events, event);
      if (this.failure) {
        break;
      }
    }
    return events;
  }
}

const text = new TextDecoder();

class InvokeModelStream extends Events implements HostedStream {
  private readonly decoder = new EventStreamDecoder();

  push(chunk: Uint8Array): HostedEvent[] {
    const events: HostedEvent[] = [];
    if (this.failure) {
      return events;
    }
    for (const message of this.decoder.push(chunk)) {
      this.read(message, events);
      if (this.failure) {
        return events;
      }
    }
    if (this.decoder.error !== undefined) {
      this.failure = brokenAnswer(`the provider's event stream is damaged: ${this.decoder.error}`);
    }
    return events;
  }

  end(): HostedEvent[] {
    if (this.decoder.incomplete) {
      this.complete = false;
    }
    return [];
  }

  private read(message: EventStreamMessage, events: HostedEvent[]): void {
    this.failure = eventStreamFailure(message);
    if (this.failure || message.headers.get(':event-type') !== 'chunk') {
      return;
    }
    const data = chunkBytes(message.payload);
    if (data === undefined) {
      this.failure = brokenAnswer('a chunk of the provider\'s stream holds no bytes');
    } else {
      this.take(data, events);
    }
  }
}

/** `{"bytes": "<base64 of one event's JSON>", "p": "<padding>"}` */
function chunkBytes(payload: Uint8Array): string | undefined {
  try {
    const { bytes } = JSON.parse(text.decode(payload)) as { readonly bytes?: unknown };
    return typeof bytes === 'string' ? Buffer.from(bytes, 'base64').toString('utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** Every server writes the type first. */
const LEADING_TYPE = /^\{"type": ?"([a-z_]+)"/;

/** `undefined`: no event of a Messages stream. */
function typeIn(data: string): string | undefined {
  const leading = LEADING_TYPE.exec(data)?.[1];
  if (leading !== undefined) {
    return leading;
  }
  try {
    const type = (JSON.parse(data) as { readonly type?: unknown } | null)?.type;
    return typeof type === 'string' && type !== '' ? type : undefined;
  } catch {
    return undefined;
  }
}

function isJson(data: string): boolean {
  try {
    JSON.parse(data);
    return true;
  } catch {
    return false;
  }
}
