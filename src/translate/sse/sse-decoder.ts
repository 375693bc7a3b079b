import { SseEvent } from './sse-event';
import { concatBytes } from '../concat-bytes';
import { copyBytes } from '../copy-bytes';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Server-sent events from bytes cut anywhere: any of the three line ends, a byte order mark at the start, characters of several bytes
 * across chunks. Lines are put together as bytes and decoded whole.
 */
export class SseDecoder {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** Begun line, in pieces. */
  private pieces: Uint8Array[] = [];
  private afterCarriageReturn = false;
  private firstLine = true;
  private event: string | undefined;
  private data: string[] = [];

  /** The events that this chunk completes. */
  public push(chunk: Uint8Array): SseEvent[] {
    const events: SseEvent[] = [];
    if (this.pieces.length === 0 && !this.afterCarriageReturn && chunk[chunk.length - 1] === LINE_FEED && !chunk.includes(CARRIAGE_RETURN)) {
      this.wholeLines(this.decoder.decode(chunk), events);
      return events;
    }
    let lineStart = 0;
    for (let position = 0; position < chunk.length; position++) {
      const byte = chunk[position];
      if (this.afterCarriageReturn) {
        this.afterCarriageReturn = false;
        if (byte === LINE_FEED) {
          lineStart = position + 1;
          continue;
        }
      }
      if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN) {
        continue;
      }
      this.afterCarriageReturn = byte === CARRIAGE_RETURN;
      this.endLine(chunk.subarray(lineStart, position), events);
      lineStart = position + 1;
    }
    if (lineStart < chunk.length) {
      this.pieces.push(copyBytes(chunk, lineStart));
    }
    return events;
  }

  /** The event that the stream broke off in, when it has data: several servers leave out the last blank line. */
  public end(): SseEvent[] {
    const events: SseEvent[] = [];
    if (this.pieces.length > 0) {
      this.endLine(new Uint8Array(0), events);
    }
    this.dispatch(events);
    return events;
  }

  /** As most chunks are: decoded at once, for a line feed is part of no other character. */
  private wholeLines(text: string, events: SseEvent[]): void {
    let lineStart = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', lineStart)) {
      this.line(text.slice(lineStart, end), events);
      lineStart = end + 1;
    }
  }

  private endLine(lastPiece: Uint8Array, events: SseEvent[]): void {
    const line = this.decoder.decode(concatBytes([...this.pieces, lastPiece]));
    this.pieces = [];
    this.line(line, events);
  }

  private line(written: string, events: SseEvent[]): void {
    let line = written;
    if (this.firstLine) {
      this.firstLine = false;
      line = line.replace(/^\ufeff/, '');
    }
    if (line === '') {
      this.dispatch(events);
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') {
      this.data.push(value);
    } else if (field === 'event') {
      this.event = value;
    }
    // `id`, `retry` and comments serve reconnection, which no provider's stream offers.
  }

  private dispatch(events: SseEvent[]): void {
    if (this.data.length > 0) {
      const data = this.data.join('\n');
      events.push(this.event === undefined ? { data } : { event: this.event, data });
    }
    this.event = undefined;
    this.data = [];
  }
}
