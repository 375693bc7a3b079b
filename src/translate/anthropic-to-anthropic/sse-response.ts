import { ErrorEvent, eventsIn, isWholeEvent, MessageInspector } from './message-inspector';
import { StreamOpening } from './stream-opening';
import { anthropicErrorEvent } from '../anthropic/error-body';
import { concatBytes } from '../concat-bytes';
import { brokenAnswer } from '../response-failure';
import { SseEventSplitter } from '../sse/sse-event-splitter';
import { ByteRange } from '../top-level-scanner';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';

const NOTHING = new Uint8Array(0);

/**
 * A stream of message events: whole events pass as they are. An event that is not complete waits for its end, so that an error event can
 * always follow what was sent. Nothing comes after an error.
 */
export class SseResponse implements ResponseTranslator {
  failure: ResponseFailure | undefined;
  private readonly splitter = new SseEventSplitter();
  private readonly inspector = new MessageInspector();
  private readonly opening = new StreamOpening();

  get usage(): Usage | undefined {
    return this.inspector.usage;
  }

  head({ status }: UpstreamResponseHead): ResponseHead {
    return { status, setHeaders: [], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    if (this.failure) {
      return NOTHING;
    }
    const { bytes, events } = this.splitter.push(chunk);
    return events.length === 0 ? NOTHING : this.passed(bytes, events);
  }

  end(): Uint8Array {
    if (this.failure) {
      return NOTHING;
    }
    const { bytes, blankLine } = this.splitter.end();
    let last: Uint8Array = NOTHING;
    if (isWholeEvent(bytes)) {
      // The server left out the blank line, without which a client drops the event.
      const whole = blankLine ? bytes : concatBytes([bytes, new TextEncoder().encode(bytes[bytes.length - 1] === 0x0a ? '\n' : '\n\n')]);
      last = this.passed(whole, [{ start: 0, end: whole.length }]);
    }
    if (this.inspector.complete || this.failure) {
      return last;
    }
    return concatBytes([last, this.broken('the provider ended the stream before the answer was complete')]);
  }

  fail(message: string): Uint8Array {
    // After `message_stop` the client has all there is; a connection that breaks then takes nothing away.
    return this.inspector.complete || this.failure ? NOTHING : this.broken(message);
  }

  private broken(message: string): Uint8Array {
    this.failure = brokenAnswer(message);
    return anthropicErrorEvent(this.failure);
  }

  private passed(bytes: Uint8Array, events: readonly ByteRange[]): Uint8Array {
    const error = this.inspector.inspect(bytes, events);
    if (!error) {
      return this.opened(bytes, events);
    }
    this.failure = error.failure;
    const before = events.filter(({ end }) => end <= error.start);
    const output = before.length === 0 ? NOTHING : this.opened(bytes.subarray(0, error.start), before);
    return concatBytes([output, errorBytes(error, bytes)]);
  }

  private opened(bytes: Uint8Array, events: readonly ByteRange[]): Uint8Array {
    return this.opening.isOver ? bytes : this.opening.pass(bytes, events.flatMap(({ start, end }) => namesIn(bytes.subarray(start, end))));
  }
}

/** What Google or a proxy put into the stream is no event of Anthropic's, and its clients would not see it. */
function errorBytes({ start, end, inDialect, failure }: ErrorEvent, bytes: Uint8Array): Uint8Array {
  return inDialect ? bytes.subarray(start, end) : anthropicErrorEvent(failure, failure.requestId);
}

/** A comment alone keeps the connection alive, as a ping does. */
function namesIn(bytes: Uint8Array): readonly string[] {
  const events = eventsIn(bytes);
  return events.length === 0 ? ['ping'] : events.map(({ event, data }) => event ?? /"type" ?: ?"([a-z_]+)"/.exec(data)?.[1] ?? '');
}
