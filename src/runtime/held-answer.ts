import { Answer, ResponseBytes, ResponseHeadOut } from './exchange';
import { copyBytes } from '../translate/copy-bytes';

/**
 * What tells whether an answer is one: of what is `translated` as a whole, the translator at the end; of `json` that passes as it is, whether it
 * is JSON to the end; of a `stream`, its first event. An `error` is known to be one by its status.
 */
export type Telling = 'translated' | 'json' | 'stream' | 'error';

/** Bytes; of a larger answer the rest passes as it comes. */
const LARGEST_HELD = 4 * 1024 * 1024;

/** An answer whose head must not go out before its body has said whether it is one, with what would go out behind it. */
export class HeldAnswer {
  private pieces: Uint8Array[] = [];
  private size = 0;
  private metadata: ResponseBytes['metadata'];

  constructor(private readonly head: ResponseHeadOut, private readonly telling: Telling) {}

  get isError(): boolean {
    return this.telling === 'error';
  }

  get status(): number {
    return this.head.status;
  }

  add({ bytes, metadata }: ResponseBytes): void {
    this.metadata = metadata ?? this.metadata;
    if (bytes.length === 0) return;
    // A copy: it may lie in a buffer that its owner uses again.
    this.pieces.push(copyBytes(bytes));
    this.size += bytes.length;
  }

  /** No later byte can change what the answer is, or there are too many to wait for. */
  get begun(): boolean {
    if (this.telling === 'translated') return false;
    return this.size > LARGEST_HELD || (this.telling === 'stream' && hasEvent(this.bytes));
  }

  /** Whether the body, which has ended, is a whole one, as far as that can be told here. */
  get whole(): boolean {
    if (this.telling === 'translated' || this.size === 0 || (this.telling === 'stream' && hasEvent(this.bytes))) return true;
    // Some answer a stream request with one JSON object.
    try {
      JSON.parse(this.bytes.toString('utf8'));
      return true;
    } catch {
      return false;
    }
  }

  released(): ResponseBytes {
    return { bytes: this.bytes, head: this.head, ...(this.metadata === undefined ? {} : { metadata: this.metadata }) };
  }

  /** An error in its place. */
  replaced({ status, headers, body, metadata = this.metadata }: Answer): ResponseBytes {
    const { head } = this;
    const names = new Set(headers.map(([name]) => name));
    return {
      bytes: body,
      head: {
        ...head,
        status,
        setHeaders: [...head.setHeaders.filter(([name]) => !names.has(name)), ...headers],
        removeHeaders: [...new Set([...head.removeHeaders, 'content-length', 'content-encoding'])].filter((name) => !names.has(name)),
        bodyUnchanged: false,
      },
      ...(metadata === undefined ? {} : { metadata }),
    };
  }

  private get bytes(): Buffer {
    const whole = this.pieces.length === 1 ? Buffer.from(this.pieces[0].buffer, this.pieces[0].byteOffset, this.pieces[0].length) : Buffer.concat(this.pieces);
    this.pieces = [whole];
    return whole;
  }
}

/** Whether there is a whole event with data in it; comments, which some providers send while a model thinks, are none. */
function hasEvent(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  const data = text.startsWith('data:') ? 0 : text.indexOf('\ndata:');
  return data >= 0 && (text.includes('\n\n', data + 1) || text.includes('\n\r\n', data + 1));
}
