import { candidate, chat, choice, completion, fixtureText, JSON_TYPE, plain } from './gemini';
import { bytesOf, differingSplits, everySplit, replay } from '../replay';

describe('at every cut', () => {
  test('G1 text', () => {
    for (const chunks of everySplit(bytesOf(fixtureText('generate-content.json')))) {
      const replayed = replay(chat({ model: 'mine' }, { upstreamModel: 'theirs' }).response, 200, JSON_TYPE, chunks);
      expect(JSON.parse(replayed.text)).toEqual({
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1741569952,
        model: 'mine',
        choices: [{
          index: 0, message: { role: 'assistant', content: 'Grüße 👋 "usage":{}', refusal: null }, logprobs: null, finish_reason: 'stop', provider_finish_reason: 'STOP',
        }],
        usage: {
          prompt_tokens: 13,
          completion_tokens: 7,
          total_tokens: 20,
          prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
        service_tier: 'default',
      });
      expect(replayed.usage).toEqual({ inputTokens: 13, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 7, reasoningTokens: 0, totalTokens: 20 });
      expect(replayed.head).toEqual({ status: 200, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false });
    }
  });

  test('G1 V2 V8 V11 thoughts, text, calls, signatures, cache and tier', () => {
    const expected = completion(plain(fixtureText('generate-content-tools.json')));
    expect(differingSplits(bytesOf(fixtureText('generate-content-tools.json')), (chunks) => replay(chat({}).response, 200, JSON_TYPE, chunks))).toEqual([]);
    expect(expected.choices).toEqual([{
      index: 0,
      message: {
        role: 'assistant',
        content: 'Let me look.',
        refusal: null,
        reasoning_content: 'Two cities, so two calls.',
        tool_calls: [
          {
            id: 'call_1',
            type: 'function',
            function: { name: 'get_weather', arguments: '{"city":"Paris","days":2}' },
            extra_content: { google: { thought_signature: 'AY89a18iOcFus5wr5bW5xN6zZ4aUiCyhgmg6HE2YjtY=' } },
          },
          { id: 'call_1', type: 'function', function: { name: 'now', arguments: '{}' } },
        ],
      },
      logprobs: null,
      finish_reason: 'tool_calls',
      provider_finish_reason: 'STOP',
    }]);
    expect(expected.service_tier).toBe('flex');
  });
});

describe('V11 usage', () => {
  const usageOf = (usageMetadata: object) => {
    const replayed = plain({ ...candidate([{ text: 'x' }], 'STOP'), usageMetadata });
    return [replayed.usage, completion(replayed).usage];
  };

  test('thoughts count in completion_tokens, and the sum is the total', () => {
    const [usage, shown] = usageOf({ promptTokenCount: 20, candidatesTokenCount: 151, thoughtsTokenCount: 382, totalTokenCount: 553, cachedContentTokenCount: 8 });
    expect(usage).toEqual({ inputTokens: 20, cachedInputTokens: 8, cacheCreationInputTokens: 0, outputTokens: 533, reasoningTokens: 382, totalTokens: 553 });
    expect(shown).toMatchObject({
      prompt_tokens: 20, completion_tokens: 533, total_tokens: 553, prompt_tokens_details: { cached_tokens: 8 }, completion_tokens_details: { reasoning_tokens: 382 },
    });
  });

  test('what Gemini\'s tools read counts in prompt_tokens', () => {
    const counts = { promptTokenCount: 5, toolUsePromptTokenCount: 7, candidatesTokenCount: 1, totalTokenCount: 13 };
    expect(usageOf(counts)[1]).toMatchObject({ prompt_tokens: 12, total_tokens: 13 });
  });

  test('a prompt without an answer has tokens, too', () => {
    expect(usageOf({ promptTokenCount: 5, totalTokenCount: 5 })[1]).toMatchObject({ prompt_tokens: 5, completion_tokens: 0, total_tokens: 5 });
  });

  test('that the provider does not give is not made up', () => {
    for (const answer of [candidate([{ text: 'x' }], 'STOP'), { ...candidate([{ text: 'x' }], 'STOP'), usageMetadata: { trafficType: 'ON_DEMAND' } }]) {
      const replayed = plain(answer);
      expect([replayed.usage, 'usage' in completion(replayed)]).toEqual([undefined, false]);
    }
  });
});

describe('finish_reason', () => {
  test.each([
    ['STOP', 'stop'], ['MAX_TOKENS', 'length'], ['SAFETY', 'content_filter'], ['RECITATION', 'content_filter'], ['LANGUAGE', 'content_filter'], ['BLOCKLIST', 'content_filter'],
    ['PROHIBITED_CONTENT', 'content_filter'], ['SPII', 'content_filter'], ['MODEL_ARMOR', 'content_filter'], ['IMAGE_SAFETY', 'content_filter'],
    ['OTHER', 'stop'], ['NO_IMAGE', 'stop'], ['A_NEW_REASON', 'stop'],
  ])('%s is %s, and itself in provider_finish_reason', (finishReason, reason) => {
    expect(choice([{ text: 'x' }], finishReason)).toMatchObject({ finish_reason: reason, provider_finish_reason: finishReason });
  });

  test('V2 STOP with a call is tool_calls', () => {
    expect(choice([{ functionCall: { name: 'f', args: {} } }]).finish_reason).toBe('tool_calls');
  });

  test.each([
    ['MALFORMED_FUNCTION_CALL', 'malformed_function_call'], ['UNEXPECTED_TOOL_CALL', 'malformed_function_call'], ['MALFORMED_RESPONSE', 'malformed_model_output'],
  ])('V3 %s is a failed generation, and its tokens count', (finishReason, code) => {
    const usageMetadata = { promptTokenCount: 3, candidatesTokenCount: 4 };
    const { text, failure, usage } = plain({ candidates: [{ finishReason, finishMessage: 'Malformed function call: x' }], usageMetadata });
    expect(failure).toMatchObject({ status: 502, code });
    expect(JSON.parse(text)).toMatchObject({ error: { type: 'server_error', code } });
    expect(usage?.totalTokens).toBe(7);
  });

  test.each([['NO_IMAGE', 'stop'], ['MAX_TOKENS', 'length'], ['SAFETY', 'content_filter']])('V4 a candidate without content that ended by %s is a choice', (finishReason, reason) => {
    for (const content of [{}, { content: {} }, { content: { role: 'model' } }, { content: { parts: [] } }]) {
      expect(completion(plain({ candidates: [{ finishReason, ...content }] })).choices)
        .toEqual([{ index: 0, message: { role: 'assistant', content: '', refusal: null }, logprobs: null, finish_reason: reason, provider_finish_reason: finishReason }]);
    }
  });
});

describe('V5 a prompt that was blocked', () => {
  test.each([[{ blockReason: 'SAFETY' }, null], [{ blockReason: 'PROHIBITED_CONTENT', blockReasonMessage: 'Not this.' }, 'Not this.']])('%j is a choice', (promptFeedback, refusal) => {
    const replayed = plain({ promptFeedback, usageMetadata: { promptTokenCount: 5, totalTokenCount: 5 } });
    expect(completion(replayed).choices).toEqual([{
      index: 0, message: { role: 'assistant', content: null, refusal }, logprobs: null, finish_reason: 'content_filter', provider_finish_reason: promptFeedback.blockReason,
    }]);
    expect(replayed.usage?.inputTokens).toBe(5);
  });
});

describe('content', () => {
  test('V10 thoughts are reasoning_content only', () => {
    expect(choice([{ text: 'Hm.', thought: true }, { text: 'x' }]).message).toEqual({ role: 'assistant', content: 'x', refusal: null, reasoning_content: 'Hm.' });
    expect(choice([{ text: 'Hm.', thought: true }]).message).toEqual({ role: 'assistant', content: null, refusal: null, reasoning_content: 'Hm.' });
  });

  test('V8 the signature of text is the message\'s', () => {
    expect(choice([{ text: 'a' }, { text: 'b' }, { text: '', thoughtSignature: 'c2ln' }]).message)
      .toEqual({ role: 'assistant', content: 'ab', refusal: null, extra_content: { google: { thought_signature: 'c2ln' } } });
  });

  test('pictures are images, not text', () => {
    expect(choice([{ text: 'Here.' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' }, thoughtSignature: 'c2ln' }]).message).toEqual({
      role: 'assistant',
      content: 'Here.',
      refusal: null,
      images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }],
      extra_content: { google: { thought_signature: 'c2ln' } },
    });
  });

  test.each([[undefined, '{}'], [null, '{}'], [{}, '{}'], [{ a: 'ü' }, '{"a":"ü"}']])('args %j are arguments %s', (args, expected) => {
    expect(choice([{ functionCall: { name: 'f', args } }]).message.tool_calls).toEqual([{ id: 'call_1', type: 'function', function: { name: 'f', arguments: expected } }]);
  });

  test('V9 ids are Gemini\'s own, or new ones', () => {
    let count = 0;
    const environment = { now: () => 0, id: (prefix: string) => `${prefix}${count += 1}` };
    const parts = [{ functionCall: { name: 'f', id: 'theirs' } }, { functionCall: { name: 'f' } }, { functionCall: { name: 'f', id: '' } }];
    const ids = () => completion(plain(candidate(parts, 'STOP'), {}, { environment })).choices[0].message.tool_calls?.map(({ id }) => id) ?? [];
    const [first, second] = [ids(), ids()];
    expect(first).toEqual(['theirs', 'call_2', 'call_3']);
    expect(second.slice(1).filter((id) => first.includes(id))).toEqual([]);
  });

  test('parts that are not known are passed over', () => {
    expect(choice([{ executableCode: { code: 'x' } }, null, {}, { text: 'x' }]).message.content).toBe('x');
  });
});

test('V14 log probabilities', () => {
  const logprobsResult = {
    chosenCandidates: [{ token: 'é', tokenId: 5, logProbability: -0.1 }, { token: '!' }],
    topCandidates: [{ candidates: [{ token: 'é', logProbability: -0.1 }, { token: 'e', logProbability: -2 }] }],
  };
  expect(choice([{ text: 'é!' }], 'STOP', { logprobsResult }).logprobs).toEqual({
    content: [
      { token: 'é', logprob: -0.1, bytes: [195, 169], top_logprobs: [{ token: 'é', logprob: -0.1, bytes: [195, 169] }, { token: 'e', logprob: -2, bytes: [101] }] },
      { token: '!', logprob: 0, bytes: [33], top_logprobs: [] },
    ],
    refusal: null,
  });
});

test('V15 two candidates are two choices', () => {
  const candidates = [{ content: { parts: [{ text: 'a' }] }, finishReason: 'STOP' }, { content: { parts: [{ text: 'b' }] }, finishReason: 'MAX_TOKENS', index: 1 }];
  expect(completion(plain({ candidates }, { n: 2 })).choices.map(({ index, message, finish_reason: reason }) => [index, message.content, reason]))
    .toEqual([[0, 'a', 'stop'], [1, 'b', 'length']]);
});

test.each([
  ['ON_DEMAND', 'default'], ['ON_DEMAND_PRIORITY', 'priority'], ['ON_DEMAND_FLEX', 'flex'], ['PROVISIONED_THROUGHPUT', undefined], [undefined, undefined],
])('traffic type %s is service tier %s', (trafficType, tier) => {
  expect(completion(plain({ ...candidate([{ text: 'x' }], 'STOP'), usageMetadata: { trafficType } })).service_tier).toBe(tier);
});

describe('what is no Gemini answer is a 502', () => {
  test.each<[unknown]>([
    [''], ['{'], ['<html>'], ['null'], ['[]'], ['{}'], [{ candidates: [] }], [{ candidates: null }], [{ candidates: 'x' }], [candidate([{ text: 'x' }])], [candidate([{ text: 'x' }], 5)],
    [candidate(5, 'STOP')], [{ candidates: [null] }], [{ promptFeedback: {} }],
    [`{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}}]},"finishReason":"STOP"}]}`],
  ])('%.60j', (body) => {
    const { text, failure } = plain(body);
    expect(failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
    expect(JSON.parse(text)).toMatchObject({ error: { type: 'server_error', param: null, code: 'upstream_broke_off' } });
  });

  test('an error in a 200', () => {
    expect(plain({ error: { code: 429, message: 'busy', status: 'RESOURCE_EXHAUSTED' } }).failure).toEqual({ status: 429, code: 'RESOURCE_EXHAUSTED', message: 'busy' });
  });

  test('an answer that broke off', () => {
    const { text, failure } = replay(chat({}).response, 200, JSON_TYPE, [bytesOf(fixtureText('generate-content.json')).subarray(0, 50)], 'connection reset');
    expect([failure, JSON.parse(text)]).toEqual([
      { status: 502, code: 'upstream_broke_off', message: 'connection reset' },
      { error: { message: 'connection reset', type: 'server_error', param: null, code: 'upstream_broke_off' } },
    ]);
  });
});
