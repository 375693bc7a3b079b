import { concatBytes } from '../concat-bytes';
import { copyBytes } from '../copy-bytes';
import { ByteRange } from '../top-level-scanner';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NOTHING = new Uint8Array(0);

/**
 * Where events end in the bytes of a stream, for those who pass them on as they are: a blank line, in any of the three line ends.
 * Bytes that complete no event are kept until one does. A carriage return as the last byte is kept too, for its line feed may follow.
 */
export class SseEventSplitter {
  /** What was kept, in the pieces that it came in. */
  private pieces: readonly Uint8Array[] = [];
  private kept = 0;
  /** Nothing of the current line came yet, apart from a carriage return. */
  private lineEmpty = true;
  /** The last byte kept is a carriage return, whose line may end in a line feed yet. */
  private openReturn = false;

  /** The bytes of the completed events, one after the other without a gap, and where each of them is. */
  public push(chunk: Uint8Array): { readonly bytes: Uint8Array; readonly events: readonly ByteRange[] } {
    if (chunk.length === 0) {
      return { bytes: NOTHING, events: [] };
    }
    const events = this.eventsEndingIn(chunk);
    if (events.length === 0) {
      this.pieces = [...this.pieces, copyBytes(chunk)];
      this.kept += chunk.length;
      return { bytes: NOTHING, events };
    }
    const whole = concatBytes([...this.pieces, chunk]);
    const { end } = events[events.length - 1];
    this.pieces = end < whole.length ? [copyBytes(whole, end)] : [];
    this.kept = whole.length - end;
    return { bytes: end < whole.length ? whole.subarray(0, end) : whole, events };
  }

  /** The bytes after the last event that `push` gave out; `blankLine`: they end in one all the same. */
  public end(): { readonly bytes: Uint8Array; readonly blankLine: boolean } {
    return { bytes: concatBytes(this.pieces), blankLine: this.openReturn && this.lineEmpty };
  }

  /** Positions count from the first byte kept. */
  private eventsEndingIn(chunk: Uint8Array): ByteRange[] {
    const events: ByteRange[] = [];
    let start = 0;
    let position = 0;
    const endLine = (blank: boolean) => {
      this.lineEmpty = true;
      if (blank) {
        events.push({ start, end: this.kept + position });
        start = this.kept + position;
      }
    };
    if (this.openReturn) {
      this.openReturn = false;
      position = chunk[0] === LINE_FEED ? 1 : 0;
      endLine(this.lineEmpty);
    }
    let carriageReturn = chunk.indexOf(CARRIAGE_RETURN, position);
    while (position < chunk.length) {
      if (carriageReturn >= 0 && carriageReturn < position) {
        carriageReturn = chunk.indexOf(CARRIAGE_RETURN, position);
      }
      const lineFeed = chunk.indexOf(LINE_FEED, position);
      const lineEnd = lineFeed < 0 || (carriageReturn >= 0 && carriageReturn < lineFeed) ? carriageReturn : lineFeed;
      if (lineEnd < 0) {
        this.lineEmpty = false;
        break;
      }
      const blank = this.lineEmpty && lineEnd === position;
      position = lineEnd + 1;
      if (lineEnd === carriageReturn) {
        if (position === chunk.length) {
          this.openReturn = true;
          this.lineEmpty = blank;
          break;
        }
        position += chunk[position] === LINE_FEED ? 1 : 0;
      }
      endLine(blank);
    }
    return events;
  }
}
