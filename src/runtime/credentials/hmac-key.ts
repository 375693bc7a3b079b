import { hash } from 'node:crypto';

const BLOCK = 64;
const DIGEST = 32;

/**
 * A key for HMAC-SHA-256 (RFC 2104) that is used many times: its two blocks are made once. With digests that OpenSSL makes in one call it takes half
 * of `createHmac`'s time, whose objects outside of the heap cost the collector as much again.
 */
export class HmacKey {
  private readonly inner = Buffer.alloc(BLOCK, 0x36);
  private readonly outer = Buffer.alloc(BLOCK + DIGEST, 0x5c);

  /** At most 64 bytes: longer ones would have to be hashed first. */
  constructor(key: Uint8Array) {
    if (key.length > BLOCK) throw new Error(`a key of HMAC-SHA-256 has at most ${BLOCK} bytes here, not ${key.length}`);
    key.forEach((byte, index) => {
      this.inner[index] ^= byte;
      this.outer[index] ^= byte;
    });
  }

  /** The code of an ASCII text, in hex. */
  hex(text: string): string {
    const { inner, outer } = this;
    const message = Buffer.allocUnsafe(BLOCK + text.length);
    inner.copy(message);
    message.write(text, BLOCK, 'latin1');
    outer.write(hash('sha256', message, 'binary'), BLOCK, 'latin1');
    return hash('sha256', outer, 'hex');
  }
}
