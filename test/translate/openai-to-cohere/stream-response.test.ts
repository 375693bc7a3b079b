import * as fc from 'fast-check';
import { argumentsOfCalls, ASKING, BROKEN_OFF, chat, chunksOf, cohereFixture, deltasOf, EVENT_STREAM, eventsOf, finishOf, readEvents, STREAM_HEAD, streamed, writtenChunk } from './cohere';
import { oneByteChanged } from '../any-answer';
import { expectErrorAlone, expectErrorAtEveryCut, expectHelloAndError, expectNoUsage, expectUsageKeptBack } from '../openai/every-stream';
import { bytesOf, differingSplits, replay, textOf } from '../replay';

const TEXT = cohereFixture('chat-stream.sse');
const TOOLS = cohereFixture('chat-stream-tools.sse');
const HELLO = { type: 'content-delta', index: 0, delta: { message: { content: { text: 'Hello' } } } };
const END = { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage: { tokens: { input_tokens: 1, output_tokens: 2 } } } };

describe('at every cut', () => {
  test('G1 G5 text', () => {
    const answer = (chunks: readonly Uint8Array[]) => replay(chat({ model: 'mine', stream: true }, { upstreamModel: 'theirs' }).response, 200, EVENT_STREAM, chunks);
    const { text, usage, failure, head } = answer([TEXT]);
    expect(readEvents(text)).toEqual([
      writtenChunk({ role: 'assistant', content: 'Grüße' }),
      writtenChunk({ content: ' 👋 data: [DONE]\n\n' }),
      writtenChunk({}, 'stop', { provider_finish_reason: 'COMPLETE' }),
      '[DONE]',
    ]);
    expect([usage, failure])
      .toEqual([{ inputTokens: 13, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 7, reasoningTokens: 0, totalTokens: 20 }, undefined]);
    expect(head).toEqual(STREAM_HEAD);
    expect(differingSplits(TEXT, answer)).toEqual([]);
  });

  test('G1 A10 A12 thoughts, plan, tools, citations', () => {
    const whole = streamed([TOOLS], ASKING);
    expect(differingSplits(TOOLS, (chunks) => streamed(chunks, ASKING))).toEqual([]);
    expect(deltasOf(whole.text)).toEqual([
      { role: 'assistant', reasoning_content: 'Two cities.' },
      { content: 'I will ' },
      { content: 'look.' },
      { tool_calls: [{ index: 0, id: 'get_weather_p1', type: 'function', function: { name: 'get_weather', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"city": ' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '"Madrid"}' } }] },
      { tool_calls: [{ index: 1, id: 'now_p2', type: 'function', function: { name: 'now', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
      { citations: [{ start: 0, end: 1, text: 'I', sources: [] }] },
      {},
    ]);
    expect(finishOf(chunksOf(whole.text))).toEqual(['tool_calls']);
  });

  test('G1 other line ends, no names of events, events that are JSON alone', () => {
    const plain = textOf(TEXT).replace(/^event: .*\n/gm, '');
    for (const bytes of [plain, plain.replace(/\n/g, '\r\n'), plain.replace(/\n/g, '\r')]) {
      expect(streamed([bytesOf(bytes)])).toEqual(streamed([TEXT]));
    }
  });
});

describe('usage', () => {
  test('G2 is counted, and not shown to a client that did not ask', () => {
    expectUsageKeptBack((request) => streamed([TOOLS], request), expect.objectContaining({ inputTokens: 864, cachedInputTokens: 800, outputTokens: 83 }) as object);
  });

  test('G3 G4 is the last chunk before [DONE], with choices that are empty, for one that did', () => {
    expect(chunksOf(streamed([TOOLS], ASKING).text).at(-1)).toMatchObject({
      choices: [], usage: { prompt_tokens: 864, completion_tokens: 83, total_tokens: 947, prompt_tokens_details: { cached_tokens: 800 } },
    });
  });

  test('that the provider does not give is not made up', () => {
    expectNoUsage(streamed([eventsOf(HELLO, { type: 'message-end', delta: { finish_reason: 'COMPLETE' } })], ASKING));
  });
});

describe('tool calls', () => {
  const start = (index: number, name: string, args = '') => (
    { type: 'tool-call-start', index, delta: { message: { tool_calls: { id: `id_${name}`, type: 'function', function: { name, arguments: args } } } } }
  );
  const part = (index: number, args: string) => ({ type: 'tool-call-delta', index, delta: { message: { tool_calls: { function: { arguments: args } } } } });

  test('G5 the first delta has the role, also when it opens with a tool call', () => {
    expect(deltasOf(streamed([eventsOf(start(0, 'f'), END)]).text).map(({ role }) => role)).toEqual(['assistant', undefined, undefined]);
  });

  test('that end with the message only, come in turns, begin with arguments, or use one index twice', () => {
    const { text } = streamed([eventsOf(start(0, 'a'), start(3, 'b'), part(3, '{"b":'), part(0, '{}'), part(3, '2}'), start(5, 'c', '{"c":1}'), start(5, 'd'), END)]);
    expect(argumentsOfCalls(text)).toEqual(['{}', '{"b":2}', '{"c":1}', '{}']);
    // Calls are there, so clients have to be told.
    expect(finishOf(chunksOf(text))).toEqual(['tool_calls']);
  });

  test('in a list of one, and parts of no call', () => {
    const listed = { type: 'tool-call-start', index: 0, delta: { message: { tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }] } } };
    expect(deltasOf(streamed([eventsOf(listed, part(7, 'x'), END)]).text)[0].tool_calls).toEqual([{ index: 0, id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }]);
  });

  test('B10 have their own names again', () => {
    const { text } = streamed([eventsOf(start(0, 'a_b_c'), END)], { tools: [{ type: 'function', function: { name: 'a.b c' } }] });
    expect(deltasOf(text)[0].tool_calls).toMatchObject([{ function: { name: 'a.b c' } }]);
  });
});

test('log probabilities are those of the text beside them', () => {
  const event = { ...HELLO, logprobs: { text: 'Hello', token_ids: [1], logprobs: [-0.5] } };
  const [first] = chunksOf(streamed([eventsOf(event, END)]).text);
  expect(first.choices[0].logprobs).toEqual({ content: [{ token: 'Hello', logprob: -0.5, bytes: [72, 101, 108, 108, 111], top_logprobs: [] }], refusal: null });
});

describe('errors', () => {
  test.each<[string, object, number, string, string]>([
    ['an error in the last event', { type: 'message-end', delta: { error: 'out of memory', finish_reason: 'ERROR' } }, 502, 'generation_failed', 'out of memory'],
    ['ERROR without words', { type: 'message-end', delta: { finish_reason: 'ERROR' } }, 502, 'generation_failed', 'the provider could not finish'],
    ['TIMEOUT', { type: 'message-end', delta: { finish_reason: 'TIMEOUT' } }, 504, 'generation_timeout', 'too long'],
    ['an error event', { type: 'error', message: 'overloaded' }, 502, 'generation_failed', 'overloaded'],
    ['an error without a type', { message: 'overloaded' }, 502, 'generation_failed', 'overloaded'],
    ['no reason', { type: 'message-end', delta: {} }, 502, 'upstream_broke_off', 'without a reason'],
    ['no delta', { type: 'message-end' }, 502, 'upstream_broke_off', 'without a reason'],
    ['members of another type', { type: 'content-delta', delta: { message: { content: { text: 5 } } }, logprobs: { logprobs: 5 } }, 502, 'upstream_broke_off', 'not what its API promises'],
  ])('%s is an error event, at every cut, and nothing comes after it', (_, event, status, code, message) => {
    const bytes = Buffer.concat([eventsOf(HELLO), bytesOf(`data: ${JSON.stringify(event)}\n\n`), eventsOf(HELLO, END)]);
    const error = { message: expect.stringContaining(message) as string, type: 'server_error', param: null, code };
    expectHelloAndError(streamed([bytes]), error, expect.objectContaining({ status, code }) as object);
    expect(differingSplits(bytes, streamed)).toEqual([]);
  });

  test('B22 as the only event leaves nothing but the error, so that another backend may answer', () => {
    const failure = expect.objectContaining({ code: 'generation_failed' }) as object;
    expectErrorAlone(chat({ stream: true }).response, eventsOf({ type: 'message-start', id: '1' }), eventsOf({ type: 'error', message: 'x' }), failure);
  });
});

describe('B23 a stream that is not whole ends in an error event, never in a normal end', () => {
  test('cut at every byte', () => {
    const whole = readEvents(streamed([TOOLS], ASKING).text);
    const complete = TOOLS.lastIndexOf(0x7d) + 1;
    expectErrorAtEveryCut(TOOLS, complete, (chunks) => streamed(chunks, ASKING));
    // Nothing but line ends is missing.
    expect(readEvents(streamed([TOOLS.subarray(0, complete)], ASKING).text)).toEqual(whole);
  });

  test('any byte changed: an error event, or chunks to the end, never a fault', () => {
    fc.assert(fc.property(oneByteChanged(TOOLS), (chunks) => {
      const { text, failure } = streamed(chunks, ASKING);
      const last = readEvents(text).at(-1);
      expect(failure ? last : 'no error').toEqual(failure ? { error: expect.objectContaining({ code: failure.code }) as unknown } : 'no error');
      expect(failure ?? last).toEqual(failure ?? '[DONE]');
    }), { numRuns: 300 });
  });

  test.each(['not JSON', '5', 'null', '[DONE]x'])('an event that is %j', (data) => {
    expect(readEvents(streamed([eventsOf(HELLO), bytesOf(`data: ${data}\n\n`), eventsOf(END)]).text).at(-1))
      .toEqual({ error: expect.objectContaining({ message: 'an event of the provider\'s stream holds no JSON object' }) as unknown });
  });

  test('bytes that are no event stream, and [DONE] alone', () => {
    for (const bytes of ['<html><body>Bad Gateway</body></html>', '{"id":"1","finish_reason":"COMPLETE"}', 'data: [DONE]\n\n', '']) {
      expect(readEvents(streamed([bytesOf(bytes)]).text)).toEqual([BROKEN_OFF]);
    }
  });

  test('a connection that broke says why; after the last event it takes nothing away', () => {
    expect(readEvents(streamed([TEXT.subarray(0, 300)], {}, 'connection reset').text).at(-1))
      .toEqual({ error: { message: 'connection reset', type: 'server_error', param: null, code: 'upstream_broke_off' } });
    expect(streamed([TEXT], {}, 'connection reset')).toEqual(streamed([TEXT]));
  });

  test('a failure is told once', () => {
    expect(readEvents(streamed([eventsOf({ type: 'error', message: 'x' })], {}, 'connection reset').text)).toHaveLength(1);
  });
});

test('events and members that are not known yet are passed over', () => {
  const unknown = [{ type: 'debug', prompt: 'x' }, { type: 'something-new', delta: 5 }, { type: 'content-delta' }, { type: 'tool-call-start' }, { type: 'citation-start', delta: {} }];
  expect(deltasOf(streamed([eventsOf(...unknown, HELLO, END)]).text)).toEqual([{ role: 'assistant', content: 'Hello' }, {}]);
});
