import { compileRe2 } from '../../src/runtime/re2';

test('the whole value must match', () => {
  const expression = compileRe2('gpt-4|gpt-5');
  expect(['gpt-4', 'gpt-5', 'xgpt-4', 'gpt-5x', 'gpt-4\n'].map((value) => expression.test(value))).toEqual([true, true, false, false, false]);
});

test.each(['(a)\\1', '(?=a)', '(', '[', 'a**'])('%s is no RE2 syntax', (source) => {
  expect(() => compileRe2(source)).toThrow();
});

test('an expression that makes a backtracking engine run for ever ends', () => {
  expect(compileRe2('(a+)+b').test('a'.repeat(5_000))).toBe(false);
});
