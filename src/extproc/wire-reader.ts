/** A message that ends early, or holds what protobuf does not allow. */
export class WireError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WireError';
  }
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/**
 * Reads protobuf fields in place: nothing is copied, nested messages are ranges of the same bytes. Driven as
 * `while (reader.next()) switch (reader.field) ...`; a field that is not read is passed over. Throws `WireError`.
 */
export class WireReader {
  /** Number of the field that `next` came to. */
  field = 0;
  /** Of a length-delimited field: where its bytes are. */
  start = 0;
  end = 0;
  /** Of a varint field. */
  value = 0;

  private position: number;
  private limit: number;

  constructor(readonly bytes: Buffer, start = 0, end = bytes.length) {
    this.position = start;
    this.limit = end;
  }

  /** Begins anew on another range of the same bytes. */
  reset(start: number, end: number): void {
    this.position = start;
    this.limit = end;
  }

  /** False at the end of the range. */
  next(): boolean {
    if (this.position >= this.limit) return false;
    const tag = this.varint();
    this.field = tag >>> 3;
    this.start = this.end = this.value = 0;
    switch (tag & 7) {
      case VARINT: this.value = this.varint(); break;
      case LENGTH_DELIMITED: {
        const length = this.varint();
        this.start = this.position;
        this.end = this.position = this.position + length;
        break;
      }
      case FIXED64: this.position += 8; break;
      case FIXED32: this.position += 4; break;
      default: throw new WireError(`field ${this.field} has wire type ${tag & 7}`);
    }
    if (this.field === 0) throw new WireError('a field has number 0');
    if (this.position > this.limit) throw new WireError(`field ${this.field} ends after its message`);
    return true;
  }

  /** Of a length-delimited field, as text. */
  text(): string {
    return this.bytes.toString('utf8', this.start, this.end);
  }

  /** Exact up to 2^53; larger numbers only have to be passed over. */
  private varint(): number {
    const { bytes } = this;
    let byte = bytes[this.position++];
    if (byte < 0x80) {
      return byte;
    }
    let value = byte & 0x7f;
    let scale = 128;
    for (let count = 1; count < 10; count++) {
      if (this.position >= this.limit) break;
      byte = bytes[this.position++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new WireError('a number does not end');
  }
}
