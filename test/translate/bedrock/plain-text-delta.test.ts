import fc from 'fast-check';
import { EventStreamMessage } from '../../../src/translate/bedrock/event-stream-decoder';
import { plainTextDelta } from '../../../src/translate/bedrock/plain-text-delta';

/** Bytes before and behind belong to other frames. */
function read(payload: string | Uint8Array): string | undefined {
  const bytes = Buffer.concat([Buffer.from('"x'), typeof payload === 'string' ? Buffer.from(payload) : payload, Buffer.from('"}')]);
  return plainTextDelta(new EventStreamMessage(new Map(), bytes, 2, bytes.length - 2));
}

test.each([
  ['{"contentBlockIndex":0,"delta":{"text":"word "},"p":"abcDEF09"}', '"word "'],
  ['{"contentBlockIndex":7,"delta":{"text":"a\u007f{}[],:"}}', undefined],
  ['{"contentBlockIndex":7,"delta":{"text":"~{}[],:"}}', '"~{}[],:"'],
  ['{"contentBlockIndex":0,"delta":{"text":""},"p":""}', '""'],
])('%s', (payload, literal) => {
  expect(read(payload)).toBe(literal);
});

test.each([
  '', '{', '{"contentBlockIndex":0,"delta":{"text":"', '{"contentBlockIndex":0,"delta":{"text":"a', '{"contentBlockIndex":0,"delta":{"text":"a"', '{"contentBlockIndex":0,"delta":{"text":"a"}',
  '{"contentBlockIndex":0,"delta":{"text":"a"},"p":"b"', '{"contentBlockIndex":0,"delta":{"text":"a"},"p":"b}', '{"contentBlockIndex":0,"delta":{"text":"a"},"p":b"}',
  '{"contentBlockIndex":0,"delta":{"text":"a","text":"b"}}', '{"contentBlockIndex":0,"delta":{"text":"a"},"delta":{}}', '{"contentBlockIndex":0,"delta":{"text":"a"},"p":"b","p":"c"}',
  '{"contentBlockIndex":0,"delta":{"text":"a\\n"}}', '{"contentBlockIndex":0,"delta":{"text":"ü"}}', '{"contentBlockIndex":0,"delta":{"text":"a\nb"}}',
  '{"contentBlockIndex":10,"delta":{"text":"a"}}', '{"contentBlockIndex":-,"delta":{"text":"a"}}', '{"delta":{"text":"a"},"contentBlockIndex":0}',
  '{"contentBlockIndex":0,"delta":{"toolUse":{"input":"a"}}}', '{"contentBlockIndex":0,"delta":{"text":"a"}}}', '{"contentBlockIndex":0,"delta":{"text":"a"}} ',
])('left to JSON.parse: %s', (payload) => {
  expect(read(payload)).toBeUndefined();
});

test('what it says of a payload is what JSON.parse says', () => {
  const payload = fc.record({ contentBlockIndex: fc.nat(11), delta: fc.record({ text: fc.string({ unit: 'binary' }) }), p: fc.string() }, { requiredKeys: ['contentBlockIndex', 'delta'] });
  fc.assert(fc.property(payload, (value) => {
    const literal = read(JSON.stringify(value));
    expect(literal ?? JSON.stringify(value.delta.text)).toBe(JSON.stringify(value.delta.text));
  }), { numRuns: 500 });
});

test('nothing that is no such payload is read as one', () => {
  const good = Buffer.from('{"contentBlockIndex":0,"delta":{"text":"word "},"p":"abc"}');
  fc.assert(fc.property(fc.nat(good.length - 1), fc.nat(255), (place, byte) => {
    const changed = Uint8Array.from(good);
    changed[place] = byte;
    const literal = read(changed);
    if (literal === undefined) return;
    expect((JSON.parse(Buffer.from(changed).toString('utf8')) as { delta: { text: string } }).delta.text).toBe(JSON.parse(literal));
  }), { numRuns: 2_000 });
});
