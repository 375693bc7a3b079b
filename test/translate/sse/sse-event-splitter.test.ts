import * as fc from 'fast-check';
import { SseEventSplitter } from '../../../src/translate/sse/sse-event-splitter';
import { bytesOf, everySplit, textOf } from '../replay';

function split(chunks: readonly Uint8Array[]): { events: string[]; rest: string; blankLine: boolean } {
  const splitter = new SseEventSplitter();
  const events: string[] = [];
  for (const chunk of chunks) {
    const completed = splitter.push(chunk);
    expect(completed.events[0]?.start ?? 0).toBe(0);
    expect(completed.events.at(-1)?.end ?? 0).toBe(completed.bytes.length);
    events.push(...completed.events.map(({ start, end }) => textOf(completed.bytes.subarray(start, end))));
  }
  const { bytes, blankLine } = splitter.end();
  return { events, rest: textOf(bytes), blankLine };
}

test.each([
  ['line feed', 'data: a\ndata: b\n\n: c\n\n\ndata: d\n', ['data: a\ndata: b\n\n', ': c\n\n', '\n'], 'data: d\n'],
  ['both', 'data: a\r\ndata: b\r\n\r\n: c\r\n\r\ndata: d', ['data: a\r\ndata: b\r\n\r\n', ': c\r\n\r\n'], 'data: d'],
  ['carriage return', 'data: a\r\rdata: b\r\r', ['data: a\r\r'], 'data: b\r\r'],
  ['a mixture', 'data: ü\r\n\ndata: b\n\r\ndata: c\r\n\r', ['data: ü\r\n\n', 'data: b\n\r\n'], 'data: c\r\n\r'],
])('the same events at every cut: %s', (_, stream, events, rest) => {
  const bytes = bytesOf(stream);
  for (const chunks of everySplit(bytes)) {
    // A cut inside a character cannot be decoded alone, and need not: events are whole.
    expect(split(chunks)).toEqual({ events, rest, blankLine: rest.endsWith('\r') });
  }
});

test('a chunk that ends with its event is given out itself', () => {
  const chunk = bytesOf('data: a\n\ndata: b\n\n');
  expect(new SseEventSplitter().push(chunk).bytes).toBe(chunk);
});

test('any text of line ends and letters splits the same in any pieces', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('\r', '\n', 'a') }), fc.integer({ min: 1, max: 5 }), (stream, step) => {
    const bytes = bytesOf(stream);
    const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) => bytes.subarray(index * step, (index + 1) * step));
    const whole = split([bytes]);
    expect(split(chunks)).toEqual(whole);
    expect(whole.events.join('') + whole.rest).toBe(stream);
  }), { numRuns: 1000 });
});
