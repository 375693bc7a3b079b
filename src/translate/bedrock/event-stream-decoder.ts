import { concatBytes } from '../concat-bytes';
import { copyBytes } from '../copy-bytes';
import { crc32 } from '../crc32';

/** One frame of `application/vnd.amazon.eventstream`. */
export class EventStreamMessage {
  constructor(
    /** String headers by name, such as `:message-type`, `:event-type`, `:exception-type`. */
    readonly headers: ReadonlyMap<string, string>,
    /** The decoder's bytes, which hold the payload from `start` to `end`; to be read before the next `push`. */
    readonly bytes: Uint8Array,
    readonly start: number,
    readonly end: number,
  ) {}

  /** A view into `bytes`. */
  get payload(): Uint8Array {
    return this.bytes.subarray(this.start, this.end);
  }
}

/** Length of the frame, length of its headers, checksum of both. */
const PRELUDE = 12;
const TRAILER = 4;
/** Frames of AWS services are at most 16 MiB of payload and 128 KiB of headers. */
const LARGEST_FRAME = 16 * 1024 * 1024 + 128 * 1024 + PRELUDE + TRAILER;
/** Bytes of a header value by its type; `undefined`: a 2-byte length comes first. */
const VALUE_SIZES: ReadonlyArray<number | undefined> = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];
const STRING = 7;

const text = new TextDecoder();

/**
 * Decodes frames however their bytes are cut, and checks both checksums of each.
 * Framing: https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html
 */
export class EventStreamDecoder {
  /** Set when the bytes are no event stream or were changed on the way; nothing after that can be read. */
  error: string | undefined;
  private parts: Uint8Array[] = [];
  private length = 0;
  /** Bytes without which no further step can be taken, so that a large frame is put together once and not with every chunk. */
  private needed = PRELUDE;
  private lastHeaders: KnownHeaders | undefined;

  /** The frames that are complete now, in order; those before a damaged one are still given. */
  push(chunk: Uint8Array): EventStreamMessage[] {
    const messages: EventStreamMessage[] = [];
    if (this.error !== undefined || chunk.length === 0) {
      return messages;
    }
    this.length += chunk.length;
    if (this.length < this.needed) {
      // A copy: the chunk may lie in a buffer that its owner uses again.
      this.parts.push(copyBytes(chunk));
      return messages;
    }
    const bytes = concatBytes([...this.parts, chunk]);
    const end = this.decode(bytes, messages);
    this.parts = end < bytes.length ? [copyBytes(bytes, end)] : [];
    this.length = bytes.length - end;
    return messages;
  }

  /** Bytes of a frame that never came whole. */
  get incomplete(): boolean {
    return this.length > 0;
  }

  /** Where the first frame begins that is not complete. */
  private decode(bytes: Uint8Array, messages: EventStreamMessage[]): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let offset = 0;
    for (;;) {
      this.needed = PRELUDE;
      if (bytes.length - offset < PRELUDE) {
        return offset;
      }
      const length = view.getUint32(offset);
      const headersLength = view.getUint32(offset + 4);
      this.error = preludeError(length, headersLength, crc32(bytes, offset, offset + 8) === view.getUint32(offset + 8));
      this.needed = length;
      if (this.error !== undefined || bytes.length - offset < length) {
        return offset;
      }
      const end = offset + length - TRAILER;
      const payloadStart = offset + PRELUDE + headersLength;
      const headers = crc32(bytes, offset, end) === view.getUint32(end) ? this.headers(bytes, view, offset + PRELUDE, payloadStart) : undefined;
      if (!headers) {
        this.error = 'the checksum or the headers of a frame are wrong';
        return offset;
      }
      messages.push(new EventStreamMessage(headers, bytes, payloadStart, end));
      offset += length;
    }
  }

  private headers(bytes: Uint8Array, view: DataView, start: number, end: number): ReadonlyMap<string, string> | undefined {
    if (this.lastHeaders !== undefined && equals(this.lastHeaders.bytes, bytes, start, end)) {
      return this.lastHeaders.headers;
    }
    this.lastHeaders = KNOWN.find((known) => equals(known.bytes, bytes, start, end)) ?? newHeaders(bytes, view, start, end);
    return this.lastHeaders?.headers;
  }
}

/** Headers as bytes and as read: those of the next frame are mostly the same, and all streams have the same few. */
interface KnownHeaders {
  readonly bytes: Uint8Array;
  readonly headers: ReadonlyMap<string, string>;
}

const KNOWN: KnownHeaders[] = [];
const MAX_KNOWN = 16;
/** Longer ones have something of their own in them. */
const LONGEST_KNOWN = 128;

function newHeaders(bytes: Uint8Array, view: DataView, start: number, end: number): KnownHeaders | undefined {
  const headers = readHeaders(bytes, view, start, end);
  if (!headers) {
    return undefined;
  }
  const known = { bytes: copyBytes(bytes.subarray(start, end)), headers };
  if (KNOWN.length < MAX_KNOWN && end - start <= LONGEST_KNOWN) {
    KNOWN.push(known);
  }
  return known;
}

function equals(left: Uint8Array, right: Uint8Array, start: number, end: number): boolean {
  if (left.length !== end - start) {
    return false;
  }
  for (let index = 0; index < left.length; index += 1) {
    if (left[index] !== right[start + index]) {
      return false;
    }
  }
  return true;
}

function preludeError(length: number, headersLength: number, checksumRight: boolean): string | undefined {
  if (!checksumRight) {
    return 'the checksum of a frame\'s prelude is wrong';
  }
  if (length > LARGEST_FRAME) {
    return `a frame of ${length} bytes is above the limit of ${LARGEST_FRAME}`;
  }
  return length < PRELUDE + headersLength + TRAILER ? 'the lengths in a frame contradict each other' : undefined;
}

/** `undefined`: they do not end where the frame says. */
function readHeaders(bytes: Uint8Array, view: DataView, start: number, end: number): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  let offset = start;
  while (offset < end) {
    const nameStart = offset + 1;
    const nameEnd = nameStart + bytes[offset];
    // At least the type has to follow the name.
    if (nameEnd >= end) {
      return undefined;
    }
    const type = bytes[nameEnd];
    let valueStart = nameEnd + 1;
    let size = VALUE_SIZES[type];
    if (size === undefined) {
      if (type >= VALUE_SIZES.length || valueStart + 2 > end) {
        return undefined;
      }
      size = view.getUint16(valueStart);
      valueStart += 2;
    }
    offset = valueStart + size;
    if (offset > end) {
      return undefined;
    }
    if (type === STRING) {
      headers.set(text.decode(bytes.subarray(nameStart, nameEnd)), text.decode(bytes.subarray(valueStart, offset)));
    }
  }
  return headers;
}
