import { remembered } from '../../src/translate/remembered';

test('works a text out once, also where the result is undefined', () => {
  const asked: string[] = [];
  const length = remembered((text) => {
    asked.push(text);
    return text === '' ? undefined : text.length;
  });
  expect(['a', '', 'bb', 'a', '', 'bb'].map(length)).toEqual([1, undefined, 2, 1, undefined, 2]);
  expect(asked).toEqual(['a', '', 'bb']);
});

test('what it throws comes again', () => {
  let thrown = 0;
  const refuse = remembered((text) => { throw new Error(`${text} ${thrown += 1}`); });
  expect(() => refuse('a')).toThrow('a 1');
  expect(() => refuse('a')).toThrow('a 2');
});

test('keeps neither names without end nor long ones', () => {
  let calls = 0;
  const same = remembered((text) => {
    calls += 1;
    return text;
  });
  for (let index = 0; index < 5_000; index += 1) expect(same(`model-${index}`)).toBe(`model-${index}`);
  expect(calls).toBe(5_000);
  same('model-4999');
  expect(calls).toBe(5_000);
  same('model-0');
  expect(calls).toBe(5_001);
  const long = 'x'.repeat(257);
  same(long);
  same(long);
  expect(calls).toBe(5_003);
});
