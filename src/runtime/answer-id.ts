import { randomFillSync } from 'node:crypto';

/** As many as a UUID has. */
const BYTES = 16;
const random = Buffer.alloc(BYTES * 256);
let next = random.length;

/** An id for an answer that the gateway writes: the prefix and 32 random hex digits, which are got for many at a time. */
export function answerId(prefix: string): string {
  if (next === random.length) {
    randomFillSync(random);
    next = 0;
  }
  next += BYTES;
  return prefix + random.toString('hex', next - BYTES, next);
}
