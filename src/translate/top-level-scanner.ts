/** Bytes `start` to `end`, `end` not included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

/** Up to here a loop in JavaScript beats the call into `indexOf`. */
const SHORT_STRING = 24;

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

/** Position of the quote that closes a string without escapes and control characters; -1 for any other. `start` is after the opening quote. */
export function endOfPlainString(bytes: Uint8Array, start: number): number {
  for (let position = start; position < bytes.length; position++) {
    const byte = bytes[position];
    if (byte === QUOTE) {
      return position;
    }
    if (byte === BACKSLASH || byte < 0x20) {
      return -1;
    }
  }
  return -1;
}

function endsHere(bytes: Uint8Array, position: number): boolean {
  return skipSpace(bytes, position) === bytes.length;
}

function skipSpace(bytes: Uint8Array, start: number): number {
  let position = start;
  while (isSpace(bytes[position])) {
    position++;
  }
  return position;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function skipValue(bytes: Uint8Array, start: number): number {
  switch (bytes[start]) {
    case QUOTE:
      return skipString(bytes, start);
    case OPEN_BRACE:
    case OPEN_BRACKET:
      return skipNested(bytes, start);
    default:
      return skipScalar(bytes, start);
  }
}

/** A number, `true`, `false` or `null`; which of them is not looked at. */
function skipScalar(bytes: Uint8Array, start: number): number {
  let position = start;
  while (isScalarByte(bytes[position])) {
    position++;
  }
  return position === start ? -1 : position;
}

function isScalarByte(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x45
    || byte === 0x2b || byte === 0x2d || byte === 0x2e);
}

function skipString(bytes: Uint8Array, start: number): number {
  let position = start + 1;
  while (position < bytes.length) {
    const near = Math.min(position + SHORT_STRING, bytes.length);
    for (; position < near; position++) {
      const byte = bytes[position];
      if (byte === QUOTE) {
        return position + 1;
      }
      if (byte === BACKSLASH) {
        position++;
      }
    }
    const quote = bytes.indexOf(QUOTE, position);
    if (quote < 0) {
      return -1;
    }
    let beforeEscapes = quote - 1;
    while (beforeEscapes >= position && bytes[beforeEscapes] === BACKSLASH) {
      beforeEscapes--;
    }
    if ((quote - 1 - beforeEscapes) % 2 === 0) {
      return quote + 1;
    }
    position = quote + 1;
  }
  return -1;
}

function skipNested(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let position = start;
  while (position < bytes.length) {
    const byte = bytes[position];
    if (byte === QUOTE) {
      position = skipString(bytes, position);
      if (position < 0) {
        return -1;
      }
      continue;
    }
    position++;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth++;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth--;
      if (depth === 0) {
        return position;
      }
    }
  }
  return -1;
}
