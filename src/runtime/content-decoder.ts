import { Gunzip, Unzlib } from 'fflate';

/** Undoes a content-encoding in one pass, chunk by chunk: what can be decoded now comes out now. Throws on broken data. */
export interface ContentDecoder {
  push(chunk: Uint8Array): Uint8Array;
  /** What was held back. Throws when the data broke off. */
  end(): Uint8Array;
}

/** A decoder for the encoding; `undefined`: none is needed. Throws for an encoding that we never asked for and cannot undo. */
export function contentDecoder(encoding: string | undefined): ContentDecoder | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case undefined: case '': case 'identity': return undefined;
    case 'gzip': case 'x-gzip': return new InflatingDecoder((sink) => new Gunzip(sink));
    case 'deflate': return new InflatingDecoder((sink) => new Unzlib(sink));
    default: throw new Error(`the provider answered with content-encoding ${encoding ?? ''}, which was not asked for; gzip, deflate and identity are understood`);
  }
}

interface Inflater {
  push(chunk: Uint8Array, final?: boolean): void;
}

class InflatingDecoder implements ContentDecoder {
  private readonly inflater: Inflater;
  private out: Uint8Array[] = [];
  private started = false;

  constructor(create: (sink: (data: Uint8Array) => void) => Inflater) {
    this.inflater = create((data) => { if (data.length > 0) this.out.push(data); });
  }

  push(chunk: Uint8Array): Uint8Array {
    if (chunk.length === 0) return chunk;
    this.started = true;
    this.inflater.push(chunk);
    return this.take();
  }

  end(): Uint8Array {
    // Some servers announce gzip and send no byte at all: an empty body.
    if (this.started) this.inflater.push(new Uint8Array(0), true);
    return this.take();
  }

  private take(): Uint8Array {
    const parts = this.out;
    this.out = [];
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }
}
