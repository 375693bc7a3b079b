import * as fc from 'fast-check';
import { compileAtSynth } from '../src/regular-expression';
import { compileRe2 } from '../src/runtime/re2';

test.each(['(?=a)b', '(?!a)b', '(?<=a)b', '(?<!a)b', '(?>a)b', '(a)\\1', '(?<n>a)\\k<n>', '[]a]', '[^]a]', '\\cA', '\\u0041', '(', 'a**', '\\R', '*'])('refuses %s, as RE2 does or what JavaScript reads differently', (source) => {
  expect(() => compileAtSynth(source)).toThrow();
});

test.each(['gpt-4.*', '(?i)mistral-.*', '(?P<size>\\d+)b', '\\Agpt\\z', '\\Qa.b\\E', '\\pL+', '[[:alpha:]]+', '[(?=]x', '\\(?=x', 'a|b', '[\\]a]'])('takes %s, as RE2 does', (source) => {
  expect(() => compileRe2(source)).not.toThrow();
  expect(() => compileAtSynth(source)).not.toThrow();
});

test('matches the whole value', () => {
  const expression = compileAtSynth('a|bc');

  expect(['a', 'bc', 'abc', 'xa', ''].map((value) => expression.test(value))).toEqual([true, true, false, false, false]);
});

test('never says that a value matches when RE2 says it does not', () => {
  const piece = fc.constantFrom('a', 'b', '.', '.*', '(a|b)', '[a-c]', '[^a]', '\\d', '\\w+', 'a?', '(?i)a', '(?:ab)', '\\.', 'b{2}', '^', '$', '\\A', '\\z', '\n');
  fc.assert(fc.property(fc.array(piece, { maxLength: 5 }), fc.string({ unit: fc.constantFrom('a', 'b', 'A', '1', '.', '\n'), maxLength: 6 }), (pieces, value) => {
    const source = pieces.join('');
    fc.pre(!throws(() => compileRe2(source)) && !throws(() => compileAtSynth(source)));
    if (compileAtSynth(source).test(value)) expect({ source, value, matches: compileRe2(source).test(value) }).toEqual({ source, value, matches: true });
  }), { numRuns: 500 });
});

function throws(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch {
    return true;
  }
}
