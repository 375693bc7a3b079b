/** A copy from `start` on that shares no memory with `bytes`. The `slice` of a Buffer, which servers hand in, is only a view of it. */
export function copyBytes(bytes: Uint8Array, start = 0): Uint8Array {
  return new Uint8Array(bytes.subarray(start));
}
