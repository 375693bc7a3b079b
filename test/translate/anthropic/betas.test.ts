import { betasOf } from '../../../src/translate/anthropic/betas';

test.each([
  [undefined, []], ['', []], [' , ', []], ['a', ['a']], ['a,b', ['a', 'b']], [' a , b,a', ['a', 'b']],
])('A26 header %j names %j', (header, betas) => {
  expect(betasOf(header)).toEqual(betas);
});
