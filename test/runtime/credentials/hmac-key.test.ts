import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { HmacKey } from '../../../src/runtime/credentials/hmac-key';

test('any key and texts: what createHmac gives', () => fc.assert(fc.property(
  fc.uint8Array({ maxLength: 64 }), fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 300 }), { minLength: 1, maxLength: 3 }),
  (bytes, texts) => {
    const key = new HmacKey(bytes);
    for (const text of texts) expect(key.hex(text)).toBe(createHmac('sha256', bytes).update(text).digest('hex'));
  },
), { numRuns: 300 }));

test('a key that is too long is refused', () => {
  expect(() => new HmacKey(new Uint8Array(65))).toThrow('at most 64 bytes here, not 65');
});
