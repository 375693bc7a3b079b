/** Clients make up names without end. */
const MOST = 1_000;
/** No name of a model is longer; what is, is worked out anew each time. */
const LONGEST = 256;

/** The function, which keeps what it gave for texts that come again with every request, such as names of models. What it throws is not kept. */
export function remembered<T>(work: (text: string) => T): (text: string) => T {
  const kept = new Map<string, { readonly result: T }>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) {
      return known.result;
    }
    const result = work(text);
    if (text.length <= LONGEST) {
      if (kept.size >= MOST) {
        kept.clear();
      }
      kept.set(text, { result });
    }
    return result;
  };
}
