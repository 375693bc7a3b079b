import { BodyPieces, SentBody } from './body-pieces';
import { ByteRange } from './top-level-scanner';
import { utf8Bytes } from './utf8-bytes';

/** Bytes from which on what stays as it is is not copied. */
const LARGE = 64 * 1024;

/** What stands in place of a range; an empty range is an insertion. */
export interface Splice extends ByteRange {
  readonly text: string;
}

/** The bytes with these changes, which must not overlap; the original stays as it is. */
export function spliceBytes(bytes: Uint8Array, splices: readonly Splice[]): SentBody {
  const parts: Uint8Array[] = [];
  let position = 0;
  for (const { start, end, text } of [...splices].sort((a, b) => a.start - b.start)) {
    parts.push(bytes.subarray(position, start), utf8Bytes(text));
    position = end;
  }
  parts.push(bytes.subarray(position));
  const body = new BodyPieces(parts);
  return body.length < LARGE ? body.joined() : body;
}
