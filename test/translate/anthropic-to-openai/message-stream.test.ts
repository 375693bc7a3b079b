import * as fc from 'fast-check';
import { call, chunk, EVENT_STREAM, GPT, JSON_TYPE, Json, messageOf, messages, readEvents, sse, streamed, USAGE, USAGE_CHUNK } from './messages';
import { MessageStream } from '../../../src/translate/anthropic-to-openai/message-stream';
import { KeptChat } from '../../../src/translate/openai/chat-sink';
import { RestrictedNames } from '../../../src/translate/request/restricted-names';
import { bytesOf, everySplit, fixture, replay, textOf } from '../replay';

const ROLE = chunk({ role: 'assistant', content: '' });
const stop = (finish = 'stop', more: object = {}) => chunk({}, finish, more);
/** A stream of these deltas that ends as it should. */
const whole = (deltas: readonly object[], finish = 'stop') => sse([ROLE, ...deltas.map((delta) => chunk(delta)), stop(finish), USAGE_CHUNK]);
const contentOf = (deltas: readonly object[], finish?: string) => messageOf(streamed([whole(deltas, finish)]).text).content;
const BROKEN_OFF = { type: 'error', error: expect.objectContaining({ type: 'api_error', details: { error_code: 'upstream_broke_off' } }) as unknown };

const TEXT = fixture('chat-stream.sse');
const TOOLS = sse([
  ROLE, chunk({ reasoning_content: 'Two cities, ' }), chunk({ reasoning_content: 'so two calls. ü' }), chunk({ content: 'Let me ' }), chunk({ content: 'look. 👋' }),
  chunk({ tool_calls: [call(0, { id: 'call_1', name: 'look', args: '' })] }), chunk({ tool_calls: [call(0, { args: '{"a":' })] }), chunk({ tool_calls: [call(0, { args: '1}' })] }),
  chunk({ tool_calls: [call(1, { id: 'call_2', name: 'now', args: '' })] }), stop('tool_calls'), USAGE_CHUNK,
]);

test('G1 every cut gives the same events and the same usage: text', () => {
  const expected = streamed([TEXT]);
  for (const chunks of everySplit(TEXT)) {
    expect(streamed(chunks)).toEqual(expected);
  }
  expect(messageOf(expected.text)).toMatchObject({
    content: [{ type: 'text', text: 'Grüße 👋 a "usage":{"x":1} error [DONE]' }], delta: { stop_reason: 'end_turn', stop_sequence: null },
  });
  expect(expected.head).toEqual({ status: 200, setHeaders: [['content-type', 'text/event-stream']], removeHeaders: [], bodyUnchanged: false });
});

test('G1 every cut gives the same events and the same usage: thinking, text and calls', () => {
  const expected = streamed([TOOLS]);
  for (const chunks of everySplit(TOOLS)) {
    expect(streamed(chunks)).toEqual(expected);
  }
  expect(messageOf(expected.text)).toEqual({
    content: [
      { type: 'thinking', thinking: 'Two cities, so two calls. ü', signature: '' },
      { type: 'text', text: 'Let me look. 👋', citations: null },
      { type: 'tool_use', id: 'call_1', name: 'look', input: '{"a":1}' },
      { type: 'tool_use', id: 'call_2', name: 'now', input: '{}' },
    ],
    delta: { stop_reason: 'tool_use', stop_sequence: null },
    usage: expect.objectContaining({ input_tokens: 20, cache_read_input_tokens: 10, cache_creation_input_tokens: 0, output_tokens: 7 }) as unknown,
  });
});

test('G1 with other line ends', () => {
  const text = textOf(TOOLS);
  expect(streamed([bytesOf(text.replace(/\n/g, '\r\n'))])).toEqual(streamed([TOOLS]));
});

test('the message has the client\'s own name of the model', () => {
  const { response } = messages({ stream: true }, { upstreamModel: 'other' });
  const [start] = readEvents(replay(response, 200, EVENT_STREAM, [TEXT]).text);
  expect(start.message).toMatchObject({ id: 'msg_1', type: 'message', role: 'assistant', model: GPT, content: [], stop_reason: null });
});

test('C1 message_delta has the tokens of the input, though OpenAI tells them after the finish reason', () => {
  const { text, usage } = streamed([TEXT]);
  expect(messageOf(text).usage).toMatchObject({ input_tokens: 11, cache_read_input_tokens: 8, output_tokens: 10, output_tokens_details: { thinking_tokens: 3 } });
  expect(usage).toMatchObject({ inputTokens: 19, cachedInputTokens: 8, outputTokens: 10, reasoningTokens: 3, totalTokens: 29 });
});

test('C2 a turn with calls stops for tool_use and has no empty text', () => {
  for (const finish of ['tool_calls', 'stop']) {
    const { content, delta } = messageOf(streamed([sse([
      ROLE, chunk({ content: '\n\n' }), chunk({ content: '', tool_calls: [call(0, { id: 'c', name: 'f', args: '{}' })] }), stop(finish),
    ])]).text);
    expect([content.map(({ type }) => type), delta.stop_reason]).toEqual([['tool_use'], 'tool_use']);
  }
});

describe('C3 parallel calls: one block at a time, each with one start and one stop', () => {
  const piece = (index: number, args: string) => ({ tool_calls: [call(index, { args })] });
  const begin = (index: number) => ({ tool_calls: [call(index, { id: `call_${index}`, name: `f${index}`, args: '' })] });
  const inputs = (deltas: readonly object[]) => contentOf(deltas, 'tool_calls').map(({ id, input }) => [id, input]);

  test('whose pieces come in turns', () => {
    expect(inputs([begin(0), begin(1), piece(1, '{"b":'), piece(0, '{"a":'), piece(1, '2}'), piece(0, '1}'), begin(2), piece(2, '{"c":3}')]))
      .toEqual([['call_0', '{"a":1}'], ['call_1', '{"b":2}'], ['call_2', '{"c":3}']]);
  });

  test('of which one has no arguments', () => {
    expect(inputs([begin(0), begin(1), piece(1, '{"b":2}')])).toEqual([['call_0', '{}'], ['call_1', '{"b":2}']]);
  });

  test('with braces and quotes inside of strings', () => {
    expect(inputs([begin(0), piece(0, '{"a":"\\"}'), piece(0, '"}'), begin(1), piece(1, '{}')])).toEqual([['call_0', '{"a":"\\"}"}'], ['call_1', '{}']]);
    expect(inputs([begin(0), piece(0, '{"a":"}\\"'), begin(1), piece(0, '{"}'), piece(1, '{}')])).toEqual([['call_0', '{"a":"}\\"{"}'], ['call_1', '{}']]);
  });

  test('and text between them', () => {
    expect(contentOf([begin(0), piece(0, '{'), { content: 'Now ' }, piece(0, '}'), { content: 'what?' }, begin(1)], 'tool_calls').map(({ type, text, input }) => [type, text ?? input]))
      .toEqual([['tool_use', '{}'], ['text', 'Now what?'], ['tool_use', '{}']]);
  });

  test('the first of them is written as it comes', () => {
    const { response } = messages({ stream: true });
    response.head({ status: 200, header: (name) => (EVENT_STREAM as Record<string, string>)[name] });
    const types = (delta: object) => readEvents(textOf(response.push(sse([chunk(delta)], false)))).map(({ type }) => type);
    expect(types(begin(0))).toEqual(['message_start', 'content_block_start']);
    expect(types(piece(0, '{"a"'))).toEqual(['content_block_delta']);
    expect(types(begin(1))).toEqual([]);
    expect(types(piece(0, ':1}'))).toEqual(['content_block_delta', 'content_block_stop', 'content_block_start']);
    expect(types(piece(1, '{}'))).toEqual(['content_block_delta']);
  });
});

test('C4 calls without an index are told apart by their place, or by their ids', () => {
  const two = { tool_calls: [call(undefined, { id: 'a', name: 'f', args: '{"a":1}' }), call(undefined, { id: 'b', name: 'g', args: '{"b":' })] };
  const more = { tool_calls: [call(undefined, { args: '' }), call(undefined, { args: '2}' })] };
  expect(contentOf([two, more], 'tool_calls').map(({ id, input }) => [id, input])).toEqual([['a', '{"a":1}'], ['b', '{"b":2}']]);
  for (const index of [undefined, 0]) {
    const each = ['a', 'b'].map((id) => ({ tool_calls: [call(index, { id, name: id, args: `{"${id}":1}` })] }));
    expect(contentOf(each, 'tool_calls').map(({ id, input }) => [id, input])).toEqual([['a', '{"a":1}'], ['b', '{"b":1}']]);
  }
});

test('C4 a call without an id gets one', () => {
  expect(contentOf([{ tool_calls: [call(0, { name: 'f', args: '{}' })] }], 'tool_calls')).toMatchObject([{ id: 'toolu_1', name: 'f' }]);
});

test('C5 a call has at least one input_json_delta, whole or without arguments', () => {
  for (const args of ['{"city":"Paris"}', '', undefined]) {
    const { text } = streamed([whole([{ tool_calls: [call(0, { id: 'c', name: 'f', args })] }], 'tool_calls')]);
    const deltas = readEvents(text).filter(({ type }) => type === 'content_block_delta');
    expect(deltas.map(({ delta }) => delta)).toEqual([{ type: 'input_json_delta', partial_json: args ?? '' ? args : '{}' }]);
  }
});

describe('C13 thinking', () => {
  const detail = (more: object) => ({ reasoning_details: [{ index: 0, ...more }] });

  test('that is signed gets a signature_delta, and its text is not repeated', () => {
    const deltas = [{ reasoning_content: 'Hm, ' }, { reasoning_content: 'so.' }, detail({ type: 'reasoning.text', text: 'Hm, so.', signature: 'c2ln' }), { content: 'Hi' }];
    expect(contentOf(deltas)).toEqual([{ type: 'thinking', thinking: 'Hm, so.', signature: 'c2ln' }, { type: 'text', text: 'Hi', citations: null }]);
    const types = readEvents(streamed([whole(deltas)]).text).flatMap(({ delta }) => (delta as Json | undefined)?.type ?? []);
    expect(types).toEqual(['thinking_delta', 'thinking_delta', 'signature_delta', 'text_delta']);
  });

  test('whose text was not shown has it with the signature; a second one is a block of its own', () => {
    expect(contentOf([detail({ type: 'reasoning.text', text: 'A', signature: '1' }), detail({ type: 'reasoning.text', text: '', signature: '2' }), detail({ type: 'reasoning.encrypted', data: 'eA==' })]))
      .toEqual([{ type: 'thinking', thinking: 'A', signature: '1' }, { type: 'thinking', thinking: '', signature: '2' }, { type: 'redacted_thinking', data: 'eA==' }]);
  });

  test('under the name that OpenRouter and vLLM give it', () => {
    expect(contentOf([{ reasoning: 'Hm.', reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', signature: null }] }, { content: 'Hi' }]))
      .toMatchObject([{ type: 'thinking', thinking: 'Hm.' }, { type: 'text' }]);
  });
});

test.each<[string, object, object]>([
  ['length', {}, { stop_reason: 'max_tokens', stop_sequence: null }],
  ['content_filter', {}, { stop_reason: 'refusal', stop_sequence: null }],
  ['stop', { stop_reason: 'END' }, { stop_reason: 'stop_sequence', stop_sequence: 'END' }],
  ['stop', { stop_reason: null }, { stop_reason: 'end_turn', stop_sequence: null }],
  ['stop', { provider_finish_reason: 'stop_sequence' }, { stop_reason: 'stop_sequence', stop_sequence: null, provider_finish_reason: 'stop_sequence' }],
  ['length', { provider_finish_reason: 'model_context_window_exceeded' }, { stop_reason: 'model_context_window_exceeded', provider_finish_reason: 'model_context_window_exceeded' }],
  ['of_tomorrow', {}, { stop_reason: 'end_turn' }],
])('finish_reason %s %j', (finish, more, delta) => {
  const stream = sse([ROLE, { ...chunk({ content: 'Hi' }) }, { choices: [{ index: 0, delta: {}, finish_reason: finish, ...more }] }]);
  expect(messageOf(streamed([stream]).text).delta).toMatchObject(delta);
});

test('a refusal is text, and stops for it', () => {
  expect(messageOf(streamed([whole([{ refusal: 'I can' }, { refusal: 'not.' }])]).text))
    .toMatchObject({ content: [{ type: 'text', text: 'I cannot.' }], delta: { stop_reason: 'refusal' } });
});

test('Z1 Z2 what Azure says of the prompt, and choices without a delta, are passed over', () => {
  expect(messageOf(streamed([fixture('chat-stream-azure.sse')]).text).content).toMatchObject([{ type: 'text', text: 'Hi' }]);
  const odd = sse([ROLE, { choices: [{ index: 0, finish_reason: null, content_filter_results: {} }] }, { choices: [{ index: 1, delta: { content: 'other' } }] }, { choices: null }, stop()]);
  expect(messageOf(streamed([odd]).text).content).toEqual([]);
});

test('an answer of nothing has no blocks', () => {
  expect(messageOf(streamed([whole([])]).text)).toMatchObject({ content: [], delta: { stop_reason: 'end_turn' } });
});

test('usage that the provider does not tell is not made up for the meter', () => {
  expect(streamed([sse([ROLE, chunk({ content: 'Hi' }), stop()])]).usage).toBeUndefined();
});

test('a server that leaves out [DONE], or the finish reason before it, has ended all the same', () => {
  expect(messageOf(streamed([sse([ROLE, chunk({ content: 'Hi' }), stop()], false)]).text).delta.stop_reason).toBe('end_turn');
  expect(messageOf(streamed([sse([ROLE, chunk({ content: 'Hi' })])]).text).delta.stop_reason).toBe('end_turn');
});

describe('a stream that is not whole ends in an error event, never in a normal end', () => {
  test('cut at every byte', () => {
    const expected = readEvents(streamed([TOOLS]).text);
    const finishAt = textOf(TOOLS).indexOf('"finish_reason":"tool_calls"');
    for (let end = 0; end < bytesOf(textOf(TOOLS).slice(0, finishAt)).length; end += 1) {
      const { text, failure } = streamed([TOOLS.subarray(0, end)]);
      const read = readEvents(text);
      expect(read.at(-1)).toEqual(BROKEN_OFF);
      expect(read.slice(0, -1)).toEqual(expected.slice(0, read.length - 1));
      expect(failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
    }
  });

  test('broken off, also where the finish reason had come; after [DONE] that takes nothing away', () => {
    for (const cut of [0, 100, TOOLS.length - 20]) {
      expect(readEvents(streamed([TOOLS.subarray(0, cut)], {}, 'connection reset').text).at(-1))
        .toEqual({ type: 'error', error: { type: 'api_error', message: 'connection reset', details: { error_code: 'upstream_broke_off' } } });
    }
    expect(streamed([TOOLS], {}, 'connection reset')).toEqual(streamed([TOOLS]));
  });

  test('broken off, whatever the translator of the chunks makes of that', () => {
    const head = { status: 200, setHeaders: [], removeHeaders: [], bodyUnchanged: true };
    const nothing = () => new Uint8Array(0);
    const chat = { head: () => head, push: (bytes: Uint8Array) => bytes, end: nothing, fail: nothing, usage: undefined, failure: undefined };
    const stream = () => new MessageStream(chat, new KeptChat(), { id: 'msg_1', model: 'm', toolNames: new RestrictedNames([]), newToolId: () => 'toolu_1' });
    const bytes = sse([ROLE, stop()], false);
    expect(readEvents(replay(stream(), 200, EVENT_STREAM, [bytes], 'reset').text).at(-1)).toMatchObject({ type: 'error', error: { message: 'reset' } });
    expect(readEvents(replay(stream(), 200, EVENT_STREAM, [bytes]).text).at(-1)).toEqual({ type: 'message_stop' });
    expect(readEvents(replay(stream(), 200, EVENT_STREAM, [sse([ROLE], false)]).text).at(-1)).toEqual(BROKEN_OFF);
  });

  test.each(['not JSON', '5', 'null', '[]', '{"choices":'])('an event of %j', (data) => {
    const bytes = bytesOf(`data: ${JSON.stringify(ROLE)}\n\ndata: ${data}\n\ndata: ${JSON.stringify(stop())}\n\ndata: [DONE]\n\n`);
    expect(readEvents(streamed([bytes]).text).at(-1)).toEqual({
      type: 'error', error: expect.objectContaining({ message: 'an event of the provider\'s stream holds no JSON object' }) as unknown,
    });
  });

  test('G14 a page of HTML', () => {
    expect(readEvents(streamed([bytesOf('<html>Bad Gateway</html>')]).text)).toEqual([BROKEN_OFF]);
  });

  test('V3 a call that cannot be read is a failed generation; one that the token limit cut off is not', () => {
    for (const [args, name] of [['{"a":', 'f'], ['[1]', 'f'], ['"x"', 'f'], ['{}', '']]) {
      const bytes = whole([{ tool_calls: [call(0, { id: 'c', name, args })] }], 'tool_calls');
      expect(streamed([bytes]).failure).toMatchObject({ status: 502, code: 'malformed_function_call' });
      expect(readEvents(streamed([bytes]).text).at(-1)).toMatchObject({ type: 'error' });
    }
    expect(messageOf(streamed([whole([{ tool_calls: [call(0, { id: 'c', name: 'f', args: '{"a":' })] }], 'length')]).text))
      .toMatchObject({ content: [{ input: '{"a":' }], delta: { stop_reason: 'max_tokens' } });
  });

  test('any byte changed: the same message, another one, or an error; never an event that is not in order', () => {
    fc.assert(fc.property(fc.nat(TOOLS.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(TOOLS.length), (position, change, cut) => {
      const changed = Uint8Array.from(TOOLS);
      changed[position] += change;
      const { text, failure } = streamed([changed.subarray(0, cut), changed.subarray(cut)]);
      if (failure) {
        expect(readEvents(text).filter(({ type }) => type === 'error' || type === 'message_stop').map(({ type }) => type)).toEqual(['error']);
      } else {
        messageOf(text);
      }
    }), { numRuns: 300 });
  });
});

describe('errors inside the stream', () => {
  const busy = { error: { message: 'Rate limit reached', type: 'rate_limit_error', code: 'rate_limit_exceeded' } };

  test('A23 after output: an error event in Anthropic\'s words, and nothing after it', () => {
    const { text, failure } = streamed([sse([ROLE, chunk({ content: 'Hi' }), busy, stop()])]);
    expect(readEvents(text).slice(-2)).toEqual([
      expect.objectContaining({ type: 'content_block_delta' }),
      { type: 'error', error: { type: 'rate_limit_error', message: 'Rate limit reached', details: { error_code: 'rate_limit_exceeded' } } },
    ]);
    expect(failure).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  });

  test('B22 as the first event: nothing but the error, so that another backend may answer', () => {
    const { response } = messages({ stream: true });
    response.head({ status: 200, header: (name) => (EVENT_STREAM as Record<string, string>)[name] });
    expect(readEvents(textOf(response.push(sse([busy], false)))).map(({ type }) => type)).toEqual(['error']);
    expect(response.failure).toMatchObject({ status: 429 });
    expect([response.push(sse([ROLE])), response.end()].map(({ length }) => length)).toEqual([0, 0]);
  });
});

test('a provider that answers a stream request with one completion: the same message as events', () => {
  const completion = {
    choices: [{ index: 0, finish_reason: 'tool_calls', message: { content: 'Hi', reasoning_content: 'Hm.', reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', signature: 's' }], tool_calls: [call(undefined, { id: 'c', name: 'f', args: '{"a":1}' })] } }],
    usage: USAGE,
  };
  const { head, text, usage } = replay(messages({ stream: true }).response, 200, JSON_TYPE, [bytesOf(JSON.stringify(completion))]);
  expect(head.setHeaders).toEqual([['content-type', 'text/event-stream']]);
  expect(messageOf(text)).toMatchObject({
    content: [{ type: 'thinking', thinking: 'Hm.', signature: 's' }, { type: 'text', text: 'Hi' }, { type: 'tool_use', id: 'c', input: '{"a":1}' }],
    delta: { stop_reason: 'tool_use' },
    usage: { input_tokens: 20 },
  });
  expect(usage).toMatchObject({ inputTokens: 30 });
  expect(readEvents(replay(messages({ stream: true }).response, 200, JSON_TYPE, [bytesOf('{}')]).text)).toEqual([BROKEN_OFF]);
});

test('a long stream holds back nothing', () => {
  const { response } = messages({ stream: true });
  response.head({ status: 200, header: (name) => (EVENT_STREAM as Record<string, string>)[name] });
  let written = 0;
  for (let count = 0; count < 2000; count += 1) {
    written += readEvents(textOf(response.push(sse([chunk({ content: 'word ' })], false)))).filter(({ type }) => type === 'content_block_delta').length;
  }
  expect(written).toBe(2000);
});
