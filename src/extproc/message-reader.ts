import { ConnectionBudget } from './body-budget';

const PREFIX = 5;
/** A message below this is not counted: the number of streams bounds these. */
const COUNTED_FROM = 64 * 1024;

export interface MessageSink {
  message(bytes: Buffer): void | Promise<void>;
  refused(): void;
  /** The stream cannot be read any further. */
  broken(reason: string): void;
}

/**
 * Cuts a gRPC byte stream into messages. A message that lies in one chunk is a part of that chunk; a larger one is gathered once into memory
 * of its exact size, which is taken from the budget before it is allocated.
 */
export class MessageReader {
  private readonly prefix = Buffer.allocUnsafe(PREFIX);
  private prefixLength = 0;
  private message: Buffer | undefined;
  private filled = 0;
  /** Bytes of a refused message that are still to come. */
  private skip = 0;
  private taken = 0;
  private broken = false;

  constructor(private readonly sink: MessageSink, private readonly budget: ConnectionBudget) {}

  /** A message has begun and is not complete. */
  get unfinished(): boolean {
    return this.message !== undefined || this.prefixLength > 0 || this.skip > 0;
  }

  push(chunk: Buffer): void {
    let position = 0;
    while (position < chunk.length && !this.broken) {
      if (this.skip > 0) {
        const step = Math.min(this.skip, chunk.length - position);
        this.skip -= step;
        position += step;
      } else if (this.message !== undefined) {
        position += this.fill(this.message, chunk, position);
      } else {
        position = this.begin(chunk, position);
      }
    }
  }

  /** Gives back what an unfinished message took. */
  close(): void {
    this.broken = true;
    this.message = undefined;
    this.give(this.taken);
    this.taken = 0;
  }

  /** Reads the prefix, which may come in pieces, and the message where it is complete. Returns where reading goes on. */
  private begin(chunk: Buffer, from: number): number {
    let position = from;
    while (this.prefixLength < PREFIX && position < chunk.length) this.prefix[this.prefixLength++] = chunk[position++];
    if (this.prefixLength < PREFIX) return position;
    this.prefixLength = 0;
    if (this.prefix[0] !== 0) {
      this.broken = true;
      this.sink.broken(this.prefix[0] === 1 ? 'compressed messages are not supported' : 'this is not a gRPC message');
      return position;
    }
    const length = this.prefix.readUInt32BE(1);
    if (length < COUNTED_FROM && length <= chunk.length - position) {
      void this.sink.message(chunk.subarray(position, position + length));
      return position + length;
    }
    if (length >= COUNTED_FROM) {
      if (!this.budget.take(length)) {
        this.skip = length;
        this.sink.refused();
        return position;
      }
      this.taken = length;
    }
    this.message = Buffer.allocUnsafe(length);
    this.filled = 0;
    return position;
  }

  private fill(message: Buffer, chunk: Buffer, position: number): number {
    const step = Math.min(message.length - this.filled, chunk.length - position);
    chunk.copy(message, this.filled, position, position + step);
    this.filled += step;
    if (this.filled < message.length) return step;
    const { taken } = this;
    this.message = undefined;
    this.taken = 0;
    const work = this.sink.message(message);
    if (work instanceof Promise) work.then(() => this.give(taken), () => this.give(taken));
    else this.give(taken);
    return step;
  }

  private give(bytes: number): void {
    if (bytes > 0) this.budget.give(bytes);
  }
}
