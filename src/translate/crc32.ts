/* eslint-disable no-bitwise -- a checksum is bits */
/** What a byte does to the checksum when so many more bytes follow it: with eight of these tables, eight bytes are taken at once. */
const TABLES: readonly Uint32Array[] = tables();
const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES;

function tables(): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  const made = [first];
  while (made.length < 8) made.push(made[made.length - 1].map((value) => first[value & 0xff] ^ (value >>> 8)));
  return made;
}

/** CRC-32 (IEEE 802.3) of `bytes` from `start` to `end`, as AWS event streams use it. */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  let value = 0xffffffff;
  let index = start;
  for (const last = end - 7; index < last; index += 8) {
    value ^= bytes[index] | bytes[index + 1] << 8 | bytes[index + 2] << 16 | bytes[index + 3] << 24;
    value = T7[value & 0xff] ^ T6[(value >>> 8) & 0xff] ^ T5[(value >>> 16) & 0xff] ^ T4[value >>> 24]
      ^ T3[bytes[index + 4]] ^ T2[bytes[index + 5]] ^ T1[bytes[index + 6]] ^ T0[bytes[index + 7]];
  }
  for (; index < end; index += 1) value = T0[(value ^ bytes[index]) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
