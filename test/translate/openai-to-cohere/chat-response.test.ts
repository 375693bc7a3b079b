import * as fc from 'fast-check';
import { answered, chat, cohereFixture, JSON_TYPE } from './cohere';
import { bytesOf, everySplit, replay } from '../replay';

const BROKEN = { error: { message: expect.any(String) as string, type: 'server_error', param: null, code: 'upstream_broke_off' } };
const answer = (fields: object) => bytesOf(JSON.stringify({ id: '1', message: { role: 'assistant', content: [{ type: 'text', text: 'Hi' }] }, finish_reason: 'COMPLETE', ...fields }));

test('G1 text, at every cut', () => {
  for (const chunks of everySplit(cohereFixture('chat.json'))) {
    const { head, text, usage, failure } = replay(chat({ model: 'mine' }, { upstreamModel: 'theirs' }).response, 200, JSON_TYPE, chunks);
    expect(JSON.parse(text)).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1741569952,
      model: 'mine',
      choices: [{
        index: 0, message: { role: 'assistant', content: 'Grüße 👋 "usage":{}', refusal: null }, logprobs: null, finish_reason: 'stop', provider_finish_reason: 'COMPLETE',
      }],
      usage: {
        prompt_tokens: 13,
        completion_tokens: 7,
        total_tokens: 20,
        prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
    expect(usage).toEqual({ inputTokens: 13, cachedInputTokens: 4, cacheCreationInputTokens: 0, outputTokens: 7, reasoningTokens: 0, totalTokens: 20 });
    expect([head, failure]).toEqual([{ status: 200, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false }, undefined]);
  }
});

test('A16 tool calls with their plan as text, and what was thought', () => {
  const { choices: [choice] } = JSON.parse(answered(cohereFixture('chat-tools.json')).text) as { choices: unknown[] };
  expect(choice).toEqual({
    index: 0,
    message: {
      role: 'assistant',
      content: 'I will look at both.',
      refusal: null,
      reasoning_content: 'Two cities, so two calls.',
      tool_calls: [
        { id: 'get_weather_2kq3yg9v3jd1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Madrid"}' } },
        { id: 'now_ftdpeqzgqm5n', type: 'function', function: { name: 'now', arguments: '{}' } },
      ],
    },
    logprobs: null,
    finish_reason: 'tool_calls',
    provider_finish_reason: 'TOOL_CALL',
  });
});

test('citations and log probabilities', () => {
  const { choices: [choice] } = JSON.parse(answered(cohereFixture('chat-citations.json')).text) as { choices: Array<{ message: object; logprobs: object }> };
  expect(choice.message).toMatchObject({ content: 'It is 24°C.', citations: [{ start: 6, end: 10, text: '24°C', sources: [{ type: 'tool', id: 'get_weather_1:0' }] }] });
  expect(choice.logprobs).toEqual({
    content: [
      { token: 'It', logprob: -0.25, bytes: [73, 116], top_logprobs: [] },
      { token: ' is 24°C.', logprob: -0.625, bytes: [32, 105, 115, 32, 50, 52, 194, 176, 67, 46], top_logprobs: [] },
    ],
    refusal: null,
  });
});

test('B10 tools have their own names again', () => {
  const call = { id: '1', type: 'function', function: { name: 'a_b', arguments: '{}' } };
  const { text } = answered(answer({ message: { role: 'assistant', tool_calls: [call] }, finish_reason: 'TOOL_CALL' }), { tools: [{ type: 'function', function: { name: 'a.b' } }] });
  expect(text).toContain('"name":"a.b"');
});

test.each([
  ['COMPLETE', 'stop'], ['STOP_SEQUENCE', 'stop'], ['MAX_TOKENS', 'length'], ['TOOL_CALL', 'tool_calls'], ['A_NEW_REASON', 'stop'],
])('finish reason %s is %s', (reason, expected) => {
  expect(JSON.parse(answered(answer({ finish_reason: reason })).text)).toMatchObject({ choices: [{ finish_reason: expected, provider_finish_reason: reason }] });
});

test.each([['ERROR', 502, 'generation_failed'], ['TIMEOUT', 504, 'generation_timeout']])('finish reason %s is an error', (reason, status, code) => {
  const { text, failure, usage } = answered(answer({ finish_reason: reason, usage: { tokens: { input_tokens: 3, output_tokens: 0 } } }));
  expect([failure, usage?.inputTokens]).toEqual([expect.objectContaining({ status, code }), 3]);
  expect(JSON.parse(text)).toMatchObject({ error: { code, type: 'server_error' } });
});

test('usage that the provider does not give is not made up; billed units stand in for tokens', () => {
  expect(answered(answer({})).usage).toBeUndefined();
  expect(answered(answer({ usage: {} })).text).not.toContain('usage');
  expect(answered(answer({ usage: { billed_units: { input_tokens: 5, output_tokens: 1 } } })).usage).toMatchObject({ inputTokens: 5, outputTokens: 1, totalTokens: 6 });
});

test.each(['', 'null', '[]', '5', '{}', '{"message":{}}', '{"finish_reason":"COMPLETE","message":5}', '{"finish_reason":5,"message":{}}', '<html>',
  '{"finish_reason":"COMPLETE","message":{"content":5}}', '{"finish_reason":"COMPLETE","message":{"content":[null]}}'])('an answer that is none is an error: %s', (body) => {
  const { text, failure } = answered(bytesOf(body));
  expect(JSON.parse(text)).toEqual(BROKEN);
  expect(failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
});

test('a connection that broke is an error', () => {
  const { text, failure } = replay(chat({}).response, 200, JSON_TYPE, [bytesOf('{"id"')], 'connection reset');
  expect([JSON.parse(text), failure]).toEqual([BROKEN, { status: 502, code: 'upstream_broke_off', message: 'connection reset' }]);
});

test('a cut answer is an error, any other still JSON', () => {
  const whole = cohereFixture('chat-tools.json');
  fc.assert(fc.property(fc.nat(whole.length - 2), fc.integer({ min: 0, max: 255 }), (position, byte) => {
    // What follows the last brace is white space.
    if (position < whole.lastIndexOf(0x7d)) {
      expect(JSON.parse(answered(whole.subarray(0, position)).text)).toEqual(BROKEN);
    }
    const changed = Uint8Array.from(whole);
    changed[position] = byte;
    expect(() => JSON.parse(answered(changed).text) as unknown).not.toThrow();
  }), { numRuns: 200 });
});
