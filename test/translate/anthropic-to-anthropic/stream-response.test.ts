import * as fc from 'fast-check';
import { EVENT_STREAM, eventTexts, fixtureBytes, framesOf, framesOfEvents, HOSTS, lastError, messages, REQUEST, streamed } from './messages';
import { eventFrame } from '../../providers/fake-bedrock';
import { exceptionFrame } from '../openai-to-bedrock/converse';
import { bytesOf, everySplit, replay, textOf } from '../replay';

type Host = typeof HOSTS[number];

const TEXT = textOf(fixtureBytes('messages-stream.sse'));
const TOOLS = textOf(fixtureBytes('messages-stream-tools.sse'));
const TEXT_USAGE = { inputTokens: 25, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 15, reasoningTokens: 0, totalTokens: 40 };
const TOOLS_USAGE = { inputTokens: 15058, cachedInputTokens: 10536, cacheCreationInputTokens: 0, outputTokens: 89, reasoningTokens: 21, totalTokens: 15147 };
const BROKEN_OFF = {
  type: 'error', error: { type: 'api_error', message: 'the provider ended the stream before the answer was complete', details: { error_code: 'upstream_broke_off' } },
};

function upstream(host: Host, name: string): Uint8Array {
  return host === 'AWSAnthropic' ? framesOf(name) : fixtureBytes(name);
}

describe.each(HOSTS)('a stream from %s at every cut', (host) => {
  test('G1 text: the same events, and the usage counted', () => {
    for (const chunks of everySplit(upstream(host, 'messages-stream.sse'))) {
      expect(streamed(host, chunks)).toMatchObject({ text: TEXT, usage: TEXT_USAGE, failure: undefined });
    }
  });

  test('G1 A25 thinking, tools and cache: message_start and message_delta are counted together', () => {
    for (const chunks of everySplit(upstream(host, 'messages-stream-tools.sse'))) {
      expect(streamed(host, chunks)).toMatchObject({ text: TOOLS, usage: TOOLS_USAGE, failure: undefined });
    }
  });

  test('A23 an error of Anthropic\'s passes, counts as failed, and nothing comes after it', () => {
    const sent = textOf(fixtureBytes('messages-stream-overloaded.sse'));
    for (const chunks of everySplit(upstream(host, 'messages-stream-overloaded.sse'))) {
      const { text, failure, usage } = streamed(host, [...chunks, upstream(host, 'messages-stream.sse')]);
      expect(eventTexts(text).slice(0, -1)).toEqual(eventTexts(sent).slice(0, -1));
      expect(lastError(text)).toMatchObject({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy' });
      expect(failure).toMatchObject({ status: 529, code: 'overloaded_error', message: 'Overloaded' });
      expect(usage).toMatchObject({ inputTokens: 25 });
    }
  });

  test('A23 an error before the model has written anything leaves nothing but itself, so that another backend may answer', () => {
    for (const chunks of everySplit(upstream(host, 'messages-stream-overloaded-at-once.sse'))) {
      const { text, failure } = streamed(host, chunks);
      expect(text).toMatch(/^event: error\ndata: [^\n]*"overloaded_error"[^\n]*\n\n$/);
      expect(failure).toMatchObject({ status: 529, code: 'overloaded_error' });
    }
  });

  test('cut short at any byte: whole events, then an error event, never an end', () => {
    const stream = upstream(host, 'messages-stream-tools.sse');
    for (let cut = 0; cut < stream.length; cut++) {
      const { text, failure } = streamed(host, [stream.subarray(0, cut)]);
      if (text === TOOLS) {
        // Only the blank line is missing.
        expect(stream.length - cut).toBeLessThanOrEqual(2);
        continue;
      }
      expect(lastError(text)).toEqual(BROKEN_OFF);
      const shown = text.slice(0, text.lastIndexOf('event: error'));
      expect(TOOLS.startsWith(shown)).toBe(true);
      expect(shown === '' || shown.endsWith('}\n\n')).toBe(true);
      expect(shown).not.toContain('message_stop');
      expect(failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
    }
  });

  test('the connection breaks: an error event after the last whole event, and what was counted is kept', () => {
    const events = eventTexts(TEXT);
    const stream = upstream(host, 'messages-stream.sse');
    const { text, failure, usage } = streamed(host, [stream.subarray(0, stream.length - 60)], 'the provider reset the connection');
    expect(eventTexts(text).slice(0, -1)).toEqual(events.slice(0, eventTexts(text).length - 1));
    expect(lastError(text)).toMatchObject({ error: { message: 'the provider reset the connection' } });
    expect([failure?.status, usage?.inputTokens]).toEqual([502, 25]);
  });

  test('the connection breaks after message_stop: nothing is lost', () => {
    expect(streamed(host, [upstream(host, 'messages-stream.sse')], 'reset')).toMatchObject({ text: TEXT, failure: undefined });
  });

  test('an empty stream is a failure', () => {
    const { text, failure } = streamed(host, []);
    expect([lastError(text), failure?.status]).toEqual([BROKEN_OFF, 502]);
  });

  test('G1 any pieces of any stream give the same output and usage', () => {
    const streams = ['', '-tools', '-overloaded', '-overloaded-at-once'].map((name) => upstream(host, `messages-stream${name}.sse`));
    fc.assert(fc.property(fc.constantFrom(...streams), fc.nat(), fc.array(fc.nat(), { maxLength: 12 }), (stream, length, cuts) => {
      const sent = stream.subarray(0, stream.length - length % 300);
      const ends = [0, ...cuts.map((cut) => cut % sent.length).sort((a, b) => a - b), sent.length];
      expect(streamed(host, ends.slice(1).map((end, index) => sent.subarray(ends[index], end)))).toEqual(streamed(host, [sent]));
    }), { numRuns: 200 });
  });
});

describe('server-sent events', () => {
  test.each([['CRLF', '\r\n'], ['CR', '\r']])('G1 lines that end in %s', (_, lineEnd) => {
    const stream = TEXT.replaceAll('\n', lineEnd);
    for (const chunks of everySplit(bytesOf(stream))) {
      expect(streamed('Anthropic', chunks)).toMatchObject({ text: stream, usage: TEXT_USAGE, failure: undefined });
    }
  });

  test('a chunk of whole events passes as the same bytes, not as a copy', () => {
    const { response } = messages('Anthropic', { ...REQUEST, stream: true });
    response.head({ status: 200, header: () => 'text/event-stream' });
    const events = eventTexts(TEXT).map(bytesOf);
    expect(textOf(response.push(events[0]))).toBe('');
    expect(textOf(response.push(events[1]))).toBe(eventTexts(TEXT).slice(0, 2).join(''));
    expect(response.push(events[3])).toBe(events[3]);
  });

  test('a second ping is let through: a client that waits long must hear something', () => {
    const { response } = messages('Anthropic', { ...REQUEST, stream: true });
    response.head({ status: 200, header: () => 'text/event-stream' });
    const ping = bytesOf('event: ping\ndata: {"type": "ping"}\n\n');
    const comment = bytesOf(': keep-alive\n\n');
    expect([response.push(ping).length, response.push(bytesOf(eventTexts(TEXT)[0])).length]).toEqual([0, 0]);
    expect(textOf(response.push(comment))).toBe(textOf(ping) + eventTexts(TEXT)[0] + textOf(comment));
  });

  test.each([['data: {"type":"message_stop"}', '\n\n'], ['event: message_stop\ndata: {"type":"message_stop"}\n', '\n'], ['data: {"type": "message_stop"}\n\r', '']])(
    'the last event %j is ended by %j', (last, end) => {
      expect(streamed('Anthropic', [bytesOf(last)])).toMatchObject({ text: last + end, failure: undefined });
    });

  test.each<[string, string, object, object]>([
    ['Google\'s error', 'data: {"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}}',
      { type: 'rate_limit_error', message: 'Quota exceeded', details: { error_code: 'RESOURCE_EXHAUSTED' } }, { status: 429, code: 'RESOURCE_EXHAUSTED' }],
    ['an error without its event', 'data: {"type":"error","error":{"type":"api_error","message":"x"}}', { type: 'api_error', message: 'x' }, { status: 500, code: 'api_error' }],
    ['an error event of text', 'event: error\ndata: upstream connect error', { type: 'api_error', message: 'upstream connect error' }, { status: 502, code: null }],
    ['an error event without a message', 'event: error\ndata: {}', { type: 'api_error', message: 'the provider sent an error inside the stream' }, { status: 502 }],
    ['an error type that is new', 'event: error\ndata: {"type":"error","error":{"type":"new_error","message":"x"}}', { type: 'new_error', message: 'x' }, { status: 502, code: 'new_error' }],
    ['an error of text', 'data: {"error":"out of memory"}', { type: 'api_error', message: 'out of memory' }, { status: 502 }],
  ])('A24 %s reaches the client as an error event of Anthropic\'s', (_, event, error, failure) => {
    const replayed = streamed('GCPAnthropic', [bytesOf(`${event}\n\n`)]);
    expect(lastError(replayed.text)).toEqual({ type: 'error', error });
    expect(replayed.failure).toMatchObject(failure);
  });

  test('usage in message_delta alone, with zeros in message_start', () => {
    const stream = 'event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":0,"output_tokens":0}}}\n\n'
      + 'event: message_delta\ndata: {"type":"message_delta","delta":{},"usage":{"input_tokens":4522,"cache_creation_input_tokens":4511,"output_tokens":5}}\n\n'
      + 'event: message_stop\ndata: {"type":"message_stop"}\n\n';
    expect(streamed('GCPAnthropic', [bytesOf(stream)]).usage).toMatchObject({ inputTokens: 9033, totalTokens: 9038 });
  });
});

describe('the frames of Bedrock', () => {
  const HELLO = eventTexts(TEXT).slice(0, 4);
  const hello = framesOfEvents(HELLO.map((event) => JSON.parse(event.slice(event.indexOf('data: ') + 6)) as object));

  test.each<[string, number, string, string]>([
    ['throttlingException', 429, 'ThrottlingException', 'rate_limit_error'],
    ['serviceUnavailableException', 503, 'ServiceUnavailableException', 'overloaded_error'],
    ['internalServerException', 500, 'InternalServerException', 'api_error'],
    ['modelStreamErrorException', 424, 'ModelStreamErrorException', 'api_error'],
    ['validationException', 400, 'ValidationException', 'invalid_request_error'],
    ['modelTimeoutException', 408, 'ModelTimeoutException', 'timeout_error'],
  ])('B21 %s is an error event with its own type, at every cut', (name, status, code, type) => {
    const bytes = Buffer.concat([hello, exceptionFrame(name, 'as it was said'), hello]);
    for (const chunks of everySplit(bytes)) {
      const { text, failure } = streamed('AWSAnthropic', chunks);
      expect(eventTexts(text).slice(0, -1)).toEqual(HELLO);
      expect(lastError(text)).toEqual({ type: 'error', error: { type, message: 'as it was said', details: { error_code: code } } });
      expect(failure).toEqual({ status, code, message: 'as it was said' });
    }
  });

  test('B22 an exception as the only frame leaves nothing but the error, with the request\'s id', () => {
    const { response } = messages('AWSAnthropic', { ...REQUEST, stream: true });
    const { head, text, failure } = replay(response, 200, { ...EVENT_STREAM, 'x-amzn-requestid': 'aws-1' }, [exceptionFrame('throttlingException', 'busy')]);
    expect(head.setHeaders).toEqual([['content-type', 'text/event-stream'], ['request-id', 'aws-1']]);
    expect(text).toMatch(/^event: error\n/);
    expect(lastError(text)).toMatchObject({ error: { type: 'rate_limit_error' }, request_id: 'aws-1' });
    expect(failure?.status).toBe(429);
  });

  test('one byte changed anywhere in a frame: the events before it, then an error event', () => {
    for (let place = 0; place < hello.length; place += 7) {
      const damaged = hello.slice();
      damaged[place] ^= 0x10;
      const { text, failure } = streamed('AWSAnthropic', [damaged]);
      expect(lastError(text)).toMatchObject({ error: { type: 'api_error' } });
      const shown = eventTexts(text).slice(0, -1);
      expect(shown).toEqual(HELLO.slice(0, shown.length));
      expect(failure?.status).toBe(502);
    }
  });

  test.each<[string, Uint8Array]>([
    ['no bytes', eventFrame('chunk', {})],
    ['bytes of another type', eventFrame('chunk', { bytes: 5 })],
    ['null', eventFrame('chunk', null)],
    ['bytes that hold no JSON', eventFrame('chunk', { bytes: Buffer.from('{"typ').toString('base64') })],
    ['an event without a type', eventFrame('chunk', { bytes: Buffer.from('{}').toString('base64') })],
  ])('a chunk of %s is an error', (_, frame) => {
    const { text, failure } = streamed('AWSAnthropic', [hello, frame]);
    expect(lastError(text)).toMatchObject({ type: 'error', error: { type: 'api_error' } });
    expect(failure?.status).toBe(502);
  });

  test('frames that are not known are passed over, events that are not known pass', () => {
    const news = { a: 1, type: 'a_new_event' };
    const { text } = streamed('AWSAnthropic', [eventFrame('somethingNew', { a: 1 }), framesOfEvents([news]), framesOf('messages-stream.sse')]);
    expect(text).toBe(`event: a_new_event\ndata: ${JSON.stringify(news)}\n\n${TEXT}`);
  });

  test('half a frame after message_stop is a stream that broke off', () => {
    expect(lastError(streamed('AWSAnthropic', [framesOf('messages-stream.sse'), hello.subarray(0, 20)]).text)).toEqual(BROKEN_OFF);
  });
});
