import { RestrictedNames } from '../request/restricted-names';

/**
 * Names of functions as every Gemini model takes them, and back: as `RestrictedNames`, and with a letter or an underscore at the start.
 * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/function-calling
 */
export class FunctionNames {
  private readonly begun = new Map<string, string>();
  private readonly originals = new Map<string, string>();
  private readonly names: RestrictedNames;

  constructor(originals: Iterable<string>) {
    const all = new Set(originals);
    for (const name of [...all].sort()) {
      let begun = name;
      while (/^[\d-]/.test(begun) || begun !== name && (all.has(begun) || this.originals.has(begun))) {
        begun = `_${begun}`;
      }
      this.begun.set(name, begun);
      this.originals.set(begun, name);
    }
    this.names = new RestrictedNames(this.originals.keys());
  }

  /** What Gemini is told; a name that was not given to the constructor comes back unchanged. */
  restricted(name: string): string {
    return this.names.restricted(this.begun.get(name) ?? name);
  }

  /** What the client calls it; a name that the model made up comes back unchanged. */
  original(restricted: string): string {
    const begun = this.names.original(restricted);
    return this.originals.get(begun) ?? begun;
  }
}
