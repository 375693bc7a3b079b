import { concatBytes } from './concat-bytes';
import { readJson } from './exact-json';

const decoder = new TextDecoder();

/** A body put together from its chunks, for answers that can only be read whole. */
export class CollectedBody {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  /** What goes beyond `limit` bytes makes the body empty. */
  constructor(private readonly limit = Infinity) {}

  push(chunk: Uint8Array): void {
    this.length += chunk.length;
    if (chunk.length > 0 && this.length <= this.limit) {
      // A copy: the chunk may lie in a buffer that its owner uses again. In Node's pool, for memory of its own costs three times as much.
      this.chunks.push(Buffer.from(chunk));
    }
  }

  text(): string {
    return this.length <= this.limit ? decoder.decode(concatBytes(this.chunks)) : '';
  }

  /** `undefined`: no JSON. */
  json(): unknown {
    try {
      return readJson(this.text());
    } catch {
      return undefined;
    }
  }
}
