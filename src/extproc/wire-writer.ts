const INITIAL_SIZE = 64 * 1024;
/** A buffer that one message with many fields made grow is not kept. */
const LARGEST_KEPT = 1024 * 1024;
/** Bytes from which on a value is sent from where it lies: new memory for a megabyte costs more than all else that is done with it. */
const SENT_IN_PLACE = 64 * 1024;
const LENGTH_DELIMITED = 2;

/** A message with gRPC's prefix, in pieces that are sent one after the other. */
export type Framed = readonly Uint8Array[];

/**
 * Writes a protobuf message from its end to its beginning, so that every length is known when it is due and nothing is moved or measured
 * twice. So fields come in reverse: what is written last stands first. One writer serves all messages; `finish` copies the result out, but for
 * large values, which are not copied.
 */
export class WireWriter {
  private buffer = Buffer.allocUnsafeSlow(INITIAL_SIZE);
  private position = INITIAL_SIZE;
  /** What follows the buffer's content, from its end to its beginning. */
  private behind: Uint8Array[] = [];
  private behindLength = 0;

  /** To be passed to `message` when the fields of a nested message are written. */
  get mark(): number {
    return this.behindLength + this.inBuffer;
  }

  /** Closes the nested message whose fields were written since `mark`. */
  message(field: number, mark: number): void {
    this.varint(this.mark - mark);
    this.tag(field, LENGTH_DELIMITED);
  }

  /** Large pieces of the value must not change until the message is sent. */
  bytes(field: number, ...value: readonly Uint8Array[]): void {
    const mark = this.mark;
    for (let index = value.length - 1; index >= 0; index--) this.raw(value[index]);
    this.message(field, mark);
  }

  text(field: number, value: string): void {
    const length = Buffer.byteLength(value);
    this.reserve(length + 16);
    this.position -= length;
    if (length === value.length) this.buffer.write(value, this.position, length, 'latin1');
    else this.buffer.write(value, this.position, length, 'utf8');
    this.varint(length);
    this.tag(field, LENGTH_DELIMITED);
  }

  /** A number from 0 to 2^31 - 1. */
  number(field: number, value: number): void {
    this.varint(value);
    this.tag(field, 0);
  }

  double(field: number, value: number): void {
    this.reserve(24);
    this.position -= 8;
    this.buffer.writeDoubleLE(value, this.position);
    this.tag(field, 1);
  }

  /** Bytes as they are: parts of messages that were encoded before. */
  raw(value: Uint8Array): void {
    if (value.length >= SENT_IN_PLACE) {
      this.putBehind(value);
      return;
    }
    this.reserve(value.length);
    this.position -= value.length;
    this.buffer.set(value, this.position);
  }

  /** The message behind gRPC's prefix (not compressed, length), in its pieces; the writer begins anew. */
  finish(): Framed {
    const length = this.mark;
    this.reserve(5);
    this.position -= 5;
    this.buffer[this.position] = 0;
    this.buffer.writeUInt32BE(length, this.position + 1);
    const framed = this.behind.length === 0 ? [this.copied()] : [...this.behind, this.copied()].reverse();
    this.clear();
    return framed;
  }

  /** Forgets what was written, also after an error in the middle of a message. */
  clear(): void {
    if (this.buffer.length > LARGEST_KEPT) this.buffer = Buffer.allocUnsafeSlow(INITIAL_SIZE);
    this.position = this.buffer.length;
    if (this.behind.length > 0) {
      this.behind = [];
      this.behindLength = 0;
    }
  }

  private get inBuffer(): number {
    return this.buffer.length - this.position;
  }

  private copied(): Buffer {
    const copy = Buffer.allocUnsafe(this.inBuffer);
    this.buffer.copy(copy, 0, this.position);
    return copy;
  }

  private putBehind(value: Uint8Array): void {
    this.behind.push(this.copied(), value);
    this.behindLength += this.inBuffer + value.length;
    this.position = this.buffer.length;
  }

  private tag(field: number, type: number): void {
    this.varint(field * 8 + type);
  }

  private varint(value: number): void {
    this.reserve(5);
    if (value < 0x80) {
      this.buffer[--this.position] = value;
      return;
    }
    let length = 2;
    for (let rest = value >>> 14; rest > 0; rest >>>= 7) length++;
    this.position -= length;
    let rest = value;
    for (let index = this.position; index < this.position + length - 1; index++) {
      this.buffer[index] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.position + length - 1] = rest;
  }

  private reserve(size: number): void {
    if (this.position >= size) return;
    const used = this.inBuffer;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, used + size + 1024));
    this.buffer.copy(larger, larger.length - used, this.position);
    this.position = larger.length - used;
    this.buffer = larger;
  }
}
