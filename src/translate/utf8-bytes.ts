/** A text as UTF-8. Short ones share memory with others, which costs less than memory of their own. */
export function utf8Bytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
