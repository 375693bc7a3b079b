import * as fc from 'fast-check';
import { call, EVENT_STREAM, GPT, JSON_TYPE, messages, USAGE } from './messages';
import { anyJson } from '../any-answer';
import { bytesOf, everySplit, fixture, Replayed, replay } from '../replay';

const answered = (body: unknown, request: object = {}): Replayed =>
  replay(messages(request).response, 200, JSON_TYPE, [bytesOf(typeof body === 'string' ? body : JSON.stringify(body))]);
const completion = (message: object, finish = 'stop', more: object = {}) => ({ choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish, ...more }], usage: USAGE });
const read = (body: object) => JSON.parse(answered(body).text) as Record<string, unknown>;

test('a completion is a message, however its bytes are cut', () => {
  const bytes = fixture('chat.json');
  for (const chunks of everySplit(bytes)) {
    const { head, text, usage, failure } = replay(messages({}, { upstreamModel: 'other' }).response, 200, JSON_TYPE, chunks);
    expect(head).toEqual({ status: 200, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false });
    expect(JSON.parse(text)).toEqual({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: GPT,
      content: [{ type: 'text', text: 'Hello! "usage":{} 👋', citations: null }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: expect.objectContaining({ input_tokens: 11, cache_read_input_tokens: 8, cache_creation_input_tokens: 0, output_tokens: 10 }) as unknown,
    });
    expect([usage, failure]).toEqual([expect.objectContaining({ inputTokens: 19, totalTokens: 29 }), undefined]);
  }
});

test('C2 C4 calls of tools', () => {
  const message = { content: null, tool_calls: [call(undefined, { id: 'a', name: 'f', args: '{"a":1}' }), call(undefined, { id: 'b', name: 'g', args: '' }), call(undefined, { name: 'h', args: '{}' })] };
  expect(read(completion(message, 'tool_calls'))).toMatchObject({
    content: [{ type: 'tool_use', id: 'a', name: 'f', input: { a: 1 } }, { type: 'tool_use', id: 'b', name: 'g', input: {} }, { type: 'tool_use', id: 'toolu_1', name: 'h', input: {} }],
    stop_reason: 'tool_use',
  });
  expect(read(completion({ ...message, content: ' \n' }, 'stop'))).toMatchObject({ stop_reason: 'tool_use', content: [{ type: 'tool_use' }, {}, {}] });
});

test('C13 thinking, signed and not, comes first', () => {
  expect(read(completion({ content: 'Hi', reasoning_content: 'Hm.' })).content).toEqual([{ type: 'thinking', thinking: 'Hm.', signature: '' }, { type: 'text', text: 'Hi', citations: null }]);
  const details = [{ type: 'reasoning.text', text: 'Hm.', signature: 's', index: 0 }, { type: 'reasoning.encrypted', data: 'eA==', index: 1 }];
  expect(read(completion({ content: 'Hi', reasoning_content: 'Hm.', reasoning_details: details })).content)
    .toEqual([{ type: 'thinking', thinking: 'Hm.', signature: 's' }, { type: 'redacted_thinking', data: 'eA==' }, { type: 'text', text: 'Hi', citations: null }]);
});

test('content in parts, as some servers write it', () => {
  expect(read(completion({ content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }, null] })).content).toMatchObject([{ text: 'ab' }]);
});

test('V3 a call that cannot be read is a failed generation, one that was cut off is not', () => {
  const broken = { content: null, tool_calls: [call(0, { id: 'a', name: 'f', args: '{"a":' })] };
  expect(answered(completion(broken, 'tool_calls'))).toMatchObject({ failure: { status: 502, code: 'malformed_function_call' }, text: expect.stringContaining('"type":"error"') as unknown });
  expect(read(completion(broken, 'length'))).toMatchObject({ content: [{ input: {} }], stop_reason: 'max_tokens' });
});

test('without usage the counts are 0, and the meter gets none', () => {
  const { text, usage } = answered({ ...completion({ content: 'Hi' }), usage: undefined });
  expect([JSON.parse(text), usage]).toMatchObject([{ usage: { input_tokens: 0, output_tokens: 0 } }, undefined]);
});

test.each(['', 'not JSON', 'null', '[]', '{}', '{"choices":[]}', '{"choices":[{}]}', '{"choices":[{"message":"x"}]}', '{"choices":{}}'])('%j is an error', (body) => {
  const { text, failure } = answered(body);
  expect(failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
  expect(JSON.parse(text)).toEqual({ type: 'error', error: { type: 'api_error', message: 'the provider\'s answer is not a chat completion', details: { error_code: 'upstream_broke_off' } } });
});

test('an answer that breaks off is an error', () => {
  const { text, failure } = replay(messages({}).response, 200, JSON_TYPE, [fixture('chat.json').subarray(0, 50)], 'connection reset');
  expect([JSON.parse(text), failure]).toMatchObject([{ type: 'error', error: { message: 'connection reset' } }, { status: 502 }]);
});

test('G13 an error inside a 200', () => {
  expect(answered({ error: { message: 'busy', type: 'rate_limit_error' } })).toMatchObject({ failure: { status: 429, message: 'busy' } });
});

describe('errors', () => {
  const failed = (status: number, body: string) => replay(messages({ stream: true }).response, status, JSON_TYPE, [bytesOf(body)]);

  test.each<[number, string, string, string]>([
    [429, '{"error":{"message":"slow down","type":"requests","code":"rate_limit_exceeded"}}', 'rate_limit_error', 'slow down'],
    [401, '{"error":{"message":"no key","type":"invalid_request_error","code":"invalid_api_key"}}', 'authentication_error', 'no key'],
    [400, '{"error":{"message":"bad","type":"invalid_request_error","param":"stop","code":null}}', 'invalid_request_error', 'bad'],
    [404, '{"detail":"Not Found"}', 'not_found_error', 'Not Found'],
    [503, '<html>busy</html>', 'overloaded_error', 'the provider answered 503 without an error message'],
    [500, '', 'api_error', 'the provider answered 500 without an error message'],
  ])('G13 G14 %i %s', (status, body, type, message) => {
    const { head, text, failure } = failed(status, body);
    expect(head).toEqual({ status, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false });
    expect(JSON.parse(text)).toMatchObject({ type: 'error', error: { type, message } });
    expect(failure).toMatchObject({ status, message });
  });

  test('one that breaks off keeps its status', () => {
    const { text, failure } = replay(messages({}).response, 429, JSON_TYPE, [bytesOf('{"err')], 'reset');
    expect([JSON.parse(text), failure?.status]).toMatchObject([{ error: { type: 'rate_limit_error', message: 'reset' } }, 429]);
  });
});

test('G12 G17 whatever comes, nothing is thrown, and there is an answer', () => {
  const { tree } = anyJson(
    [
      'choices', 'index', 'message', 'delta', 'content', 'tool_calls', 'id', 'function', 'name', 'arguments', 'finish_reason', 'reasoning_content', 'reasoning_details',
      'type', 'text', 'signature', 'data', 'refusal', 'extra_content', 'usage', 'prompt_tokens', 'error', 'provider_finish_reason', 'stop_reason',
    ],
    ['x', '', '{}', 0, 1, -1, null, true, 'stop', 'tool_calls'],
  );
  const status = fc.constantFrom(200, 200, 200, 500);
  const choices = tree.map((choice) => ({ choices: [choice] }));
  const delta = tree.map((value) => ({ choices: [{ index: 0, delta: value, message: value, finish_reason: 'stop' }] }));
  fc.assert(fc.property(fc.array(fc.oneof(tree, choices, delta, delta), { maxLength: 5 }), fc.boolean(), fc.boolean(), status, (values, stream, breaks, code) => {
    const parts = values.map((value) => bytesOf(stream ? `data: ${JSON.stringify(value)}\n\n` : JSON.stringify(value)));
    const { text, failure } = replay(messages({ stream }).response, code, stream ? EVENT_STREAM : JSON_TYPE, parts, breaks ? 'reset' : undefined);
    expect(text).not.toBe('');
    expect(failure === undefined).toBe(!text.includes('"type":"error","error":{'));
    expect(text.includes('message_stop')).toBe(stream && failure === undefined);
  }), { numRuns: 500 });
});
