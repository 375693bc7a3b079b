import * as fc from 'fast-check';
import { argumentsOfCalls, ASKING, BROKEN_OFF, chat, Chunk, chunksOf, deltasOf, EVENT_STREAM, eventsOf, exceptionFrame, finishOf, frameOf, framesOf, readEvents, STREAM_HEAD, streamed, writtenChunk } from './converse';
import { eventFrame } from '../../providers/fake-bedrock';
import { anyJson, expectAnswerOrError, oneByteChanged } from '../any-answer';
import { expectErrorAlone, expectErrorAtEveryCut, expectHelloAndError, expectNoUsage, expectUsageKeptBack } from '../openai/every-stream';
import { bytesOf, differingSplits, replay } from '../replay';

const TEXT = framesOf(eventsOf('converse-stream.json'));
const TOOLS = framesOf(eventsOf('converse-stream-tools.json'));
const HELLO = [{ contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'Hello' } } }];
const END = [{ messageStop: { stopReason: 'end_turn' } }, { metadata: { usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 } } }];

test('text comes out alike however its event is written', () => {
  const written = (text: string, payload: (value: object) => string) => {
    const event = frameOf({ ':message-type': 'event', ':event-type': 'contentBlockDelta' }, payload({ contentBlockIndex: 0, delta: { text }, p: 'abc' }));
    return streamed([event, framesOf(HELLO), event, framesOf(END)], ASKING).text;
  };
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    // With white space in it, an event takes the way through JSON.parse.
    expect(written(text, (value) => JSON.stringify(value))).toBe(written(text, (value) => JSON.stringify(value, null, 1)));
  }), { numRuns: 200 });
});

describe('at every cut', () => {
  test('G1 G5 text', () => {
    const answer = (chunks: readonly Uint8Array[]) => replay(chat({ model: 'mine', stream: true }, { upstreamModel: 'theirs' }).response, 200, EVENT_STREAM, chunks);
    const { text, usage, failure, head } = answer([TEXT]);
    expect(readEvents(text)).toEqual([
      writtenChunk({ role: 'assistant', content: 'Grüße' }),
      writtenChunk({ content: ' 👋 data: [DONE]\n\n' }),
      writtenChunk({}, 'stop', { provider_finish_reason: 'end_turn' }),
      '[DONE]',
    ]);
    expect([usage, failure])
      .toEqual([{ inputTokens: 13, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 7, reasoningTokens: 0, totalTokens: 20 }, undefined]);
    expect(head).toEqual(STREAM_HEAD);
    expect(differingSplits(TEXT, answer)).toEqual([]);
  });

  test('G1 reasoning, text, tools, cache and tier', () => {
    const whole = streamed([TOOLS], ASKING);
    expect(differingSplits(TOOLS, (chunks) => streamed(chunks, ASKING))).toEqual([]);
    expect(deltasOf(whole.text)).toEqual([
      { role: 'assistant', reasoning_content: 'Two cities, ' },
      { reasoning_content: 'so two calls.' },
      { reasoning_details: [{ type: 'reasoning.text', text: 'Two cities, so two calls.', signature: 'c2lnbmVk', index: 0 }] },
      { reasoning_details: [{ type: 'reasoning.encrypted', data: 'c2VjcmV0', index: 1 }] },
      { content: 'Let me look.' },
      { tool_calls: [{ index: 0, id: 'tooluse_Paris', type: 'function', function: { name: 'get_weather', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"city": ' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '"Paris", "days": 2}' } }] },
      { tool_calls: [{ index: 1, id: 'tooluse_Now', type: 'function', function: { name: 'now', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
      {},
    ]);
    expect(finishOf(chunksOf(whole.text))).toEqual(['tool_calls']);
  });
});

describe('usage', () => {
  const counted = { inputTokens: 10904, cachedInputTokens: 10536, cacheCreationInputTokens: 0, outputTokens: 19, reasoningTokens: 0, totalTokens: 10923 };

  test('B20 G2 is counted, and not shown to a client that did not ask', () => {
    expectUsageKeptBack((request) => streamed([TOOLS], request), counted);
  });

  test('B20 G3 G4 is the last chunk before [DONE], with choices that are empty, for one that did', () => {
    const { text, usage } = streamed([TOOLS], ASKING);
    expect(usage).toEqual(counted);
    expect(chunksOf(text).at(-1)).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1741569952,
      model: 'meta.llama3-1-70b-instruct-v1:0',
      choices: [],
      usage: {
        prompt_tokens: 10904,
        completion_tokens: 19,
        total_tokens: 10923,
        prompt_tokens_details: { cached_tokens: 10536, cache_write_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
      service_tier: 'flex',
    });
  });

  test('that the provider does not give is not made up', () => {
    expectNoUsage(streamed([framesOf([...HELLO, { messageStop: { stopReason: 'end_turn' } }, { metadata: {} }])], ASKING));
  });
});

describe('tool calls', () => {
  test('G5 the first delta has the role, also when it opens with a tool call', () => {
    const deltas = deltasOf(streamed([framesOf([{ contentBlockStart: { contentBlockIndex: 0, start: { toolUse: { toolUseId: '1', name: 'f' } } } }, ...END])]).text);
    expect(deltas.map(({ role }) => role)).toEqual(['assistant', undefined, undefined]);
  });

  test('that end with the turn only, and whose blocks come in turns', () => {
    const start = (block: number, name: string) => ({ contentBlockStart: { contentBlockIndex: block, start: { toolUse: { toolUseId: `id_${name}`, name } } } });
    const part = (block: number, input: string) => ({ contentBlockDelta: { contentBlockIndex: block, delta: { toolUse: { input } } } });
    const { text } = streamed([framesOf([start(1, 'a'), start(4, 'b'), part(4, '{"b":'), part(1, '{"a":1}'), part(4, '2}'), start(5, 'c'), ...END])]);
    expect(argumentsOfCalls(text)).toEqual(['{"a":1}', '{"b":2}', '{}']);
    expect(finishOf(chunksOf(text))).toEqual(['tool_calls']);
  });

  test('of Bedrock itself and parts of no call are passed over', () => {
    const server = [
      { contentBlockStart: { contentBlockIndex: 0, start: { toolUse: { toolUseId: '1', name: 'f', type: 'server_tool_use' } } } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { toolUse: { input: '{}' } } } }, { contentBlockStop: { contentBlockIndex: 0 } },
    ];
    expect(deltasOf(streamed([framesOf([...server, ...HELLO, ...END])]).text)).toEqual([{ role: 'assistant', content: 'Hello' }, {}]);
  });

  test('B10 have their own names again', () => {
    const request = { tools: [{ type: 'function', function: { name: 'a.b c' } }] };
    const { text } = streamed([framesOf([{ contentBlockStart: { contentBlockIndex: 0, start: { toolUse: { toolUseId: '1', name: 'a_b_c' } } } }, ...END])], request);
    expect(deltasOf(text)[0].tool_calls).toEqual([{ index: 0, id: '1', type: 'function', function: { name: 'a.b c', arguments: '' } }]);
  });
});

describe('exceptions', () => {
  test.each<[string, number, string, string]>([
    ['throttlingException', 429, 'ThrottlingException', 'rate_limit_error'],
    ['serviceUnavailableException', 503, 'ServiceUnavailableException', 'server_error'],
    ['internalServerException', 500, 'InternalServerException', 'server_error'],
    ['modelStreamErrorException', 424, 'ModelStreamErrorException', 'invalid_request_error'],
    ['validationException', 400, 'ValidationException', 'invalid_request_error'],
    ['somethingNewException', 502, 'SomethingNewException', 'server_error'],
    ['constructor', 502, 'Constructor', 'server_error'],
  ])('B21 %s mid-stream is an error event with its own type, at every cut, and nothing comes after it', (type, status, code, errorType) => {
    const bytes = Buffer.concat([framesOf(HELLO), exceptionFrame(type, 'as it was said'), framesOf(END)]);
    expectHelloAndError(streamed([bytes]), { message: 'as it was said', type: errorType, param: null, code }, { status, code, message: 'as it was said' });
    expect(differingSplits(bytes, streamed)).toEqual([]);
  });

  test('B22 as the only frame leave nothing but the error, so that another backend may answer', () => {
    for (const before of [[], [{ messageStart: { role: 'assistant' } }]]) {
      expectErrorAlone(
        chat({ stream: true }).response, framesOf(before), exceptionFrame('throttlingException', 'Too many tokens'),
        { status: 429, code: 'ThrottlingException', message: 'Too many tokens' },
      );
    }
  });

  const UNSAID = 'the provider ended the stream with an error and no message';
  const ERROR = { ':message-type': 'error', ':error-code': 'InternalFailure', ':error-message': 'said here' };
  const THROTTLING = { ':message-type': 'exception', ':exception-type': 'throttlingException' };

  test.each<[string, Uint8Array, object]>([
    ['an error frame', frameOf(ERROR, ''), { status: 502, code: 'InternalFailure', message: 'said here' }],
    ['no message', frameOf(THROTTLING, '{}'), { status: 429, message: UNSAID }],
    ['null', frameOf(THROTTLING, 'null'), { status: 429 }],
    ['no type', frameOf({ ':message-type': 'exception' }, '{"message":"x"}'), { status: 502, code: null, message: 'x' }],
    ['a text', frameOf(THROTTLING, 'busy'), { status: 429, code: 'ThrottlingException' }],
  ])('with %s', (_, frame, failure) => {
    expect(streamed([frame]).failure).toMatchObject(failure);
  });
});

describe('B23 a stream that is not whole ends in an error event, never in a normal end', () => {
  test.each<[string, readonly object[], string[]]>([
    ['nothing', [], []],
    ['no messageStop', HELLO, []],
    ['no messageStop, but metadata', [...HELLO, END[1]], []],
    ['no metadata', [...HELLO, END[0]], ['stop']],
    ['a messageStop without its reason', [...HELLO, { messageStop: {} }, END[1]], []],
  ])('%s', (_, events, finish) => {
    const { text, failure } = streamed([framesOf(events as Array<Record<string, unknown>>)]);
    const read = readEvents(text);
    expect(read.at(-1)).toEqual({ error: expect.objectContaining({ type: 'server_error', code: 'upstream_broke_off' }) as unknown });
    expect(finishOf(read.slice(0, -1) as Chunk[])).toEqual(finish);
    expect(failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
  });

  test('cut at every byte', () => {
    expectErrorAtEveryCut(TOOLS, TOOLS.length, (chunks) => streamed(chunks, ASKING));
  });

  test('followed by half a frame', () => {
    expect(readEvents(streamed([TEXT, TEXT.subarray(0, 20)]).text).at(-1)).toEqual(BROKEN_OFF);
  });

  test('any byte changed', () => {
    fc.assert(fc.property(oneByteChanged(TOOLS), (chunks) => {
      const { text, failure } = streamed(chunks, ASKING);
      expect(text).not.toContain('[DONE]');
      expect(readEvents(text).at(-1)).toEqual({ error: expect.objectContaining({ code: 'upstream_broke_off' }) as unknown });
      expect(failure).toMatchObject({ status: 502 });
    }), { numRuns: 300 });
  });

  test.each(['not JSON', '5', 'null', ''])('an event whose payload is %j', (payload) => {
    const frame = frameOf({ ':message-type': 'event', ':event-type': 'contentBlockDelta' }, payload);
    expect(readEvents(streamed([framesOf(HELLO), frame, framesOf(END)]).text).at(-1))
      .toEqual({ error: expect.objectContaining({ message: 'an event of the provider\'s stream holds no JSON object' }) as unknown });
  });

  test('bytes that are no event stream', () => {
    expect(readEvents(streamed([bytesOf('<html><body>Bad Gateway</body></html>')]).text))
      .toEqual([{ error: expect.objectContaining({ code: 'upstream_broke_off' }) as unknown }]);
  });

  test('a connection that broke says why; after the last event it takes nothing away', () => {
    expect(readEvents(streamed([TEXT.subarray(0, 100)], {}, 'connection reset').text).at(-1))
      .toEqual({ error: { message: 'connection reset', type: 'server_error', param: null, code: 'upstream_broke_off' } });
    expect(streamed([TEXT], {}, 'connection reset')).toEqual(streamed([TEXT]));
  });

  test('a failure is told once', () => {
    expect(readEvents(streamed([exceptionFrame('throttlingException', 'x')], {}, 'connection reset').text)).toHaveLength(1);
  });
});

test('events and members that are not known yet are passed over', () => {
  const citation = { contentBlockDelta: { contentBlockIndex: 0, delta: { citation: { title: 't' } } } };
  const unknown = [{ toolProgress: { percent: 3 } }, citation, { contentBlockDelta: { delta: {} } }, { contentBlockStart: {} }];
  expect(deltasOf(streamed([framesOf([...unknown, ...HELLO, ...END])]).text)).toEqual([{ role: 'assistant', content: 'Hello' }, {}]);
  expect(deltasOf(streamed([frameOf({ ':message-type': 'event' }, '{}'), framesOf([...HELLO, ...END])]).text)).toHaveLength(2);
});

test('reasoning without a signature is shown, and not in reasoning_details', () => {
  const thought = { contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent: { text: 'Hm.' } } } };
  expect(deltasOf(streamed([framesOf([thought, { contentBlockStop: { contentBlockIndex: 0 } }, ...END])]).text))
    .toEqual([{ role: 'assistant', reasoning_content: 'Hm.' }, {}]);
});

test.each([['malformed_tool_use', 'malformed_function_call'], ['malformed_model_output', 'malformed_model_output']])('%s ends in an error event', (stopReason, code) => {
  const { text, failure } = streamed([framesOf([...HELLO, { messageStop: { stopReason } }, END[1]])]);
  expect(readEvents(text).at(-1)).toMatchObject({ error: { code, type: 'server_error' } });
  expect(failure).toMatchObject({ status: 502, code });
});

test.each([['max_tokens', 'length'], ['content_filtered', 'content_filter'], ['a_new_reason', 'stop']])('stop reason %s is %s', (stopReason, reason) => {
  const [last] = chunksOf(streamed([framesOf([...HELLO, { messageStop: { stopReason } }, END[1]])]).text).slice(-1);
  expect(last.choices[0]).toMatchObject({ finish_reason: reason, provider_finish_reason: stopReason });
});

test('G12 G17 G18 whatever comes, nothing is thrown, no pseudo-header is set, and no bytes claim to be unchanged', () => {
  const type = fc.constantFrom('messageStart', 'contentBlockStart', 'contentBlockDelta', 'contentBlockStop', 'messageStop', 'metadata', 'other');
  const { tree } = anyJson(
    [
      'contentBlockIndex', 'start', 'delta', 'toolUse', 'toolUseId', 'name', 'input', 'type', 'text', 'reasoningContent', 'signature', 'redactedContent',
      'stopReason', 'usage',
      'inputTokens', 'serviceTier', 'output', 'message', 'content', 'reasoningText', 'citationsContent',
    ],
    ['x', '', 0, 1, -1, null, true, 'c2Vj', 'end_turn'],
  );
  const event = fc.tuple(type, tree).map(([name, payload]) => eventFrame(name, payload));
  const frame = fc.oneof(event, tree.map((payload) => bytesOf(JSON.stringify(payload))), fc.uint8Array({ maxLength: 30 }));
  expectAnswerOrError(frame, (request) => chat(request).response, 500);
});
