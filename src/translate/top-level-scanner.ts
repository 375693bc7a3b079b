import { endOfPlainString, skipSpace, skipValue } from './skip-json';

/** Bytes `start` to `end`, `end` not included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const COLON = 0x3a;
const COMMA = 0x2c;

/**
 * Finds the values of some members of the outermost object of a JSON text, without parsing or copying it.
 *
 * Says "do not know" (`undefined`) wherever JSON.parse might see something else: an escape in a name, one of the names twice, anything
 * that is not plain JSON around the members. It does not validate nested values: a text that is broken in there may still be scanned.
 */
export class TopLevelScanner {
  private readonly names: readonly Uint8Array[];

  constructor(names: readonly string[]) {
    const encoder = new TextEncoder();
    this.names = names.map((name) => encoder.encode(name));
  }

  /** Ranges of the values, in the order of the names given; `undefined` in place of an absent member. */
  public scan(bytes: Uint8Array): ReadonlyArray<ByteRange | undefined> | undefined {
    const found = new Array<ByteRange | undefined>(this.names.length).fill(undefined);
    let position = skipSpace(bytes, 0);
    if (bytes[position] !== OPEN_BRACE) {
      return undefined;
    }
    position = skipSpace(bytes, position + 1);
    if (bytes[position] === CLOSE_BRACE) {
      return endsHere(bytes, position + 1) ? found : undefined;
    }
    for (;;) {
      const nameStart = position + 1;
      const nameEnd = bytes[position] === QUOTE ? endOfPlainString(bytes, nameStart) : -1;
      if (nameEnd < 0) {
        return undefined;
      }
      position = skipSpace(bytes, nameEnd + 1);
      if (bytes[position] !== COLON) {
        return undefined;
      }
      const start = skipSpace(bytes, position + 1);
      const end = skipValue(bytes, start);
      if (end < 0) {
        return undefined;
      }
      const index = this.nameAt(bytes, nameStart, nameEnd);
      if (index >= 0) {
        if (found[index]) {
          return undefined;
        }
        found[index] = { start, end };
      }
      position = skipSpace(bytes, end);
      if (bytes[position] === CLOSE_BRACE) {
        return endsHere(bytes, position + 1) ? found : undefined;
      }
      if (bytes[position] !== COMMA) {
        return undefined;
      }
      position = skipSpace(bytes, position + 1);
    }
  }

  private nameAt(bytes: Uint8Array, start: number, end: number): number {
    return this.names.findIndex((name) => name.length === end - start && name.every((byte, offset) => bytes[start + offset] === byte));
  }
}

function endsHere(bytes: Uint8Array, position: number): boolean {
  return skipSpace(bytes, position) === bytes.length;
}
