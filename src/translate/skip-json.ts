const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Up to here a loop in JavaScript beats the call into `indexOf`. */
const SHORT_STRING = 24;

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

/** Position of the first byte from `start` on that is no white space. */
export function skipSpace(bytes: Uint8Array, start: number): number {
  let position = start;
  while (isSpace(bytes[position])) {
    position++;
  }
  return position;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Position behind the value that begins at `start`, which is not validated; -1: it does not end, or there is none. */
export function skipValue(bytes: Uint8Array, start: number): number {
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

/** Position behind the string whose opening quote is at `start`; -1: it does not end. */
export function skipString(bytes: Uint8Array, start: number): number {
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
