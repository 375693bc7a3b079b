/** One thing wrong inside an object. */
export interface Finding {
  /** `spec.rules[0].matches[1].path.value`. */
  readonly path: string;
  /** What is wrong, what is allowed, what to do; lower case, no full stop. */
  readonly message: string;
}
