import * as fc from 'fast-check';
import { ExactNumber, readJson, writeJson } from '../../src/translate/exact-json';

const copied = (text: string): string => writeJson(readJson(text));

describe('numbers that a double does not hold are written as they were read', () => {
  test.each([
    '9007199254740993', '-9007199254740993', '18446744073709551615', '12345678901234567890123456789012345678901234567890', '0.12345678901234567891', '1234567890123456789e2',
    '{"id":9007199254740993}', '[1,9007199254740993,"9007199254740993",{"a":{"b":-12345678901234567890}}]', '{"9007199254740993":9007199254740993,"\\"":9007199254740993}',
  ])('%s', (text) => {
    expect(copied(text)).toBe(text);
  });

  test('white space goes, as it does in all JSON that is written anew', () => {
    expect(copied('{ "a" : 9007199254740993 ,\n"b": [ 12345678901234567890 ] }')).toBe('{"a":9007199254740993,"b":[12345678901234567890]}');
  });

  test('of a member that is there twice the last one counts', () => {
    expect(copied('{"a":9007199254740993,"a":9007199254740995}')).toBe('{"a":9007199254740995}');
  });
});

test('all others are plain numbers', () => {
  expect(readJson('[1,-2.5,1e3,9007199254740991,1234567890123456]')).toEqual([1, -2.5, 1000, 9007199254740991, 1234567890123456]);
});

test('an exact number is no object with members', () => {
  const value = readJson('9007199254740993');
  expect(value).toBeInstanceOf(ExactNumber);
  expect(Object.keys(value as object)).toEqual([]);
  expect(Number(value)).toBe(9007199254740992);
  // Who does not know of it gets what JSON.parse would have given.
  expect(JSON.stringify({ value })).toBe('{"value":9007199254740992}');
});

test.each(['{"a":9007199254740993', '{"a":00000000000000001}', '{"a":9007199254740993 9}', '9007199254740993.', '--1234567890123456789', '"1234567890123456789', '{"a":1234567890123456789x}'])(
  'what is no JSON is refused with the words of JSON.parse: %s', (text) => {
    const said = (parse: (wrong: string) => unknown): string => {
      try {
        return String(parse(text));
      } catch (error) {
        return String(error);
      }
    };
    expect(said(readJson)).toBe(said(JSON.parse));
    expect(said(readJson)).toContain('SyntaxError');
  });

test('any JSON with long numbers anywhere in it comes out as it went in', () => {
  const long = fc.bigInt({ min: 10n ** 15n, max: 10n ** 40n }).map(String);
  const leaf = fc.oneof(long, fc.string().map((text) => JSON.stringify(text)), fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)), fc.constant('null'));
  const { json } = fc.letrec<{ json: string }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 }, leaf,
      fc.array(tie('json'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
      fc.dictionary(fc.string({ minLength: 1 }).filter((name) => !/^\d+$/.test(name)), tie('json'), { maxKeys: 4, noNullPrototype: true })
        .map((object) => `{${Object.entries(object).map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
    ),
  }));
  fc.assert(fc.property(json, (text) => {
    expect(copied(text)).toBe(text);
  }));
});
