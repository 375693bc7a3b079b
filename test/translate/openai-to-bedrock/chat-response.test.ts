import { chat, fixtureText, JSON_TYPE } from './converse';
import { completion } from '../openai/chat-completion';
import { bytesOf, differingSplits, everySplit, Replayed, replay } from '../replay';

const plain = (answer: unknown, request: object = {}): Replayed =>
  replay(chat(request).response, 200, JSON_TYPE, [bytesOf(typeof answer === 'string' ? answer : JSON.stringify(answer))]);

const answer = (content: unknown, stopReason: unknown = 'end_turn', more: object = {}) => ({ output: { message: { role: 'assistant', content } }, stopReason, ...more });

const choice = (content: unknown, stopReason?: string) => completion(plain(answer(content, stopReason))).choices[0];

describe('at every cut', () => {
  test('G1 text', () => {
    for (const chunks of everySplit(bytesOf(fixtureText('converse.json')))) {
      const replayed = replay(chat({ model: 'mine' }, { upstreamModel: 'theirs' }).response, 200, JSON_TYPE, chunks);
      expect(JSON.parse(replayed.text)).toEqual({
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1741569952,
        model: 'mine',
        choices: [{
          index: 0,
          message: { role: 'assistant', content: 'Grüße 👋 "usage":{}', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
          provider_finish_reason: 'end_turn',
        }],
        usage: {
          prompt_tokens: 13,
          completion_tokens: 7,
          total_tokens: 20,
          prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
      });
      expect(replayed.usage).toEqual({ inputTokens: 13, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 7, reasoningTokens: 0, totalTokens: 20 });
      expect(replayed.head).toEqual({ status: 200, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false });
    }
  });

  test('G1 B19 reasoning, text, tools, cache and tier', () => {
    const expected = completion(plain(fixtureText('converse-tools.json')));
    expect(differingSplits(bytesOf(fixtureText('converse-tools.json')), (chunks) => replay(chat({}).response, 200, JSON_TYPE, chunks))).toEqual([]);
    expect(expected).toMatchObject({
      choices: [{
        message: {
          role: 'assistant',
          content: 'Let me look.',
          reasoning_content: 'Two cities, so two calls.',
          tool_calls: [
            { id: 'tooluse_Paris', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris","days":2}' } },
            { id: 'tooluse_Now', type: 'function', function: { name: 'now', arguments: '{}' } },
          ],
        },
        finish_reason: 'tool_calls',
        provider_finish_reason: 'tool_use',
      }],
      service_tier: 'flex',
      usage: { prompt_tokens: 10904, completion_tokens: 19, total_tokens: 10923, prompt_tokens_details: { cached_tokens: 10536 } },
    });
  });
});

test('B19 what was written to the cache counts in prompt_tokens, too', () => {
  const usage = { inputTokens: 5, outputTokens: 2, totalTokens: 1007, cacheReadInputTokens: 400, cacheWriteInputTokens: 600 };
  expect(completion(plain(answer([{ text: 'x' }], 'end_turn', { usage }))).usage).toMatchObject({
    prompt_tokens: 1005, completion_tokens: 2, total_tokens: 1007, prompt_tokens_details: { cached_tokens: 400, cache_write_tokens: 600 },
  });
});

test('usage that the provider does not give is not made up', () => {
  const replayed = plain(answer([{ text: 'x' }]));
  expect([replayed.usage, completion(replayed)]).toEqual([undefined, expect.not.objectContaining({ usage: expect.anything() as unknown })]);
});

describe('finish_reason', () => {
  test.each([
    ['end_turn', 'stop'], ['stop_sequence', 'stop'], ['max_tokens', 'length'], ['model_context_window_exceeded', 'length'], ['guardrail_intervened', 'content_filter'],
    ['content_filtered', 'content_filter'], ['a_new_reason', 'stop'],
  ])('%s is %s, and itself in provider_finish_reason', (stopReason, reason) => {
    expect(choice([{ text: 'x' }], stopReason)).toMatchObject({ finish_reason: reason, provider_finish_reason: stopReason });
  });

  test('is tool_calls where the message has some, also when the model says that its turn ended', () => {
    expect(choice([{ toolUse: { toolUseId: '1', name: 'f', input: {} } }], 'end_turn').finish_reason).toBe('tool_calls');
  });

  test.each([
    ['malformed_tool_use', 'malformed_function_call'], ['malformed_model_output', 'malformed_model_output'],
  ])('%s is a failed generation, and its tokens count', (stopReason, code) => {
    const { text, failure, usage } = plain(answer([], stopReason, { usage: { inputTokens: 3, outputTokens: 4 } }));
    expect(failure).toMatchObject({ status: 502, code });
    expect(JSON.parse(text)).toMatchObject({ error: { type: 'server_error', code } });
    expect(usage?.totalTokens).toBe(7);
  });
});

describe('content', () => {
  test('of several text blocks is one text', () => {
    expect(choice([{ text: 'a' }, { text: 'b' }]).message.content).toBe('ab');
  });

  test('with citations is its text', () => {
    expect(choice([{ text: 'a ' }, { citationsContent: { content: [{ text: 'b' }, { text: 'c' }], citations: [{ title: 't' }] } }]).message.content).toBe('a bc');
  });

  test('is null beside tool calls or reasoning alone, and empty for an answer of nothing', () => {
    expect(choice([{ toolUse: { toolUseId: '1', name: 'f', input: {} } }]).message.content).toBeNull();
    expect(choice([{ reasoningContent: { reasoningText: { text: 'Hm.' } } }]).message)
      .toEqual({ role: 'assistant', content: null, refusal: null, reasoning_content: 'Hm.' });
    expect(choice([]).message).toEqual({ role: 'assistant', content: '', refusal: null });
  });

  test.each([[{}, '{}'], [null, '{}'], ['', '{}'], [undefined, '{}'], [{ a: 'ü' }, '{"a":"ü"}'], [[1], '[1]']])('tool input %j is arguments %s', (input, args) => {
    expect(choice([{ toolUse: { toolUseId: '1', name: 'f', input } }]).message.tool_calls)
      .toEqual([{ id: '1', type: 'function', function: { name: 'f', arguments: args } }]);
  });

  test('tools that Bedrock itself calls and blocks that are not known are passed over', () => {
    const server = { toolUse: { toolUseId: '1', name: 'f', input: {}, type: 'server_tool_use' } };
    const { message, finish_reason: reason } = choice([server, { hologram: {} }, null, { text: 'x' }]);
    expect([message, reason]).toEqual([{ role: 'assistant', content: 'x', refusal: null }, 'stop']);
  });
});

test.each([['reserved', undefined], ['default', 'default'], ['priority', 'priority'], [undefined, undefined]])('service tier %s is %s', (type, tier) => {
  expect(completion(plain(answer([{ text: 'x' }], 'end_turn', { serviceTier: { type } }))).service_tier).toBe(tier);
});

describe('what is no Converse answer is a 502', () => {
  test.each<[unknown]>([
    [''], ['{'], ['<html>'], ['null'], ['[]'], ['{}'], [answer('x')], [answer([{ text: 'x' }], 5)], [{ output: null, stopReason: 'end_turn' }],
    [answer([{ citationsContent: { content: 'x' } }])], [answer([{ citationsContent: { content: [null] } }])],
    [`{"output":{"message":{"content":[{"toolUse":{"name":"f","input":${'['.repeat(100_000)}${']'.repeat(100_000)}}}]}},"stopReason":"tool_use"}`],
  ])('%.60j', (body) => {
    const { text, failure } = plain(body);
    expect(failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
    expect(JSON.parse(text))
      .toEqual({ error: { message: 'the provider\'s answer is not what its API promises', type: 'server_error', param: null, code: 'upstream_broke_off' } });
  });

  test('an answer that broke off', () => {
    const { text, failure } = replay(chat({}).response, 200, JSON_TYPE, [bytesOf(fixtureText('converse.json')).subarray(0, 50)], 'connection reset');
    expect([failure, JSON.parse(text)]).toEqual([
      { status: 502, code: 'upstream_broke_off', message: 'connection reset' },
      { error: { message: 'connection reset', type: 'server_error', param: null, code: 'upstream_broke_off' } },
    ]);
  });
});
