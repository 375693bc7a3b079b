import { RE2JS } from 're2js';

/** Compiles RE2 syntax; matches the whole value in linear time, as Envoy does. Throws on a syntax error. */
export function compileRe2(source: string): { test(value: string): boolean } {
  const pattern = RE2JS.compile(source);
  return { test: (value) => pattern.matches(value) };
}
