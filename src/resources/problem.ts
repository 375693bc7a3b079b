/** One thing wrong with one object: what a person needs to find it and mend it. Never holds a credential. */
export interface Problem {
  /** File (with line or document number) or `cluster`. */
  readonly source: string;
  /** `LLMRoute default/chat`, or empty where the text is no object at all. */
  readonly object: string;
  /** `spec.rules[0].backendRefs[1].weight`. */
  readonly path: string;
  /** What is wrong, what is allowed, what to do; lower case, no full stop. */
  readonly message: string;
}

/** The same for two problems that say the same of one object. */
export function identityOf({ object, path, message }: Problem): string {
  return `${object}\n${path}\n${message}`;
}
