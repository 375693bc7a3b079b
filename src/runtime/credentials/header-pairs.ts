/** Headers in order; names in lower case. */
export type HeaderPairs = ReadonlyArray<readonly [name: string, value: string]>;
