/** Bytes of text a token, roughly, in any of the languages that models are good at. */
const BYTES_A_TOKEN = 4;
/** Of one piece of an answer, as much is looked at. */
const LARGEST_SAMPLE = 16_384;

/** Where the clients' dialects have what a model says. Strings that were cut by a chunk's end are few and do not count. */
const SAID = /"(?:content|text|delta|arguments|partial_json|thinking|reasoning|reasoning_content|refusal)":[ \t]*"((?:[^"\\]|\\.)*)"/g;

/** Media in a JSON body: data URLs, and strings in fields that providers call so. */
const MEDIA = [';base64,', '"data":"', '"data": "'] as const;

/** About how many tokens a request's JSON holds; media do not count. */
export function promptTokens(body: Uint8Array): number {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const media = MEDIA.reduce((sum, sign) => sum + mediaBytes(bytes, sign), 0);
  return Math.ceil(Math.max(bytes.length - media, 0) / BYTES_A_TOKEN);
}

/**
 * About how many tokens a model has said, by the bytes that went to the client. What of these is text is measured in single pieces, when somebody asks.
 */
export class AnswerEstimate {
  private bytes = 0;
  private sampledBytes = 0;
  private sampledText = 0;

  add(bytes: number): void {
    this.bytes += bytes;
  }

  /** With this piece, which was added before, as the next sample. */
  sample(piece: Uint8Array): void {
    const text = Buffer.from(piece.buffer, piece.byteOffset, Math.min(piece.byteLength, LARGEST_SAMPLE)).toString('latin1');
    this.sampledBytes += text.length;
    for (const [, said] of text.matchAll(SAID)) this.sampledText += said.length;
  }

  get tokens(): number {
    return this.sampledBytes === 0 ? 0 : Math.floor(this.bytes * (this.sampledText / this.sampledBytes) / BYTES_A_TOKEN);
  }

  /** From here on only what follows counts. */
  restart(): void {
    this.bytes = 0;
  }
}

function mediaBytes(bytes: Buffer, sign: string): number {
  let sum = 0;
  for (let found = bytes.indexOf(sign); found >= 0; found = bytes.indexOf(sign, found + 1)) {
    const start = found + sign.length;
    const end = bytes.indexOf('"', start);
    if (end < 0) return sum;
    // A data URL in such a field is found by its own sign.
    if (sign === ';base64,' || !bytes.subarray(start, Math.min(end, start + 5)).equals(DATA_URL)) sum += end - start;
    found = end;
  }
  return sum;
}

const DATA_URL = Buffer.from('data:');
