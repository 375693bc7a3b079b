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
    case 'gzip': case 'x-gzip': return new InflatingDecoder((sink) => new Gunzip(sink), SMALLEST_GZIP);
    case 'deflate': return new InflatingDecoder((sink) => new Unzlib(sink), SMALLEST_ZLIB);
    default: throw new Error(`the provider answered with content-encoding ${encoding ?? ''}, which was not asked for; gzip, deflate and identity are understood`);
  }
}

/** Bytes of a header, an empty block and a checksum. The inflaters say nothing of a header that broke off. */
const SMALLEST_GZIP = 20;
const SMALLEST_ZLIB = 8;

interface Inflater {
  push(chunk: Uint8Array, final?: boolean): void;
}

class InflatingDecoder implements ContentDecoder {
  private readonly inflater: Inflater;
  private out: Uint8Array[] = [];
  private received = 0;

  constructor(create: (sink: (data: Uint8Array) => void) => Inflater, private readonly smallest: number) {
    this.inflater = create((data) => { if (data.length > 0) this.out.push(data); });
  }

  push(chunk: Uint8Array): Uint8Array {
    if (chunk.length === 0) return chunk;
    this.received += chunk.length;
    // A copy: the inflater keeps what it cannot use yet, and the chunk may lie in a buffer that its owner uses again.
    this.inflater.push(new Uint8Array(chunk));
    return this.take();
  }

  end(): Uint8Array {
    // Some servers announce gzip and send no byte at all: an empty body.
    if (this.received === 0) return new Uint8Array(0);
    if (this.received < this.smallest) throw new Error('the compressed data broke off in its header');
    this.inflater.push(new Uint8Array(0), true);
    return this.take();
  }

  private take(): Uint8Array {
    const parts = this.out;
    this.out = [];
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }
}
