import * as fc from 'fast-check';
import { openAiToOpenAiChat, openAiToOpenAiCompletions } from '../../../src/translate/openai-to-openai/translator';
import { bytesOf, everySplit, fixture, Replayed, replay, textOf, translated } from '../replay';

const SSE = { 'content-type': 'text/event-stream; charset=utf-8' };
const QUIET = { model: 'a', stream: true };
const ASKING = { ...QUIET, stream_options: { include_usage: true } };
const USAGE = { inputTokens: 19, cachedInputTokens: 8, cacheCreationInputTokens: 0, outputTokens: 10, reasoningTokens: 3, totalTokens: 29 };

function streamed(request: object, chunks: readonly Uint8Array[], broken?: string): Replayed {
  return replay(translated(openAiToOpenAiChat, request).response, 200, SSE, chunks, broken);
}

/** The events of a stream, without the one that holds nothing but usage. */
function withoutUsageChunk(stream: string): string {
  return stream.split(/(?<=\n\n)/).filter((event) => !event.includes('"choices":[],"usage":{')).join('');
}

const ERROR_EVENT = 'data: {"error":{"message":"the provider ended the stream before the answer was complete","type":"server_error","param":null,"code":"upstream_broke_off"}}\n\n';

describe('at every cut', () => {
  test.each(['chat-stream.sse', 'chat-stream-tools.sse', 'chat-stream-azure.sse'])('G1 G2 %s: usage counted, its chunk hidden', (name) => {
    const stream = textOf(fixture(name));
    expect(withoutUsageChunk(stream)).not.toBe(stream);
    for (const chunks of everySplit(fixture(name))) {
      expect(streamed(QUIET, chunks)).toMatchObject({ text: withoutUsageChunk(stream), usage: USAGE, failure: undefined });
    }
  });

  test.each(['chat-stream.sse', 'chat-stream-tools.sse', 'chat-stream-azure.sse'])('G1 G3 G4 %s: shown as it is when asked for', (name) => {
    for (const chunks of everySplit(fixture(name))) {
      const { text, usage, failure } = streamed(ASKING, chunks);
      expect(text).toBe(textOf(fixture(name)));
      expect([usage, failure]).toEqual([USAGE, undefined]);
    }
    expect(textOf(fixture(name))).toMatch(/data: \{[^\n]*"choices":\[\],"usage":\{[^\n]*\}\n\ndata: \[DONE\]\n\n$/);
  });

  test.each([['CRLF', '\r\n'], ['CR', '\r']])('G1 lines that end in %s', (_, lineEnd) => {
    const stream = textOf(fixture('chat-stream.sse')).replaceAll('\n', lineEnd);
    const shown = withoutUsageChunk(textOf(fixture('chat-stream.sse'))).replaceAll('\n', lineEnd);
    for (const chunks of everySplit(bytesOf(stream))) {
      expect(streamed(QUIET, chunks)).toMatchObject({ text: shown, usage: USAGE, failure: undefined });
    }
  });

  test('usage in every chunk of a Python server: the last counts, only the chunk without choices is hidden', () => {
    const stream = textOf(fixture('chat-stream-continuous-usage.sse'));
    for (const chunks of everySplit(bytesOf(stream))) {
      expect(streamed(QUIET, chunks)).toMatchObject({
        text: stream.split(/(?<=\n\n)/).filter((event) => !event.includes('"choices": []')).join(''),
        usage: { inputTokens: 7, outputTokens: 2, totalTokens: 9 },
        failure: undefined,
      });
    }
  });

  test('a legacy completion', () => {
    const stream = textOf(fixture('completions-stream.sse'));
    for (const chunks of everySplit(bytesOf(stream))) {
      const { response } = translated(openAiToOpenAiCompletions, QUIET);
      expect(replay(response, 200, SSE, chunks)).toMatchObject({ text: withoutUsageChunk(stream), usage: { totalTokens: 9 }, failure: undefined });
    }
  });

  test('an error event of the provider passes and counts as a failure', () => {
    for (const chunks of everySplit(fixture('chat-stream-error.sse'))) {
      expect(streamed(QUIET, chunks)).toMatchObject({
        text: textOf(fixture('chat-stream-error.sse')),
        failure: { status: 500, code: null, message: expect.stringContaining('The server had an error') as string },
      });
    }
  });
});

test('Z1 a first chunk without choices is no usage chunk', () => {
  expect(streamed(QUIET, [fixture('chat-stream-azure.sse')]).text).toContain('"choices":[],"created":0,"id":"","model":""');
});

test('G5 the first delta keeps its role, also beside a tool call', () => {
  expect(streamed(QUIET, [fixture('chat-stream-tools.sse')]).text).toMatch(/^: keep-alive\n\ndata: \{[^\n]*"delta":\{"role":"assistant","content":null,"tool_calls":/);
});

describe('where the answer ends', () => {
  test('a finish reason stands for [DONE]', () => {
    expect(streamed(QUIET, [fixture('chat-stream-without-done.sse')])).toMatchObject({ text: textOf(fixture('chat-stream-without-done.sse')), failure: undefined });
  });

  test('a finish reason and then usage, without [DONE]', () => {
    const stream = textOf(fixture('chat-stream.sse')).replace('data: [DONE]\n\n', '');
    expect(streamed(ASKING, [bytesOf(stream)])).toMatchObject({ text: stream, usage: USAGE, failure: undefined });
  });

  test('usage before the finish reason is kept', () => {
    const stream = 'data: {"choices":[],"usage":{"prompt_tokens":3}}\n\ndata: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
    expect(streamed(ASKING, [bytesOf(stream)])).toMatchObject({ text: stream, usage: { inputTokens: 3 }, failure: undefined });
  });

  test('cut short at any byte before the finish reason: whole events, then an error event, no invented end', () => {
    const stream = fixture('chat-stream.sse');
    const finish = textOf(stream).indexOf('"finish_reason":"stop"');
    const finishAt = bytesOf(textOf(stream).slice(0, finish)).length;
    for (let cut = 0; cut <= finishAt; cut++) {
      const { text, failure } = streamed(QUIET, [stream.subarray(0, cut)]);
      expect(text.endsWith(ERROR_EVENT)).toBe(true);
      const shown = text.slice(0, -ERROR_EVENT.length);
      const arrived = new TextDecoder().decode(stream.subarray(0, cut));
      // An event that lacks nothing but its blank line is whole, too.
      expect(textOf(stream).startsWith(shown)).toBe(true);
      expect(shown.length).toBeGreaterThanOrEqual(arrived.includes('\n\n') ? arrived.lastIndexOf('\n\n') + 2 : 0);
      expect(shown === '' || shown.endsWith('}\n\n')).toBe(true);
      expect(failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
    }
  });

  test('an empty stream is a failure', () => {
    expect(streamed(QUIET, [])).toMatchObject({ text: ERROR_EVENT, failure: { status: 502 } });
  });

  test.each([
    ['data: [DONE]', '\n\n'], ['data: [DONE]\n', '\n'], ['data: [DONE]\r\n', '\n'], ['data: [DONE]\r', '\n\n'], ['data: [DONE]\n\r', ''],
  ])('the last event %j is ended by %j', (done, end) => {
    const { text, failure } = streamed(QUIET, [bytesOf(done)]);
    expect([text, failure]).toEqual([done + end, undefined]);
  });

  test('the connection breaks: an error event after the last whole event', () => {
    const events = textOf(fixture('chat-stream.sse')).split(/(?<=\n\n)/);
    const { text, failure } = streamed(QUIET, [bytesOf(events[0]), bytesOf(events[1].slice(0, 40))], 'the provider reset the connection');
    expect(text).toBe(`${events[0]}data: {"error":{"message":"the provider reset the connection","type":"server_error","param":null,"code":"upstream_broke_off"}}\n\n`);
    expect(failure).toMatchObject({ status: 502, message: 'the provider reset the connection' });
  });

  test('the connection breaks after [DONE]: nothing is lost', () => {
    expect(streamed(ASKING, [fixture('chat-stream.sse')], 'reset')).toMatchObject({ text: textOf(fixture('chat-stream.sse')), failure: undefined });
  });

  test('usage that came before the break is counted', () => {
    const stream = textOf(fixture('chat-stream-continuous-usage.sse')).split(/(?<=\n\n)/);
    expect(streamed(QUIET, [bytesOf(stream[0] + stream[1])], 'reset').usage).toMatchObject({ inputTokens: 7, outputTokens: 1 });
  });
});

describe('errors inside a 200 stream', () => {
  test.each([
    ['data: {"error":{"message":"slow down","type":"rate_limit_error","code":"rate_limit_exceeded"}}', { status: 429, code: 'rate_limit_exceeded', message: 'slow down' }],
    ['data: {"error":{"message":"overloaded","code":529}}', { status: 529, code: '529', message: 'overloaded' }],
    ['data: {"error":"out of memory"}', { status: 502, code: null, message: 'out of memory' }],
    ['event: error\ndata: {"message":"broken","code":"x"}', { status: 502, code: 'x', message: 'broken' }],
    ['data: {"error":{}}', { status: 502, code: null, message: 'the provider sent an error inside its answer' }],
  ])('%s', (event, failure) => {
    const replayed = streamed(QUIET, [bytesOf(`${event}\n\n`)]);
    expect([replayed.text, replayed.failure]).toEqual([`${event}\n\n`, failure]);
  });

  test('no error: the word in the text of an answer, an error of null', () => {
    const stream = 'data: {"error":null,"choices":[{"index":0,"delta":{"content":"error"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
    expect(streamed(QUIET, [bytesOf(stream)])).toMatchObject({ text: stream, failure: undefined });
  });
});

test('a chunk of whole events passes as the same bytes, not as a copy', () => {
  const { response } = translated(openAiToOpenAiChat, QUIET);
  response.head({ status: 200, header: () => 'text/event-stream' });
  const chunk = bytesOf('data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}],"usage":null}\n\n');
  expect(response.push(chunk)).toBe(chunk);
});

test('without a content type the request says whether it is a stream', () => {
  const { response } = translated(openAiToOpenAiChat, QUIET);
  expect(replay(response, 200, {}, [fixture('chat-stream.sse')])).toMatchObject({ usage: USAGE, head: { bodyUnchanged: false } });
});

test('G1 any pieces of any stream give the same output and usage', () => {
  const streams = ['', '-tools', '-azure', '-continuous-usage', '-error'].map((name) => fixture(`chat-stream${name}.sse`));
  const places = fc.array(fc.nat(), { maxLength: 12 });
  fc.assert(fc.property(fc.constantFrom(...streams), fc.nat(), places, fc.boolean(), (stream, length, cuts, asking) => {
    const sent = stream.subarray(0, stream.length - length % 300);
    const ends = [0, ...cuts.map((cut) => cut % sent.length).sort((a, b) => a - b), sent.length];
    const chunks = ends.slice(1).map((end, index) => sent.subarray(ends[index], end));
    const request = asking ? ASKING : QUIET;
    expect(streamed(request, chunks)).toEqual(streamed(request, [sent]));
  }), { numRuns: 500 });
});
