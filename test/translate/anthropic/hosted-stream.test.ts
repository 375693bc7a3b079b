import { hostedStream } from '../../../src/translate/anthropic/hosted-stream';
import { chunkFrame, messageEvent } from '../../providers/fake-anthropic';
import { bytesOf, everySplit } from '../replay';

const EVENTS = [
  { type: 'message_start', message: { id: 'msg_1' } }, { type: 'ping' }, { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Grüße 👋\n\n' } },
  { type: 'message_stop' },
];
const READ = EVENTS.map((event) => ({ event: event.type, data: JSON.stringify(event) }));
const HOSTS = [
  ['Anthropic', bytesOf(EVENTS.map(messageEvent).join(''))],
  ['GCPAnthropic', bytesOf(EVENTS.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join(''))],
  ['AWSAnthropic', Buffer.concat(EVENTS.map(chunkFrame))],
] as const;

test.each(HOSTS)('G1 the same events from %s, at every cut', (host, bytes) => {
  for (const chunks of everySplit(bytes)) {
    const stream = hostedStream(host);
    const events = chunks.flatMap((chunk) => stream.push(chunk));
    expect([...events, ...stream.end()]).toEqual(READ);
    expect([stream.complete, stream.failure]).toEqual([true, undefined]);
  }
});

test.each(HOSTS)('from %s, cut short: not complete', (host, bytes) => {
  const stream = hostedStream(host);
  const events = [...stream.push(bytes.subarray(0, bytes.length - 30)), ...stream.end()];
  expect([events, stream.complete]).toEqual([READ.slice(0, 3), false]);
});

test.each(HOSTS)('A23 an error from %s is a failure, and no event follows it', (host, bytes) => {
  const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_1' };
  const stream = hostedStream(host);
  const sent = host === 'AWSAnthropic' ? chunkFrame(error) : bytesOf(messageEvent(error));
  expect(stream.push(Buffer.concat([sent, bytes]))).toEqual([]);
  expect(stream.push(bytes)).toEqual([]);
  expect([stream.failure, stream.complete])
    .toEqual([{ status: 529, code: 'overloaded_error', type: 'overloaded_error', message: 'Overloaded', requestId: 'req_1' }, false]);
});

test('a last event without its blank line is one, half an event is none', () => {
  const whole = hostedStream('Anthropic');
  expect([...whole.push(bytesOf('event: message_stop\ndata: {"type":"message_stop"}')), ...whole.end()]).toEqual([READ[3]]);
  const half = hostedStream('Anthropic');
  expect([...half.push(bytesOf('event: message_stop\ndata: {"type":"mess')), ...half.end(), half.complete]).toEqual([false]);
});

test('the type is found wherever it stands', () => {
  const stream = hostedStream('AWSAnthropic');
  expect(stream.push(chunkFrame({ index: 0, type: 'content_block_stop' }))[0].event).toBe('content_block_stop');
});
