/**
 * Takes a chat answer as objects, for a translator that goes on from chat completions: what is only read again is not written before.
 * Errors do not come here: they are written, and stand in `failure`.
 */
export interface ChatSink {
  chunk(chunk: object): void;
  /** The stream ended as it should. */
  done(): void;
  /** A whole chat completion. */
  completion(completion: object): void;
}

/** Keeps a chat answer until it is read. */
export class KeptChat implements ChatSink {
  /** The stream ended as it should. */
  ended = false;
  /** The whole chat completion, once it is there. */
  whole: object | undefined;
  private chunks: object[] = [];

  chunk(chunk: object): void {
    this.chunks.push(chunk);
  }

  done(): void {
    this.ended = true;
  }

  completion(completion: object): void {
    this.whole = completion;
  }

  /** The chunks that came since the last time. */
  take(): readonly object[] {
    if (this.chunks.length === 0) {
      return NONE;
    }
    const { chunks } = this;
    this.chunks = [];
    return chunks;
  }
}

const NONE: readonly object[] = [];
