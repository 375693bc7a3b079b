import { EventStreamMessage } from './event-stream-decoder';
import { endOfPlainString } from '../skip-json';

const encoder = new TextEncoder();
const text = new TextDecoder();
const BLOCK = encoder.encode('{"contentBlockIndex":');
const DELTA = encoder.encode(',"delta":{"text":"');
const PADDING = encoder.encode(',"p":"');
const CLOSING_BRACE = 0x7d;

/**
 * The JSON string of a `contentBlockDelta` of text in the form in which Bedrock writes nearly all of them:
 * `{"contentBlockIndex":0,"delta":{"text":"..."},"p":"abc"}`, without escapes. `undefined`: JSON.parse has to say what it is.
 */
export function plainTextDelta({ bytes, start, end }: EventStreamMessage): string | undefined {
  const digit = start + BLOCK.length;
  if (!holds(bytes, start, end, BLOCK) || !isDigit(bytes[digit]) || !holds(bytes, digit + 1, end, DELTA)) {
    return undefined;
  }
  const opening = digit + DELTA.length;
  const closing = endOfPlainString(bytes, opening + 1);
  return closing > 0 && endsAfter(bytes, closing + 1, end) ? text.decode(bytes.subarray(opening, closing + 1)) : undefined;
}

/** Behind the string: both objects end, with or without the padding that Bedrock hides the length of the text with. */
function endsAfter(bytes: Uint8Array, start: number, end: number): boolean {
  if (start + 2 > end || bytes[start] !== CLOSING_BRACE || bytes[end - 1] !== CLOSING_BRACE) {
    return false;
  }
  return start + 2 === end || holds(bytes, start + 1, end, PADDING) && endOfPlainString(bytes, start + 1 + PADDING.length) === end - 2;
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
