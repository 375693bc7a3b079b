import * as fc from 'fast-check';
import { bytesOf } from './replay';
import { skipString } from '../../src/translate/skip-json';
import { isValidLiteral } from '../../src/translate/valid-literal';

const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', ' ', 'ü', '日', '👋', '\u007f', '\u0080', '!', '[', '\\\\', '\\n', '\\"', '\\u00e9', '\\ud800', '\\/') },
  { weight: 1, arbitrary: fc.constantFrom('\n', '\u0000', '\u001f', '\t', '\\', '\\x', '\\u12', '\\u12g4', '\\uABCD', '\\U0041') },
);
const inside = fc.array(character, { maxLength: 40, size: 'max' }).map((characters) => characters.join(''));

function taken(json: string): boolean {
  try {
    return typeof JSON.parse(json) === 'string';
  } catch {
    return false;
  }
}

test('what JSON.parse takes, wherever it lies in memory', () => {
  fc.assert(fc.property(inside, fc.nat(9), fc.boolean(), (text, offset, plain) => {
    const literal = `"${plain ? text.replace(/[\n\u0000\u001f\t]/g, 'x') : text}"`;
    const memory = bytesOf(`${'.'.repeat(offset)}${literal}..`);
    const end = bytesOf(literal).length;
    fc.pre(skipString(memory, offset) === offset + end);
    expect(isValidLiteral(memory.subarray(offset), 0, end)).toBe(taken(literal));
    expect(isValidLiteral(memory, offset, offset + end)).toBe(isValidLiteral(memory.subarray(offset), 0, end));
  }), { numRuns: 3_000 });
});

test.each([...Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)), '\\', '\\x', '\\u123'])('not with %j anywhere', (wrong) => {
  for (let before = 0; before < 12; before++) {
    for (let behind = 0; behind < 12; behind++) {
      const literal = bytesOf(`"${'a'.repeat(before)}${wrong}${'z'.repeat(behind)}"`);
      expect(isValidLiteral(literal, 0, literal.length)).toBe(false);
    }
  }
});

test.each(['', 'a', 'ÿ\u0080', '\u007f', '\\n', '\\u0000', '\\ud83d\\ude00'])('with %j', (text) => {
  for (let before = 0; before < 12; before++) {
    const literal = bytesOf(`"${'a'.repeat(before)}${text}"`);
    expect(isValidLiteral(literal, 0, literal.length)).toBe(true);
  }
});
