import * as fc from 'fast-check';
import { bytesOf, textOf } from './replay';
import { BodyPieces } from '../../src/translate/body-pieces';
import { jsonBody, jsonBytes, jsonText } from '../../src/translate/json-bytes';
import { isBlank, LongText } from '../../src/translate/long-text';
import { LONG_TEXT, readLongTexts, withLongTexts } from '../../src/translate/read-long-texts';
import { readRequestBody } from '../../src/translate/scan-request-body';

const LENGTH = 40;
const long = (text: string) => text.padEnd(LENGTH + 1, 'x');
const read = (json: string) => withLongTexts(bytesOf(json), LENGTH);
const chat = (content: unknown) => JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] });

/** As JSON.parse reads it, and how many texts of it are long. */
function plain(value: unknown, counted: LongText[] = []): unknown {
  if (value instanceof LongText) {
    counted.push(value);
    return value.toString();
  }
  if (Array.isArray(value)) return value.map((item) => plain(item, counted));
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member, counted)])) : value;
}

describe('texts of a prompt stay as they came', () => {
  test.each<[string, object, number]>([
    ['content of a message', { messages: [{ role: 'user', content: long('a') }] }, 1],
    ['parts of it, in either role', { messages: [{ content: [{ type: 'text', text: long('a') }, { type: 'text', text: 'short' }] }, { content: [{ text: long('b') }] }] }, 2],
    ['results of tools', { messages: [{ role: 'user', content: [{ type: 'tool_result', content: [{ type: 'text', text: long('a') }] }, { type: 'tool_result', content: long('b') }] }] }, 2],
    ['system text', { system: long('a'), messages: [] }, 1],
    ['blocks of system text', { system: [{ type: 'text', text: long('a') }] }, 1],
    ['input and instructions', { input: long('a'), instructions: long('b') }, 2],
    ['texts to embed', { input: [long('a'), 'b', long('c')] }, 2],
    ['items of input', { input: [{ role: 'user', content: [{ type: 'input_text', text: long('a') }] }] }, 1],
  ])('%s', (_, request, count) => {
    const texts: LongText[] = [];
    expect(plain(read(JSON.stringify(request)), texts)).toEqual(request);
    expect(texts).toHaveLength(count);
  });

  test.each<[string, object]>([
    ['what a tool is called with', { messages: [{ role: 'assistant', content: [{ type: 'tool_use', input: { content: long('a'), text: long('b') } }] }] }],
    ['arguments', { messages: [{ role: 'assistant', tool_calls: [{ function: { arguments: long('{') } }] }] }],
    ['images', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: long('data:image/png;base64,') } }, { type: 'image', source: { data: long('iVBO') } }] }] }],
    ['tools', { tools: [{ text: long('a'), content: long('b'), messages: long('c') }] }],
    ['other members at the top', { prompt: long('a'), content: long('b'), text: long('c') }],
    ['short ones', { messages: [{ content: 'x'.repeat(LENGTH - 2), x: long('a') }] }],
  ])('but not: %s', (_, request) => {
    expect(read(JSON.stringify(request))).toBeUndefined();
  });
});

describe('JSON.parse reads instead', () => {
  test.each<[string, string]>([
    ['a line break in the text', chat(long('a\n')).replace('\\n', '\n')],
    ['an escape that JSON does not have', chat(long('a\n')).replace('\\n', '\\x')],
    ['a text without an end', chat(long('a')).slice(0, -5)],
    ['something behind the object', `${chat(long('a'))}x`],
    ['no comma', chat(long('a')).replace(',"messages"', '"messages"')],
    ['the messages twice, first', `{"messages":[{"content":"${long('a')}"}],"messages":[]}`],
    ['the content twice, first', `{"messages":[{"content":"${long('a')}","content":"b"}]}`],
    ['a name with an escape', `{"m\\u0065ssages":[{"content":"${long('a')}"}]}`],
    ['no object', JSON.stringify([{ content: long('a') }])],
    ['a deep nest of contents', `{"messages":${'[{"content":'.repeat(20)}"${long('a')}"${'}]'.repeat(20)}}`],
  ])('%s', (_, json) => {
    expect(read(json)).toBeUndefined();
  });

  test('broken UTF-8', () => {
    const bytes = bytesOf(chat(long('ü')));
    bytes[bytes.indexOf(0xc3) + 1] = 0x20;
    expect(withLongTexts(bytes, LENGTH)).toBeUndefined();
  });

  test('the last of two contents is the one that counts, as for JSON.parse', () => {
    const json = `{"messages":[{"content":"${long('a')}","content":"${long('b')}"}]}`;
    expect(plain(read(json) ?? JSON.parse(json))).toEqual(JSON.parse(json));
  });
});

const text = fc.array(fc.constantFrom('a', '"', '\\', '\n', 'ü', '👋', '\ud800', '[', '{', ',', ':', '"content":', '\u2028'), { maxLength: 90, size: 'max' })
  .map((characters) => characters.join(''));
const part = fc.record({ type: fc.constant('text'), text, content: text, more: text }, { requiredKeys: [] });
const message = fc.record({ role: fc.constantFrom('user', 'assistant'), content: fc.oneof(text, fc.array(part, { maxLength: 4 })), name: text }, { requiredKeys: [] });
const request = fc.record({
  model: text,
  messages: fc.array(message, { maxLength: 4 }),
  system: fc.oneof(text, fc.array(part, { maxLength: 2 })),
  seed: fc.constantFrom(1, -0.5e9),
  tools: fc.array(part, { maxLength: 2 }),
}, { requiredKeys: [] });

test('any request reads as by JSON.parse, and is written so that it reads alike', () => {
  fc.assert(fc.property(request, fc.nat(60), fc.constantFrom(undefined, 2, '\t'), (value, length, space) => {
    const json = JSON.stringify(value, null, space);
    const made = withLongTexts(bytesOf(json), length + 2);
    const parsed = JSON.parse(json) as unknown;
    expect(plain(made ?? parsed)).toEqual(parsed);
    expect(JSON.parse(textOf(jsonBody(made ?? parsed)))).toEqual(parsed);
    // Text, and JSON in JSON, has the strings themselves.
    expect(JSON.parse(jsonText(made ?? parsed))).toEqual(parsed);
    expect(JSON.parse((JSON.parse(textOf(jsonBytes({ arguments: jsonText(made ?? parsed) }))) as { arguments: string }).arguments)).toEqual(parsed);
  }), { numRuns: 1_500 });
});

test('bytes that were changed anywhere are read as by JSON.parse, or not at all', () => {
  const change = fc.tuple(fc.nat(), fc.constantFrom(0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x3a, 0x0a, 0x61, 0xff));
  fc.assert(fc.property(request, fc.array(change, { minLength: 1, maxLength: 3 }), (value, changes) => {
    const bytes = bytesOf(JSON.stringify(value));
    for (const [place, byte] of changes) bytes[place % bytes.length] = byte;
    const made = withLongTexts(bytes, 2);
    if (made !== undefined) expect(plain(made)).toEqual(JSON.parse(textOf(bytes)));
  }), { numRuns: 3_000 });
});

describe('a body that is written', () => {
  test('has the very bytes of the text, which are not copied', () => {
    const bytes = bytesOf(chat('é\\u00e9'.padEnd(2 * LONG_TEXT, 'x')).replaceAll('\\\\', '\\'));
    const json = readRequestBody(bytes).json() as { messages: [{ content: LongText }] };
    const body = jsonBody({ contents: [{ text: json.messages[0].content }] });
    expect(body).toBeInstanceOf(BodyPieces);
    const { pieces } = body as BodyPieces;
    expect(pieces.map((piece) => piece.buffer === bytes.buffer)).toEqual([false, true, false]);
    expect(Buffer.from(pieces[1]).toString()).toContain('é\\u00e9');
    expect(body.length).toBe((body as BodyPieces).joined().length);
  });

  test('is one piece where no text is long', () => {
    expect(jsonBody({ a: 'b' })).toBeInstanceOf(Uint8Array);
  });
});

describe('blank', () => {
  test.each<[string, boolean]>([
    ['', true], [' ', true], ['\n\t ', true], ['\u3000\u00a0\u2028', true], [' '.repeat(200), true], ['a', false], ['\u00e9', false], ['日本', false], ['\n\nHi', false], [`${' '.repeat(200)}x`, false],
    ['\u200b', false], ['"', false], ['\\', false], ['\ufeff', true], ['\u0000', false], ['👋', false],
  ])('%j: %s', (value, blank) => {
    expect([isBlank(value), isBlank(new LongText(bytesOf(JSON.stringify(value))))]).toEqual([blank, blank]);
  });
});

describe('worth the trouble', () => {
  const of = (...lengths: readonly number[]) => readLongTexts(bytesOf(JSON.stringify({ messages: lengths.map((length) => ({ role: 'user', content: 'x'.repeat(length) })) })));

  test.each<[string, readonly number[], boolean]>([
    ['one text', [2 * LONG_TEXT + 100], true],
    ['a megabyte', [1_000_000], true],
    ['several', [30_000, 10, 20_000, 200], true],
    ['short ones alone', Array.from({ length: 1_000 }, () => 100), false],
    ['one among many short ones', [...Array.from({ length: 1_000 }, () => 100), 20_000], false],
    ['nothing', [], false],
  ])('%s', (_, lengths, worth) => {
    expect(of(...lengths) !== undefined).toBe(worth);
  });

  test('also where quotes in the text are escaped', () => {
    expect(readLongTexts(bytesOf(chat('say "x" and \\ '.repeat(2_000))))).toBeDefined();
  });
});
