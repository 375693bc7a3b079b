import * as fc from 'fast-check';
import { argumentsOfCalls, ASKING, chat, chunksOf, deltasOf, eventsOf, finishOf, framed, HOSTS, MessageEvent, readEvents, STREAM_HEAD, STREAM_TYPE, streamed, writtenChunk } from './claude';
import { ClaudeHost } from '../../../src/translate/anthropic/hosted-target';
import { concatBytes } from '../../../src/translate/concat-bytes';
import { anyJson, expectAnswerOrError } from '../any-answer';
import { expectErrorAlone, expectHelloAndError, expectNoUsage, expectUsageKeptBack } from '../openai/every-stream';
import { exceptionFrame } from '../openai-to-bedrock/converse';
import { bytesOf, differingSplits, everySplit, replay } from '../replay';

const START: MessageEvent = { type: 'message_start', message: { type: 'message', usage: { input_tokens: 10, output_tokens: 1 } } };
const blockStart = (index: number, block: object): MessageEvent => ({ type: 'content_block_start', index, content_block: block });
const blockDelta = (index: number, delta: object): MessageEvent => ({ type: 'content_block_delta', index, delta });
const blockStop = (index: number): MessageEvent => ({ type: 'content_block_stop', index });
const text = (value: string, index = 0) => blockDelta(index, { type: 'text_delta', text: value });
const part = (index: number, json: string) => blockDelta(index, { type: 'input_json_delta', partial_json: json });
const tool = (index: number, name: string, input: unknown = {}) => blockStart(index, { type: 'tool_use', id: `toolu_${name}`, name, input });
const HELLO = [START, blockStart(0, { type: 'text', text: '' }), text('Hello')];
const stopped = (reason = 'end_turn', usage: object = { output_tokens: 5 }, details?: object): MessageEvent[] => [
  { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null, ...details && { stop_details: details } }, usage }, { type: 'message_stop' },
];
const through = (events: readonly MessageEvent[], request: object = {}, host: ClaudeHost = 'Anthropic') => streamed(host, [framed(host, events)], request);

describe.each(HOSTS)('from %s, at every cut', (host) => {
  test('G1 G5 text', () => {
    const bytes = framed(host, eventsOf('messages-stream.sse'));
    const answer = (chunks: readonly Uint8Array[]) => (
      replay(chat({ model: 'mine', stream: true }, { host, upstreamModel: 'claude-sonnet-4-5' }).response, 200, STREAM_TYPE[host], chunks)
    );
    const whole = answer([bytes]);
    expect(readEvents(whole.text)).toEqual([
      writtenChunk({ role: 'assistant', content: 'Grüße' }),
      writtenChunk({ content: ' 👋 "type":"error", "error": event: error\n\n' }),
      writtenChunk({}, 'stop', { provider_finish_reason: 'end_turn' }),
      '[DONE]',
    ]);
    expect([whole.usage, whole.failure])
      .toEqual([{ inputTokens: 25, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 15, reasoningTokens: 0, totalTokens: 40 }, undefined]);
    expect(whole.head).toEqual(STREAM_HEAD);
    expect(differingSplits(bytes, answer)).toEqual([]);
  });

  test('G1 A12 reasoning, text and two tools, whose indexes count from 0', () => {
    const bytes = framed(host, eventsOf('messages-stream-tools.sse'));
    const whole = streamed(host, [bytes], ASKING);
    expect(differingSplits(bytes, (chunks) => streamed(host, chunks, ASKING))).toEqual([]);
    const deltas = deltasOf(whole.text);
    expect(deltas.slice(0, 3)).toEqual([
      { role: 'assistant', reasoning_content: 'Two cities, so two calls.' },
      { reasoning_details: [{ type: 'reasoning.text', text: 'Two cities, so two calls.', signature: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds', index: 0 }] },
      { content: 'Let me look.' },
    ]);
    const calls = deltas.flatMap((delta) => (delta.tool_calls ?? []) as Array<{ index: number; id?: string; function: { name?: string; arguments: string } }>);
    expect(argumentsOfCalls(whole.text)).toEqual([expect.stringMatching(/^\{"city"/), '{}']);
    expect(calls.filter((call) => call.id !== undefined).map((call) => [call.index, call.function.name])).toEqual([[0, 'get_weather'], [1, 'now']]);
    expect(finishOf(chunksOf(whole.text))).toEqual(['tool_calls']);
  });

  test('A23 an error mid-stream is an error event, and nothing comes after it', () => {
    const bytes = framed(host, [...eventsOf('messages-stream-overloaded.sse'), ...stopped()]);
    const [message, code] = ['Overloaded', 'overloaded_error'];
    expectHelloAndError(streamed(host, [bytes]), { message, type: 'server_error', param: null, code }, { status: 529, code, message });
    expect(differingSplits(bytes, (chunks) => streamed(host, chunks))).toEqual([]);
  });

  test('A23 before any output it leaves nothing but the error, so that another backend may answer', () => {
    const events = eventsOf('messages-stream-overloaded-at-once.sse');
    const failure = { status: 529, code: 'overloaded_error', message: 'Overloaded' };
    expectErrorAlone(chat({ stream: true }, { host }).response, framed(host, events.slice(0, -1)), framed(host, events.slice(-1)), failure);
  });

  test('a stream that was cut anywhere ends in an error event, never in a normal end', () => {
    const bytes = framed(host, eventsOf('messages-stream.sse'));
    const complete = streamed(host, [bytes]).text;
    for (let cut = 0; cut < bytes.length; cut++) {
      for (const broken of [undefined, 'connection reset']) {
        const { text: written, failure } = streamed(host, [bytes.subarray(0, cut)], {}, broken);
        // All but the line ends of the last event may be there.
        const isWhole = written === complete && failure === undefined && host !== 'AWSAnthropic' && cut >= bytes.length - 2;
        const isError = failure?.code === 'upstream_broke_off' && !written.includes('[DONE]') && /data: \{"error":\{[^\n]*\n\n$/.test(written);
        if (isWhole === isError) {
          throw new Error(`cut at ${cut}: ${written}`);
        }
      }
    }
  });

  test('a connection that breaks after the last event takes nothing away', () => {
    const bytes = framed(host, eventsOf('messages-stream.sse'));
    expect(streamed(host, [bytes], {}, 'connection reset')).toEqual(streamed(host, [bytes]));
  });
});

test.each<[string, number, string]>([['throttlingException', 429, 'ThrottlingException'], ['modelStreamErrorException', 424, 'ModelStreamErrorException']])(
  'an exception frame of Bedrock is an error event: %s', (type, status, code) => {
    const bytes = concatBytes([framed('AWSAnthropic', HELLO), exceptionFrame(type, 'as it was said')]);
    for (const chunks of everySplit(bytes)) {
      const { text: written, failure } = streamed('AWSAnthropic', chunks);
      expect(readEvents(written)[1]).toMatchObject({ error: { message: 'as it was said', code } });
      expect(failure).toEqual({ status, code, message: 'as it was said' });
    }
  });

describe('usage', () => {
  const cached = [
    { ...START, message: { usage: { input_tokens: 4522, cache_creation_input_tokens: 4511, cache_read_input_tokens: 0, output_tokens: 1, service_tier: 'standard' } } },
    ...HELLO.slice(1), blockStop(0), ...stopped('end_turn', { input_tokens: 4522, cache_creation_input_tokens: 4511, cache_read_input_tokens: 0, output_tokens: 5, output_tokens_details: { thinking_tokens: 2 } }),
  ];
  const counted = { inputTokens: 9033, cachedInputTokens: 0, cacheCreationInputTokens: 4511, outputTokens: 5, reasoningTokens: 2, totalTokens: 9038 };

  test('A25 G2 is counted once, and not shown to a client that did not ask', () => {
    expectUsageKeptBack((request) => through(cached, request), counted);
  });

  test('A25 G3 G4 is the last chunk before [DONE], with choices that are empty, for one that did', () => {
    expect(chunksOf(through(cached, ASKING).text).at(-1)).toMatchObject({
      choices: [],
      usage: {
        prompt_tokens: 9033,
        completion_tokens: 5,
        total_tokens: 9038,
        prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 4511 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
      service_tier: 'default',
    });
  });

  test('of an answer that broke off is what was counted until then', () => {
    expect(streamed('Anthropic', [framed('Anthropic', HELLO)], {}, 'reset').usage).toMatchObject({ inputTokens: 10, outputTokens: 1 });
  });

  test('that the provider does not give is not made up', () => {
    expectNoUsage(through([{ type: 'message_start' }, ...HELLO.slice(1), { type: 'message_delta', delta: { stop_reason: 'end_turn' } }, { type: 'message_stop' }], ASKING));
  });
});

describe('tool calls', () => {
  const argumentsOf = (events: readonly MessageEvent[]) => argumentsOfCalls(through([START, ...events, ...stopped('tool_use')]).text);

  test('A10 without arguments have an empty object', () => {
    expect(argumentsOf([tool(0, 'a'), part(0, ''), blockStop(0)])).toEqual(['{}']);
  });

  test('A11 the empty input of the start is no prefix of the real arguments', () => {
    expect(argumentsOf([tool(0, 'a', {}), part(0, ''), part(0, '{"a":'), part(0, '1}'), blockStop(0)])).toEqual(['{"a":1}']);
  });

  test('whose input is whole in the start have it', () => {
    expect(argumentsOf([tool(0, 'a', { a: 1 }), blockStop(0)])).toEqual(['{"a":1}']);
  });

  test('A12 after text and between blocks that the client does not see are numbered from 0 without a gap', () => {
    const server = [blockStart(1, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }), part(1, '{"query":"x"}'), blockStop(1)];
    const result = [blockStart(2, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }), blockStop(2)];
    expect(argumentsOf([blockStart(0, { type: 'text', text: '' }), text('Hm.'), blockStop(0), ...server, ...result, tool(3, 'a'), part(3, '{}'), blockStop(3), tool(7, 'b'), blockStop(7)]))
      .toEqual(['{}', '{}']);
  });

  test('G5 the first delta has the role, also when it opens with a tool call; the turn\'s end closes what is open', () => {
    const deltas = deltasOf(through([START, tool(0, 'a.b'), ...stopped('tool_use')], { tools: [{ type: 'function', function: { name: 'a.b' } }] }).text);
    expect(deltas).toEqual([
      { role: 'assistant', tool_calls: [{ index: 0, id: 'toolu_a.b', type: 'function', function: { name: 'a.b', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
      {},
    ]);
  });

  test('have their own names again', () => {
    const { text: written } = through([START, tool(0, 'a_b_c'), blockStop(0), ...stopped('tool_use')], { tools: [{ type: 'function', function: { name: 'a.b c' } }] });
    expect(deltasOf(written)[0].tool_calls).toMatchObject([{ function: { name: 'a.b c' } }]);
  });
});

test('A27 places on the web come with the end of their text', () => {
  const citation = { type: 'web_search_result_location', url: 'https://example.com/', title: 'Example', cited_text: 'x', encrypted_index: 'y' };
  const { text: written } = through([
    START, blockStart(0, { type: 'text', text: 'A ' }), blockStop(0), blockStart(1, { type: 'text', text: '', citations: [] }), blockDelta(1, { type: 'citations_delta', citation }),
    text('fact', 1), blockStop(1), ...stopped(),
  ]);
  expect(deltasOf(written)).toEqual([
    { role: 'assistant', content: 'A ' }, { content: 'fact' },
    { annotations: [{ type: 'url_citation', url_citation: { start_index: 2, end_index: 6, title: 'Example', url: 'https://example.com/' } }] }, {},
  ]);
});

test('redacted thinking, and thinking without text or signature', () => {
  const { text: written } = through([
    START, blockStart(0, { type: 'redacted_thinking', data: 'c2Vj' }), blockStop(0),
    blockStart(1, { type: 'thinking', thinking: '', signature: '' }), blockDelta(1, { type: 'signature_delta', signature: 'si' }), blockDelta(1, { type: 'signature_delta', signature: 'gn' }), blockStop(1),
    blockStart(2, { type: 'thinking', thinking: '' }), blockDelta(2, { type: 'thinking_delta', thinking: 'Hm.' }), blockStop(2), ...HELLO.slice(1), blockStop(0), ...stopped(),
  ]);
  expect(deltasOf(written)).toEqual([
    { role: 'assistant', reasoning_details: [{ type: 'reasoning.encrypted', data: 'c2Vj', index: 0 }] },
    { reasoning_details: [{ type: 'reasoning.text', text: '', signature: 'sign', index: 1 }] },
    { reasoning_content: 'Hm.' }, { content: 'Hello' }, {},
  ]);
});

describe('the end', () => {
  test.each([['max_tokens', 'length'], ['pause_turn', 'length'], ['refusal', 'content_filter'], ['a_new_reason', 'stop']])('A22 stop reason %s is %s', (stopReason, reason) => {
    const [last] = chunksOf(through([...HELLO, blockStop(0), ...stopped(stopReason)]).text).slice(-1);
    expect(last.choices[0]).toMatchObject({ finish_reason: reason, provider_finish_reason: stopReason });
  });

  test('A22 what Claude says of its refusal is in the last delta', () => {
    const { text: written } = through([...HELLO, ...stopped('refusal', {}, { type: 'refusal', explanation: 'This could do harm.' })]);
    expect(deltasOf(written).at(-1)).toEqual({ refusal: 'This could do harm.' });
  });

  test('without a stop reason is an error', () => {
    for (const events of [[{ type: 'message_stop' }], [{ type: 'message_delta', delta: { stop_reason: null }, usage: {} }, { type: 'message_stop' }]]) {
      const { text: written, failure } = through([...HELLO, ...events]);
      expect([readEvents(written).at(-1), failure]).toMatchObject([{ error: { code: 'upstream_broke_off' } }, { status: 502 }]);
    }
  });

  test('comes once, and what follows it is passed over', () => {
    const { text: written } = through([...HELLO, ...stopped(), ...HELLO, ...stopped('max_tokens')]);
    expect(finishOf(chunksOf(written))).toEqual(['stop']);
  });

  test('an event that holds no JSON is an error', () => {
    const { text: written, failure } = streamed('Anthropic', [framed('Anthropic', HELLO), bytesOf('event: content_block_delta\ndata: {"type\n\n')]);
    expect([readEvents(written).at(-1), failure]).toMatchObject([{ error: { code: 'upstream_broke_off' } }, { status: 502 }]);
  });
});

test('events, blocks and deltas that are not known yet are passed over', () => {
  const unknown = [
    { type: 'ping' }, { type: 'message_progress', percent: 3 }, blockStart(5, { type: 'hologram' }), text('x', 5), blockDelta(0, { type: 'sound_delta', text: 'x' }), blockStop(5), text('x', 9),
    { type: 'content_block_start' }, { type: 'content_block_delta' }, { type: 'content_block_stop' },
  ];
  expect(deltasOf(through([...HELLO, ...unknown, ...stopped()]).text)).toEqual([{ role: 'assistant', content: 'Hello' }, {}]);
});

test('time to the first byte is one event', () => {
  const { response } = chat({ stream: true });
  response.head({ status: 200, header: () => undefined });
  expect(response.push(framed('Anthropic', HELLO)).length).toBeGreaterThan(0);
});

test('G12 G17 G18 whatever comes, nothing is thrown, no pseudo-header is set, and no bytes claim to be unchanged', () => {
  const type = fc.constantFrom('message_start', 'content_block_start', 'content_block_delta', 'content_block_stop', 'message_delta', 'message_stop', 'ping', 'error', 'other');
  const { tree, node } = anyJson(
    [
      'type', 'index', 'message', 'content_block', 'delta', 'usage', 'text', 'thinking', 'signature', 'partial_json', 'data', 'id', 'name', 'input', 'citations', 'citation', 'url',
      'stop_reason', 'stop_details', 'explanation', 'input_tokens', 'output_tokens', 'output_tokens_details', 'service_tier', 'error', 'content',
    ],
    ['x', '', 0, 1, -1, null, true, 'c2Vj', 'end_turn', 'text', 'tool_use', 'thinking', 'text_delta', 'input_json_delta'],
  );
  const event = fc.tuple(type, node).map(([name, payload]): MessageEvent => ({ ...payload, type: name }));
  for (const host of HOSTS) {
    const piece = fc.oneof(event.map((one) => framed(host, [one])), tree.map((payload) => bytesOf(JSON.stringify(payload))), fc.uint8Array({ maxLength: 30 }));
    expectAnswerOrError(piece, (request) => chat(request, { host }).response, 200);
  }
});
