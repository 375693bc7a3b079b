import * as fc from 'fast-check';
import { ASKING, BROKEN_OFF, candidate, chat, chunksOf, deltasOf, finishOf, fixtureText, readEvents, sse, SSE, STREAM_HEAD, streamed, writtenChunk } from './gemini';
import { anyJson, expectAnswerOrError, oneByteChanged } from '../any-answer';
import { expectErrorAlone, expectErrorAtEveryCut, expectHelloAndError, expectNoUsage, expectUsageKeptBack } from '../openai/every-stream';
import { bytesOf, differingSplits, replay } from '../replay';

const TEXT = bytesOf(fixtureText('stream.sse'));
const TOOLS = bytesOf(fixtureText('stream-tools.sse'));
const HELLO = candidate([{ text: 'Hello' }]);
const END = candidate([{ text: '' }], 'STOP');

describe('at every cut', () => {
  test('G1 G5 text, with a signature at its end', () => {
    const answer = (chunks: readonly Uint8Array[]) => replay(chat({ model: 'mine', stream: true }, { upstreamModel: 'theirs' }).response, 200, SSE, chunks);
    const { text, usage, failure, head } = answer([TEXT]);
    expect(readEvents(text)).toEqual([
      writtenChunk({ role: 'assistant', content: 'Grüße' }),
      writtenChunk({ content: ' 👋 data: [DONE]\n\n' }),
      writtenChunk({ content: '', extra_content: { google: { thought_signature: 'AY89a18iOcFus5wr5bW5xN6zZ4aUiCyhgmg6HE2YjtYDV/dwZ5oZlZHeTmiUKv34qq0=' } } }),
      writtenChunk({}, 'stop', { provider_finish_reason: 'STOP' }),
      '[DONE]',
    ]);
    expect([usage, failure])
      .toEqual([{ inputTokens: 13, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 7, reasoningTokens: 0, totalTokens: 20 }, undefined]);
    expect(head).toEqual(STREAM_HEAD);
    expect(differingSplits(TEXT, answer)).toEqual([]);
  });

  test('G1 V2 V8 V11 thoughts, text, calls, cache and tier', () => {
    const whole = streamed([TOOLS], ASKING);
    expect(differingSplits(TOOLS, (chunks) => streamed(chunks, ASKING))).toEqual([]);
    expect(deltasOf(whole.text)).toEqual([
      { role: 'assistant', reasoning_content: 'Two cities, ' },
      { reasoning_content: 'so two calls.' },
      { content: 'Let me look.' },
      {
        tool_calls: [{
          index: 0,
          id: 'call_1',
          type: 'function',
          function: { name: 'get_weather', arguments: '{"city":"Paris","days":2}' },
          extra_content: { google: { thought_signature: 'AY89a18iOcFus5wr5bW5xN6zZ4aUiCyhgmg6HE2YjtY=' } },
        }],
      },
      { tool_calls: [{ index: 1, id: 'call_1', type: 'function', function: { name: 'now', arguments: '{}' } }] },
      {},
    ]);
    expect(finishOf(chunksOf(whole.text))).toEqual(['tool_calls']);
  });

  test('with any line end, and without the last blank line', () => {
    const whole = streamed([TEXT], ASKING).text;
    for (const [from, to] of [['\r\n', '\n'], ['\r\n', '\r']]) {
      expect(streamed([bytesOf(fixtureText('stream.sse').replaceAll(from, to))], ASKING).text).toBe(whole);
    }
    expect(streamed([bytesOf(fixtureText('stream.sse').trimEnd())], ASKING).text).toBe(whole);
  });
});

describe('usage', () => {
  const counted = { inputTokens: 20, cachedInputTokens: 8, cacheCreationInputTokens: 0, outputTokens: 533, reasoningTokens: 382, totalTokens: 553 };

  test('G2 is counted, and not shown to a client that did not ask', () => {
    expectUsageKeptBack((request) => streamed([TOOLS], request), counted);
  });

  test('G3 G4 V11 is the last chunk before [DONE], with choices that are empty, for one that did', () => {
    expect(chunksOf(streamed([TOOLS], ASKING).text).at(-1)).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1741569952,
      model: 'gemini-2.5-flash',
      choices: [],
      usage: {
        prompt_tokens: 20,
        completion_tokens: 533,
        total_tokens: 553,
        prompt_tokens_details: { cached_tokens: 8, cache_write_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 382 },
      },
      service_tier: 'flex',
    });
  });

  test('may come after the last candidate, and counts so far when the client leaves', () => {
    const late = sse(HELLO, END, { usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 } });
    expect(chunksOf(streamed([late], ASKING).text).at(-1)).toMatchObject({ usage: { total_tokens: 3 } });
    const { response } = chat({ stream: true });
    response.head({ status: 200, header: () => undefined });
    response.push(TOOLS.subarray(0, 500));
    expect(response.usage).toMatchObject({ inputTokens: 20, outputTokens: 40 });
  });

  test('that the provider does not give is not made up', () => {
    expectNoUsage(streamed([sse(HELLO, END)], ASKING));
  });
});

test('G5 the first delta has the role, also when it opens with a call', () => {
  const deltas = deltasOf(streamed([sse(candidate([{ functionCall: { name: 'f' } }], 'STOP'))]).text);
  expect(deltas.map(({ role }) => role)).toEqual(['assistant', undefined]);
});

test('V15 choices side by side, each with its own role, calls and end', () => {
  const both = (one: object, other: object) => ({ candidates: [{ index: 0, ...one }, { index: 1, ...other }] });
  const bytes = sse(
    both({ content: { parts: [{ text: 'a' }] } }, { content: { parts: [{ functionCall: { name: 'f' } }] } }),
    { candidates: [{ index: 1, finishReason: 'STOP' }] },
    both({ content: { parts: [{ text: 'b' }] }, finishReason: 'MAX_TOKENS' }, { content: { parts: [{ text: 'too late' }] } }),
  );
  const choices = chunksOf(streamed([bytes], { n: 2 }).text).flatMap((chunk) => chunk.choices);
  expect(choices.map(({ index, delta, finish_reason: reason }) => [index, delta, reason])).toEqual([
    [0, { role: 'assistant', content: 'a' }, null],
    [1, { role: 'assistant', tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }] }, null],
    [1, {}, 'tool_calls'],
    [0, { content: 'b' }, null],
    [0, {}, 'length'],
  ]);
  expect(readEvents(streamed([sse({ candidates: [{ index: 0, finishReason: 'STOP' }] })], { n: 2 }).text).at(-1)).toEqual(BROKEN_OFF);
});

test('V14 log probabilities come with the text that they are of', () => {
  const logprobsResult = { chosenCandidates: [{ token: 'Hello', logProbability: -1 }] };
  const [first, last] = chunksOf(streamed([sse(candidate([{ text: 'Hello' }], undefined, { logprobsResult }), END)]).text).flatMap(({ choices }) => choices);
  expect([first, last]).toMatchObject([{ logprobs: { content: [{ token: 'Hello', logprob: -1, top_logprobs: [] }] } }, { logprobs: null, finish_reason: 'stop' }]);
});

describe('the end', () => {
  test.each([['MAX_TOKENS', 'length'], ['SAFETY', 'content_filter'], ['NO_IMAGE', 'stop'], ['A_NEW_REASON', 'stop']])('V4 %s without content is %s', (finishReason, reason) => {
    for (const event of [{ candidates: [{ finishReason }] }, { candidates: [{ finishReason, content: {} }] }]) {
      const chunks = chunksOf(streamed([sse(event)]).text);
      expect(chunks.map(({ choices }) => choices)).toEqual([
        [{ index: 0, delta: { role: 'assistant' }, logprobs: null, finish_reason: reason, provider_finish_reason: finishReason }],
      ]);
    }
  });

  test('V3 MALFORMED_FUNCTION_CALL is an error event, before and after text', () => {
    for (const before of [[], [HELLO]]) {
      const { text, failure } = streamed([sse(...before, { candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL' }] }, END)]);
      expect(readEvents(text)).toHaveLength(before.length + 1);
      expect(readEvents(text).at(-1)).toMatchObject({ error: { code: 'malformed_function_call', type: 'server_error' } });
      expect(failure).toMatchObject({ status: 502, code: 'malformed_function_call' });
    }
  });

  test('V5 a prompt that was blocked', () => {
    const blocked = { promptFeedback: { blockReason: 'SAFETY', blockReasonMessage: 'Not this.' }, usageMetadata: { promptTokenCount: 5, totalTokenCount: 5 } };
    const { text, usage } = streamed([sse(blocked)], ASKING);
    expect(chunksOf(text)).toMatchObject([
      { choices: [{ index: 0, delta: { role: 'assistant', refusal: 'Not this.' }, finish_reason: 'content_filter', provider_finish_reason: 'SAFETY' }] },
      { choices: [], usage: { prompt_tokens: 5 } },
    ]);
    expect(usage?.inputTokens).toBe(5);
  });
});

describe('V19 a stream that is not whole ends in an error event, never in a normal end', () => {
  test.each<[string, Uint8Array]>([
    ['nothing', sse()], ['no reason to end', sse(HELLO)], ['a reason of another type', sse(HELLO, candidate([], 5))], ['usage alone', sse({ usageMetadata: { promptTokenCount: 1 } })],
    ['no candidates', sse({ candidates: [] })], ['a comment', bytesOf(': hi\n\n')], ['a page', bytesOf('<html><body>Bad Gateway</body></html>')],
    ['a JSON array, as without alt=sse', bytesOf(JSON.stringify([candidate([{ text: 'x' }], 'STOP')]))],
  ])('%s', (_, bytes) => {
    const { text, failure } = streamed([bytes]);
    expect(readEvents(text).at(-1)).toEqual(BROKEN_OFF);
    expect(failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
  });

  test('cut at every byte', () => {
    // The line ends after the last event say nothing.
    const content = bytesOf(fixtureText('stream-tools.sse').trimEnd());
    const error = { error: expect.objectContaining({ type: 'server_error', code: 'upstream_broke_off' }) as unknown };
    expectErrorAtEveryCut(TOOLS, content.length, (chunks) => streamed(chunks, ASKING), error);
  });

  test.each(['{"candidates":[', 'not JSON', '5', 'null', '[]', '"x"', '[DONE]'])('an event whose data are %s', (data) => {
    const read = readEvents(streamed([sse(HELLO, data, END)]).text);
    expect(read).toHaveLength(2);
    expect(read[1]).toEqual({ error: { message: 'an event of the provider\'s stream holds no JSON object', type: 'server_error', param: null, code: 'upstream_broke_off' } });
  });

  test.each<[object]>([[{ candidates: 5 }], [{ candidates: [null] }], [candidate(5)], [candidate([{ functionCall: 5 }], { a: 1 })], [candidate([], 'STOP', { logprobsResult: { chosenCandidates: 5 } })]])(
    'an event of another shape: %j', (event) => {
      const { text, failure } = streamed([sse(HELLO, event)]);
      expect(readEvents(text).at(-1)).toMatchObject({ error: { code: 'upstream_broke_off' } });
      expect(failure).toMatchObject({ status: 502 });
    });

  test('a connection that broke says why; after the last event it takes nothing away', () => {
    expect(readEvents(streamed([TEXT.subarray(0, 100)], {}, 'connection reset').text).at(-1)).toMatchObject({ error: { code: 'upstream_broke_off' } });
    expect(readEvents(streamed([sse(HELLO)], {}, 'connection reset').text).at(-1))
      .toEqual({ error: { message: 'connection reset', type: 'server_error', param: null, code: 'upstream_broke_off' } });
    expect(streamed([TEXT], {}, 'connection reset')).toEqual(streamed([TEXT]));
  });
});

describe('errors inside the stream', () => {
  const ERROR = { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } };

  test('are an error event with their own status and code, at every cut, and nothing comes after it', () => {
    const bytes = sse(HELLO, ERROR, END);
    const [message, code] = ['The model is overloaded.', 'UNAVAILABLE'];
    expectHelloAndError(streamed([bytes]), { message, type: 'server_error', param: null, code }, { status: 503, code, message });
    expect(differingSplits(bytes, streamed)).toEqual([]);
  });

  test('at once leave nothing but the error, so that another backend may answer', () => {
    expectErrorAlone(chat({ stream: true }).response, sse({ usageMetadata: { promptTokenCount: 1 } }), sse([ERROR]), expect.objectContaining({ status: 503 }) as object);
  });
});

test('V19 any byte changed: an error event, or an answer that is whole', () => {
  fc.assert(fc.property(oneByteChanged(TOOLS), (chunks) => {
    const { text, failure } = streamed(chunks, ASKING);
    const last = readEvents(text).at(-1);
    expect(failure === undefined ? last : Object.keys(last as object)).toEqual(failure === undefined ? '[DONE]' : ['error']);
    if (failure === undefined) {
      expect(finishOf(chunksOf(text))).toHaveLength(1);
    }
  }), { numRuns: 300 });
});

test('G12 G17 G18 whatever comes, nothing is thrown, no pseudo-header is set, and no bytes claim to be unchanged', () => {
  const { tree } = anyJson(
    [
      'candidates', 'content', 'parts', 'text', 'thought', 'thoughtSignature', 'functionCall', 'name', 'args', 'id', 'inlineData', 'finishReason', 'index', 'usageMetadata', 'promptTokenCount',
      'promptFeedback', 'blockReason', 'logprobsResult', 'chosenCandidates', 'topCandidates', 'error', 'code', 'status', 'message', 'trafficType',
    ],
    ['x', '', 0, 1, -1, null, true, 'c2Vj', 'STOP', 'SAFETY', 'MALFORMED_FUNCTION_CALL'],
  );
  const piece = fc.oneof(tree.map((payload) => sse(payload)), tree.map((payload) => bytesOf(JSON.stringify(payload))), fc.uint8Array({ maxLength: 30 }));
  expectAnswerOrError(piece, (request) => chat(request).response, 400);
});
