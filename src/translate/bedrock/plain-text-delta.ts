import { EventStreamMessage } from './event-stream-decoder';

const encoder = new TextEncoder();
const text = new TextDecoder();
const BLOCK = encoder.encode('{"contentBlockIndex":');
const DELTA = encoder.encode(',"delta":{"text":"');
const PADDING = encoder.encode(',"p":"');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CLOSING_BRACE = 0x7d;

/**
 * The JSON string of a `contentBlockDelta` of text in the form in which Bedrock writes nearly all of them:
 * `{"contentBlockIndex":0,"delta":{"text":"..."},"p":"abc"}`, printable ASCII without escapes. `undefined`: JSON.parse has to say what it is.
 */
export function plainTextDelta({ bytes, start, end }: EventStreamMessage): string | undefined {
  const digit = start + BLOCK.length;
  if (!holds(bytes, start, end, BLOCK) || !isDigit(bytes[digit]) || !holds(bytes, digit + 1, end, DELTA)) {
    return undefined;
  }
  const opening = digit + DELTA.length;
  const closing = plainEnd(bytes, opening + 1, end);
  return bytes[closing] === QUOTE && endsAfter(bytes, closing + 1, end) ? text.decode(bytes.subarray(opening, closing + 1)) : undefined;
}

/** Behind the string: both objects end, with or without the padding that Bedrock hides the length of the text with. */
function endsAfter(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] !== CLOSING_BRACE || bytes[end - 1] !== CLOSING_BRACE) {
    return false;
  }
  if (start + 2 === end) {
    return true;
  }
  return holds(bytes, start + 1, end, PADDING) && plainEnd(bytes, start + 1 + PADDING.length, end) === end - 2 && bytes[end - 2] === QUOTE;
}

/** Where the first byte is that does not stand for itself in a JSON string. */
function plainEnd(bytes: Uint8Array, start: number, end: number): number {
  let index = start;
  while (index < end && bytes[index] >= 0x20 && bytes[index] < 0x7f && bytes[index] !== QUOTE && bytes[index] !== BACKSLASH) {
    index += 1;
  }
  return index;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function holds(bytes: Uint8Array, start: number, end: number, expected: Uint8Array): boolean {
  if (end - start < expected.length) {
    return false;
  }
  for (let index = 0; index < expected.length; index += 1) {
    if (bytes[start + index] !== expected[index]) {
      return false;
    }
  }
  return true;
}
