import { StreamInspector } from './stream-inspector';
import { concatBytes } from '../concat-bytes';
import { ClientError } from '../input-dialect';
import { SseEventSplitter } from '../sse/sse-event-splitter';
import { ByteRange } from '../top-level-scanner';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';

const NOTHING = new Uint8Array(0);

/** How an error is told inside a stream. */
export interface StreamErrors {
  /** The stream's events have sequence numbers, and so must the error. */
  readonly numbered: boolean;
  event(error: ClientError, sequenceNumber: number): Uint8Array;
}

/**
 * A stream of events: whole events pass as they are, except the usage chunk that the client did not ask for. An event that is not
 * complete waits for its end, so that an error event can always follow what was sent.
 */
export class StreamResponse implements ResponseTranslator {
  failure: ResponseFailure | undefined;
  private readonly splitter = new SseEventSplitter();
  private readonly inspector: StreamInspector;

  /** `usageAdded`: the gateway asked for the usage chunk, not the client. */
  constructor(usageAdded: boolean, private readonly errors: StreamErrors) {
    this.inspector = new StreamInspector(usageAdded, errors.numbered);
  }

  get usage(): Usage | undefined {
    return this.inspector.usage;
  }

  head({ status }: UpstreamResponseHead): ResponseHead {
    return { status, setHeaders: [], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    const { bytes, events } = this.splitter.push(chunk);
    return events.length === 0 ? NOTHING : this.passed(bytes, events);
  }

  end(): Uint8Array {
    const { bytes, blankLine } = this.splitter.end();
    let last: Uint8Array = NOTHING;
    if (this.inspector.isWhole(bytes)) {
      last = this.passed(bytes, [{ start: 0, end: bytes.length }]);
      if (last.length > 0 && !blankLine) {
        // The server left out the blank line, without which a client drops the event.
        last = concatBytes([last, new TextEncoder().encode(last[last.length - 1] === 0x0a ? '\n' : '\n\n')]);
      }
    }
    if (this.inspector.complete || this.failure) {
      return last;
    }
    return concatBytes([last, this.broken('the provider ended the stream before the answer was complete')]);
  }

  fail(message: string): Uint8Array {
    // After the last event the client has all there is; a connection that breaks then takes nothing away.
    return this.inspector.done || this.failure ? NOTHING : this.broken(message);
  }

  private broken(message: string): Uint8Array {
    this.failure = { status: 502, code: 'upstream_broke_off', message };
    return this.errors.event(this.failure, this.inspector.sequenceNumber + 1);
  }

  private passed(bytes: Uint8Array, events: readonly ByteRange[]): Uint8Array {
    const hidden = this.inspector.inspect(bytes, events);
    this.failure ??= this.inspector.failure;
    if (hidden.length === 0) {
      return bytes;
    }
    const parts: Uint8Array[] = [];
    let position = 0;
    for (const { start, end } of hidden) {
      parts.push(bytes.subarray(position, start));
      position = end;
    }
    return concatBytes([...parts, bytes.subarray(position)]);
  }
}
