import { EventStreamCodec } from '@smithy/eventstream-codec';
import { fromUtf8, toUtf8 } from '@smithy/util-utf8';
import fc from 'fast-check';
import { EventStreamDecoder } from '../../../src/translate/bedrock/event-stream-decoder';
import { crc32 } from '../../../src/translate/crc32';

const codec = new EventStreamCodec(toUtf8, fromUtf8);

const frame = (headers: Record<string, string>, payload: string) => codec.encode({
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { type: 'string' as const, value }])),
  body: fromUtf8(payload),
});

interface Read {
  readonly messages: ReadonlyArray<{ readonly headers: Record<string, string>; readonly payload: string }>;
  readonly incomplete: boolean;
  readonly error: string | undefined;
}

function decode(chunks: readonly Uint8Array[]): Read {
  const decoder = new EventStreamDecoder();
  const messages = chunks.flatMap((chunk) => decoder.push(chunk).map(({ headers, payload }) => ({
    headers: Object.fromEntries(headers), payload: Buffer.from(payload).toString('utf8'),
  })));
  return { messages, incomplete: decoder.incomplete, error: decoder.error };
}

const frames = [
  frame({ ':event-type': 'messageStart', ':message-type': 'event' }, '{"role":"assistant"}'),
  frame({ ':event-type': 'contentBlockDelta', ':message-type': 'event' }, '{"delta":{"text":"grüß dich"}}'),
  frame({}, ''),
];
const bytes = Buffer.concat(frames);

test('reads what the SDK\'s own codec writes, however it is cut', () => {
  const whole = decode([bytes]);
  expect(whole.incomplete).toBe(false);
  expect(whole.messages).toEqual([
    { headers: { ':event-type': 'messageStart', ':message-type': 'event' }, payload: '{"role":"assistant"}' },
    { headers: { ':event-type': 'contentBlockDelta', ':message-type': 'event' }, payload: '{"delta":{"text":"grüß dich"}}' },
    { headers: {}, payload: '' },
  ]);
  for (let cut = 0; cut <= bytes.length; cut += 1) expect(decode([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
  expect(decode([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
});

test('headers of every type are passed over, strings are kept', () => {
  const mixed = codec.encode({
    headers: {
      yes: { type: 'boolean', value: true },
      byte: { type: 'byte', value: 1 },
      short: { type: 'short', value: 2 },
      int: { type: 'integer', value: 3 },
      blob: { type: 'binary', value: Uint8Array.of(1, 2) },
      when: { type: 'timestamp', value: new Date(0) },
      name: { type: 'string', value: 'kept' },
    },
    body: fromUtf8('{}'),
  });
  expect(decode([mixed]).messages).toEqual([{ headers: { name: 'kept' }, payload: '{}' }]);
});

test('a stream that was cut off says so', () => {
  expect(decode([bytes.subarray(0, bytes.length - 1)]).incomplete).toBe(true);
});

test('one changed byte never goes unnoticed, and the frames before it are still given at every cut', () => {
  const whole = decode([bytes]).messages;
  fc.assert(fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(bytes.length), (position, change, cut) => {
    // GIVEN
    const changed = Uint8Array.from(bytes);
    changed[position] += change;
    // WHEN
    const { messages, incomplete, error } = decode([changed]);
    // THEN
    expect(error !== undefined || incomplete).toBe(true);
    expect(messages).toEqual(whole.slice(0, messages.length));
    expect(messages.length).toBe(position < frames[0].length ? 0 : position < frames[0].length + frames[1].length ? 1 : 2);
    expect(decode([changed.subarray(0, cut), changed.subarray(cut)])).toMatchObject({ messages, error });
  }), { numRuns: 500 });
});

test('any frames of the SDK\'s own codec, cut anywhere', () => {
  const header = fc.tuple(fc.string({ minLength: 1, maxLength: 20 }).filter((name) => name !== '__proto__'), fc.string({ maxLength: 300 }));
  const generated = fc.tuple(fc.array(header, { maxLength: 4 }), fc.string({ maxLength: 500, unit: 'binary' }));
  fc.assert(fc.property(fc.array(generated, { maxLength: 5 }), fc.array(fc.nat(3000), { maxLength: 6 }), (messages, cuts) => {
    const stream = Buffer.concat(messages.map(([headers, payload]) => frame(Object.fromEntries(headers), payload)));
    const points = [0, ...cuts.map((cut) => Math.min(cut, stream.length)).sort((a, b) => a - b), stream.length];
    const chunks = points.slice(1).map((point, index) => stream.subarray(points[index], point));
    expect(decode(chunks)).toEqual({
      messages: messages.map(([headers, payload]) => ({ headers: Object.fromEntries(headers), payload: Buffer.from(payload).toString('utf8') })),
      incomplete: false,
      error: undefined,
    });
  }), { numRuns: 200 });
});

test('a frame above the limit is refused before its bytes are awaited', () => {
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(0x7fffffff, 0);
  prelude.writeUInt32BE(crc32(prelude, 0, 8), 8);
  expect(decode([prelude]).error).toContain('2147483647 bytes is above the limit');
});

test('lengths that contradict each other are refused', () => {
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(20, 0);
  prelude.writeUInt32BE(5, 4);
  prelude.writeUInt32BE(crc32(prelude, 0, 8), 8);
  expect(decode([prelude]).error).toContain('contradict');
});

test('headers that run over are refused, with a right checksum as well', () => {
  const broken = [[5, 97], [1, 97, 7, 0, 9, 97], [1, 97, 99], [1, 97, 7, 0], [1, 97]];
  for (const headers of broken) {
    const whole = Buffer.concat([Buffer.alloc(12), Buffer.from(headers), Buffer.alloc(4)]);
    whole.writeUInt32BE(whole.length, 0);
    whole.writeUInt32BE(headers.length, 4);
    whole.writeUInt32BE(crc32(whole, 0, 8), 8);
    whole.writeUInt32BE(crc32(whole, 0, whole.length - 4), whole.length - 4);
    expect(decode([whole]).error).toContain('headers');
  }
});

test('noise is no event stream', () => {
  expect(decode([Buffer.from('<html><body>Bad Gateway</body></html>')]).error).toContain('prelude');
});
