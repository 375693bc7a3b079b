import { concatBytes } from './concat-bytes';
import { ByteRange } from './top-level-scanner';

/** What stands in place of a range; an empty range is an insertion. */
export interface Splice extends ByteRange {
  readonly text: string;
}

/** A copy of the bytes with these changes, which must not overlap. */
export function spliceBytes(bytes: Uint8Array, splices: readonly Splice[]): Uint8Array {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  let position = 0;
  for (const { start, end, text } of [...splices].sort((a, b) => a.start - b.start)) {
    parts.push(bytes.subarray(position, start), encoder.encode(text));
    position = end;
  }
  return concatBytes([...parts, bytes.subarray(position)]);
}
