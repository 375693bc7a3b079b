import { answered, chat, fixtureText, HOSTS, JSON_TYPE } from './claude';
import { completion } from '../openai/chat-completion';
import { bytesOf, everySplit, replay } from '../replay';

const message = (content: unknown, stopReason: unknown = 'end_turn', more: object = {}) => ({ type: 'message', role: 'assistant', content, stop_reason: stopReason, ...more });
const text = (value: string, more: object = {}) => ({ type: 'text', text: value, ...more });
const use = (input?: unknown) => ({ type: 'tool_use', id: '1', name: 'f', input });

const choice = (content: unknown, stopReason?: string, more?: object) => completion(answered(message(content, stopReason, more))).choices[0];

describe('at every cut', () => {
  test('G1 A25 text, and usage that includes what was written to the cache', () => {
    for (const chunks of everySplit(bytesOf(fixtureText('message.json')))) {
      const replayed = replay(chat({ model: 'mine' }, { upstreamModel: 'claude-sonnet-4-5' }).response, 200, JSON_TYPE, chunks);
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
          prompt_tokens: 9033,
          completion_tokens: 5,
          total_tokens: 9038,
          prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 4511 },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
        service_tier: 'default',
      });
      expect(replayed.usage)
        .toEqual({ inputTokens: 9033, cachedInputTokens: 0, cacheCreationInputTokens: 4511, outputTokens: 5, reasoningTokens: 0, totalTokens: 9038 });
      expect(replayed.head).toEqual({ status: 200, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false });
    }
  });

  test.each(HOSTS)('G1 A16 reasoning, text, tools, cache and tier from %s', (host) => {
    for (const chunks of everySplit(bytesOf(fixtureText('message-tools.json')))) {
      expect(completion(replay(chat({}, { host }).response, 200, JSON_TYPE, chunks))).toMatchObject({
        choices: [{
          message: {
            role: 'assistant',
            content: 'Let me look.',
            reasoning_content: 'Two cities, so two calls.',
            reasoning_details: [{ type: 'reasoning.text', text: 'Two cities, so two calls.', index: 0 }, { type: 'reasoning.encrypted', data: 'c2VjcmV0', index: 1 }],
            tool_calls: [
              { id: 'toolu_01T1x1fJ34qAmk2tNTrN7Up6', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris","days":2}' } },
              { id: 'toolu_01A09q90qw90lq917835lq9', type: 'function', function: { name: 'now', arguments: '{}' } },
            ],
          },
          finish_reason: 'tool_calls',
          provider_finish_reason: 'tool_use',
        }],
        service_tier: 'priority',
        usage: {
          prompt_tokens: 10904,
          completion_tokens: 119,
          total_tokens: 11023,
          prompt_tokens_details: { cached_tokens: 10536 },
          completion_tokens_details: { reasoning_tokens: 31 },
        },
      });
    }
  });
});

test('A27 what the host found on the web is text with its places, and no tool call of the client\'s', () => {
  const { choices } = completion(answered(fixtureText('message-web-search.json')));
  const content = 'I\'ll search for it. Claude Shannon was born on April 30, 1916.';
  const from = 'I\'ll search for it. '.length;
  expect(choices[0]).toMatchObject({
    message: {
      content,
      annotations: [{ type: 'url_citation', url_citation: { start_index: from, end_index: content.length - 1, title: 'Claude Shannon - Wikipedia', url: 'https://en.wikipedia.org/wiki/Claude_Shannon' } }],
    },
    finish_reason: 'stop',
  });
  expect(choices[0].message).not.toHaveProperty('tool_calls');
});

test('usage that the provider does not give is not made up', () => {
  const replayed = answered(message([text('x')]));
  expect([replayed.usage, completion(replayed)]).toEqual([undefined, expect.not.objectContaining({ usage: expect.anything() as unknown })]);
});

describe('finish_reason', () => {
  test.each([
    ['end_turn', 'stop'], ['stop_sequence', 'stop'], ['max_tokens', 'length'], ['model_context_window_exceeded', 'length'], ['pause_turn', 'length'],
    ['refusal', 'content_filter'], ['a_new_reason', 'stop'],
  ])('A22 %s is %s, and itself in provider_finish_reason', (stopReason, reason) => {
    expect(choice([text('x')], stopReason)).toMatchObject({ finish_reason: reason, provider_finish_reason: stopReason });
  });

  test('A22 what Claude says of its refusal is the refusal', () => {
    const details = { stop_details: { type: 'refusal', category: 'cyber', explanation: 'This could do harm.' } };
    expect(choice([], 'refusal', details)).toMatchObject({ message: { content: '', refusal: 'This could do harm.' }, finish_reason: 'content_filter' });
    expect(choice([text('x')], 'refusal', { stop_details: { type: 'refusal', category: null, explanation: null } }).message).toMatchObject({ refusal: null });
  });

  test('A16 is tool_calls where the message has some, also when the model says that its turn ended', () => {
    expect(choice([use({})], 'end_turn').finish_reason).toBe('tool_calls');
  });
});

describe('content', () => {
  test('of several text blocks is one text', () => {
    expect(choice([text('a'), text('b')]).message.content).toBe('ab');
  });

  test('is null beside tool calls or reasoning alone, and empty for an answer of nothing', () => {
    expect(choice([use({})]).message.content).toBeNull();
    expect(choice([{ type: 'thinking', thinking: 'Hm.' }]).message).toEqual({ role: 'assistant', content: null, refusal: null, reasoning_content: 'Hm.' });
    expect(choice([]).message).toEqual({ role: 'assistant', content: '', refusal: null });
  });

  test.each([[{}, '{}'], [null, '{}'], ['', '{}'], [undefined, '{}'], [{ a: 'ü' }, '{"a":"ü"}'], [[1], '[1]']])('A10 tool input %j is arguments %s', (input, args) => {
    expect(choice([use(input)]).message.tool_calls).toEqual([{ id: '1', type: 'function', function: { name: 'f', arguments: args } }]);
  });

  test('blocks that are not known, and no blocks at all, are passed over', () => {
    expect(choice([{ type: 'hologram' }, null, 'x', text('y', { citations: [null, 'x', { type: 'web_search_result_location' }] })]).message)
      .toEqual({ role: 'assistant', content: 'y', refusal: null });
  });
});

describe('what is no message is a 502', () => {
  test.each<[unknown]>([
    [''], ['{'], ['<html>'], ['null'], ['[]'], ['{}'], [message('x')], [message([text('x')], 5)], [message(null)], [{ stop_reason: 'end_turn' }],
    [`{"content":[{"type":"tool_use","name":"f","input":${'['.repeat(100_000)}${']'.repeat(100_000)}}],"stop_reason":"tool_use"}`],
  ])('%.60j', (body) => {
    const { text: written, failure } = answered(body);
    expect(failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
    expect(JSON.parse(written)).toMatchObject({ error: { type: 'server_error', param: null, code: 'upstream_broke_off' } });
  });

  test('an answer that broke off', () => {
    const { text: written, failure } = replay(chat({}).response, 200, JSON_TYPE, [bytesOf(fixtureText('message.json')).subarray(0, 50)], 'connection reset');
    expect([failure, JSON.parse(written)]).toEqual([
      { status: 502, code: 'upstream_broke_off', message: 'connection reset' },
      { error: { message: 'connection reset', type: 'server_error', param: null, code: 'upstream_broke_off' } },
    ]);
  });
});

test('an error with status 200 is one', () => {
  const { failure, text: written } = answered({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
  expect(failure).toEqual({ status: 529, code: 'overloaded_error', message: 'Overloaded' });
  expect(JSON.parse(written)).toEqual({ error: { message: 'Overloaded', type: 'server_error', param: null, code: 'overloaded_error' } });
});
