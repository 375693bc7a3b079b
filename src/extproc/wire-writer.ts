const INITIAL_SIZE = 64 * 1024;
/** A buffer that one large message made grow is not kept. */
const LARGEST_KEPT = 1024 * 1024;
const LENGTH_DELIMITED = 2;

/**
 * Writes a protobuf message from its end to its beginning, so that every length is known when it is due and nothing is moved or measured
 * twice. So fields come in reverse: what is written last stands first. One writer serves all messages; `finish` copies the result out.
 */
export class WireWriter {
  private buffer = Buffer.allocUnsafeSlow(INITIAL_SIZE);
  private position = INITIAL_SIZE;

  /** To be passed to `message` when the fields of a nested message are written. */
  get mark(): number {
    return this.buffer.length - this.position;
  }

  /** Closes the nested message whose fields were written since `mark`. */
  message(field: number, mark: number): void {
    this.varint(this.mark - mark);
    this.tag(field, LENGTH_DELIMITED);
  }

  bytes(field: number, value: Uint8Array): void {
    this.reserve(value.length + 16);
    this.position -= value.length;
    this.buffer.set(value, this.position);
    this.varint(value.length);
    this.tag(field, LENGTH_DELIMITED);
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
    this.reserve(value.length);
    this.position -= value.length;
    this.buffer.set(value, this.position);
  }

  /** The message behind gRPC's prefix (not compressed, length), in memory of its own; the writer begins anew. */
  finish(): Buffer {
    const length = this.mark;
    this.reserve(5);
    this.position -= 5;
    this.buffer[this.position] = 0;
    this.buffer.writeUInt32BE(length, this.position + 1);
    const framed = Buffer.allocUnsafe(length + 5);
    this.buffer.copy(framed, 0, this.position);
    this.clear();
    return framed;
  }

  /** Forgets what was written, also after an error in the middle of a message. */
  clear(): void {
    if (this.buffer.length > LARGEST_KEPT) this.buffer = Buffer.allocUnsafeSlow(INITIAL_SIZE);
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
    const used = this.mark;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, used + size + 1024));
    this.buffer.copy(larger, larger.length - used, this.position);
    this.position = larger.length - used;
    this.buffer = larger;
  }
}
