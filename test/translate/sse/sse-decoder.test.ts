import * as fc from 'fast-check';
import { SseDecoder } from '../../../src/translate/sse/sse-decoder';
import { encodeSseEvent, SseEvent } from '../../../src/translate/sse/sse-event';
import { bytesOf, everySplit } from '../replay';

function decoded(chunks: readonly Uint8Array[]): SseEvent[] {
  const decoder = new SseDecoder();
  const events = chunks.flatMap((chunk) => {
    // The owner of a chunk uses its buffer again.
    const lent = chunk.slice();
    const completed = decoder.push(lent);
    lent.fill(0);
    return completed;
  });
  return [...events, ...decoder.end()];
}

const STREAM = '\ufeff: hello\nevent: first\ndata: {"a":"ü👋"}\nid: 1\n\ndata:no space\ndata\ndata:  two\n\nevent: empty\n\nretry: 1\ndata: last\n\n';
const EVENTS: SseEvent[] = [{ event: 'first', data: '{"a":"ü👋"}' }, { data: 'no space\n\n two' }, { data: 'last' }];

test.each([['line feed', '\n'], ['carriage return', '\r'], ['both', '\r\n']])('cut at every byte, lines end in %s', (_, lineEnd) => {
  for (const chunks of everySplit(bytesOf(STREAM.replaceAll('\n', lineEnd)))) {
    expect(decoded(chunks)).toEqual(EVENTS);
  }
});

test('a stream that ends without a blank line, and without a line end', () => {
  expect(decoded([bytesOf('data: a\n\ndata: b\n')])).toEqual([{ data: 'a' }, { data: 'b' }]);
  expect(decoded([bytesOf('data: a\n\ndata: b')])).toEqual([{ data: 'a' }, { data: 'b' }]);
});

test('an event is given out with its blank line, not later', () => {
  expect(new SseDecoder().push(bytesOf('data: a\r\n\r'))).toEqual([{ data: 'a' }]);
});

test('the decoder reads what the encoder writes, in any pieces', () => {
  const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\r', ' '));
  fc.assert(fc.property(fc.array(fc.record({ event: fc.option(fc.constantFrom('error', 'ping'), { nil: undefined }), data: line })), fc.nat(), (events, size) => {
    const bytes = bytesOf(events.map((event) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(encodeSseEvent(event))).join(''));
    const step = size % 9 + 1;
    const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) => bytes.subarray(index * step, (index + 1) * step));
    expect(decoded(chunks)).toEqual(events.map(({ event, data }) => event === undefined ? { data } : { event, data }));
  }), { numRuns: 300 });
});

test('whatever the bytes are, whole chunks and single bytes give the same events', () => {
  const piece = fc.constantFrom('\n', '\r', '\r\n', '\n\n', 'data: a', 'data:', 'event: ping', ': note', 'ü👋', '\ufeff', '\u2028').map(bytesOf);
  const bytes = fc.array(fc.oneof(piece, fc.uint8Array({ maxLength: 3 })), { maxLength: 30 }).map((pieces) => new Uint8Array(Buffer.concat(pieces)));
  fc.assert(fc.property(bytes, bytes, (first, second) => {
    const whole = Buffer.concat([first, second]);
    expect(decoded([first, second])).toEqual(decoded(Array.from(whole, (byte) => Uint8Array.of(byte))));
  }), { numRuns: 500 });
});
