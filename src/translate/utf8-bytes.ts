/** UTF-16 units from which on a look at the text pays: for UTF-8, Node takes memory for the worst case and gives most of it back. */
const LONG = 8_192;

/** A text as UTF-8. Short ones share memory with others, which costs less than memory of their own. */
export function utf8Bytes(text: string): Uint8Array {
  return Buffer.from(text, text.length >= LONG && Buffer.byteLength(text) === text.length ? 'latin1' : 'utf8');
}
