import { chat, CLOUD, droppedBy, FLASH_20, FLASH_25, PRO_25, refusal, sent, user } from './gemini';
import { GEMINI_PARAMETERS } from '../../../src/translate/openai-to-gemini/parameters';
import { expectLossStated } from '../openai/lost-parameters';

const config = (request: object) => sent(request).generationConfig;

const WITHOUT_COUNTERPART = [
  'parallel_tool_calls', 'audio', 'modalities', 'moderation', 'web_search_options', 'functions', 'function_call', 'logit_bias', 'prediction',
  'prompt_cache_key', 'prompt_cache_options', 'prompt_cache_retention', 'safety_identifier', 'user', 'store', 'verbosity',
];

describe('G21 parameters without a counterpart', () => {
  const unmapped = Object.entries(GEMINI_PARAMETERS).filter(([, { treatment }]) => !treatment.startsWith('mapped'));

  test('each has a case here', () => {
    expect([...WITHOUT_COUNTERPART].sort()).toEqual(unmapped.map(([name]) => name).sort());
  });

  test.each(unmapped)('%s', (name, rule) => {
    expectLossStated(name, rule, (unsupportedParameters) => {
      const context = { unsupportedParameters };
      return { sent: (request) => sent(request, context), dropped: (request) => chat(request, context).dropped, refusal: (request) => refusal(request, context) };
    });
  });
});

test('G21 fields that OpenAI does not know are dropped by their name, and refused under Strict', () => {
  expect(droppedBy({ min_p: 0.1, extra_body: { a: 1 } })).toEqual(['min_p', 'extra_body']);
  expect(refusal({ min_p: 0.1 }, { unsupportedParameters: 'Strict' })).toMatchObject({ code: 'unsupported_parameter', param: 'min_p' });
});

test('a request without parameters has no generationConfig', () => {
  expect(sent({})).toEqual({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] });
});

test.each<[object, object | undefined]>([
  [{ temperature: 0, top_p: 0.5 }, { temperature: 0, topP: 0.5 }], [{ temperature: 2, top_p: 1 }, { temperature: 2, topP: 1 }],
  [{ frequency_penalty: 0.5, presence_penalty: -1 }, { frequencyPenalty: 0.5, presencePenalty: -1 }], [{ frequency_penalty: 0, presence_penalty: 0 }, undefined],
  [{ top_k: 40 }, { topK: 40 }], [{ seed: 7 }, { seed: 7 }], [{ seed: -(2 ** 31) }, { seed: -(2 ** 31) }],
  [{ stop: 'END' }, { stopSequences: ['END'] }], [{ stop: ['\n', 'b'] }, { stopSequences: ['\n', 'b'] }], [{ stop: [] }, undefined],
  [{ n: 1 }, undefined],
])('%j is %j', (request, expected) => {
  expect(config(request)).toEqual(expected);
  expect(droppedBy(request, { unsupportedParameters: 'Strict' })).toEqual([]);
});

test.each<[object, string]>([
  [{ temperature: 2.1 }, 'temperature'], [{ temperature: 'hot' }, 'temperature'], [{ top_p: -1 }, 'top_p'], [{ n: 9 }, 'n'], [{ n: 0 }, 'n'], [{ seed: 'x' }, 'seed'],
  [{ stop: ['a', 'b', 'c', 'd', 'e', 'f'] }, 'stop'], [{ stop: 5 }, 'stop'], [{ logprobs: true, top_logprobs: 21 }, 'top_logprobs'], [{ top_logprobs: 2 }, 'top_logprobs'],
  [{ logprobs: true, top_logprobs: 1.5 }, 'top_logprobs'], [{ max_tokens: 0 }, 'max_tokens'], [{ service_tier: 'gold' }, 'service_tier'], [{ metadata: { a: 1 } }, 'metadata.a'],
  [{ reasoning_effort: 'much' }, 'reasoning_effort'], [{ response_format: { type: 'xml' } }, 'response_format.type'],
])('%j is a 400 that names %s', (request, param) => {
  expect(refusal(request)).toMatchObject({ status: 400, param });
});

test('what is lost of seed and stop is named', () => {
  expect(droppedBy({ seed: 2 ** 31 })).toEqual(['seed']);
  expect(droppedBy({ seed: 1.5 })).toEqual(['seed']);
  expect([config({ stop: ['', 'a'] }), droppedBy({ stop: ['', 'a'] })]).toEqual([{ stopSequences: ['a'] }, ['stop']]);
});

test('V12 max_completion_tokens and max_tokens are maxOutputTokens, the first wins', () => {
  expect([config({ max_completion_tokens: 5 }), config({ max_tokens: 6 }), config({ max_tokens: 6, max_completion_tokens: 5 })])
    .toEqual([{ maxOutputTokens: 5 }, { maxOutputTokens: 6 }, { maxOutputTokens: 5 }]);
  expect([droppedBy({ max_tokens: 6, max_completion_tokens: 5 }), droppedBy({ max_tokens: 5, max_completion_tokens: 5 })]).toEqual([['max_tokens'], []]);
});

describe('V13 response_format', () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
  const format = (json: object) => ({ response_format: { type: 'json_schema', json_schema: json } });

  test('json_object', () => {
    expect(config({ response_format: { type: 'json_object' } })).toEqual({ responseMimeType: 'application/json' });
    expect(config({ response_format: { type: 'text' } })).toBeUndefined();
  });

  test('json_schema is JSON Schema from 2.5 on, OpenAPI\'s schema before', () => {
    expect(config({ model: FLASH_25, ...format({ name: 'x', schema, strict: true }) })).toEqual({ responseMimeType: 'application/json', responseJsonSchema: schema });
    expect(config({ model: FLASH_20, ...format({ name: 'x', schema }) })).toEqual({
      responseMimeType: 'application/json', responseSchema: { type: 'OBJECT', properties: { city: { type: 'STRING' } }, required: ['city'] },
    });
  });

  test('json_schema without a schema is a 400', () => {
    expect(refusal(format({ name: 'x' }))).toMatchObject({ status: 400, param: 'response_format.json_schema.schema', code: 'missing_required_parameter' });
  });

  test('what is lost of a schema is named', () => {
    expect(droppedBy(format({ name: 'x', schema: { type: 'object', properties: { a: { type: 'array', items: { type: 'string' }, uniqueItems: true } } } })))
      .toEqual(['response_format.json_schema.schema']);
  });
});

test('V14 logprobs and top_logprobs', () => {
  const asked = [{ logprobs: true }, { logprobs: true, top_logprobs: 3 }, { logprobs: true, top_logprobs: 0 }, { logprobs: false, top_logprobs: 0 }];
  expect(asked.map(config))
    .toEqual([{ responseLogprobs: true }, { responseLogprobs: true, logprobs: 3 }, { responseLogprobs: true }, undefined]);
});

test('V15 n is candidateCount', () => {
  expect(config({ n: 2 })).toEqual({ candidateCount: 2 });
});

describe('V20 reasoning_effort', () => {
  const thinking = (model: string, effort: string) => config({ model, reasoning_effort: effort })?.thinkingConfig;

  test.each([['minimal', 1024], ['low', 1024], ['medium', 8192], ['high', 24_576], ['xhigh', 24_576], ['max', 24_576]])('%s is %d tokens for 2.5', (effort, thinkingBudget) => {
    expect(thinking(FLASH_25, effort)).toEqual({ includeThoughts: true, thinkingBudget });
  });

  test('none turns thinking off where that can be', () => {
    expect([FLASH_25, 'gemini-2.5-flash-lite', PRO_25].map((model) => thinking(model, 'none'))).toEqual([{ thinkingBudget: 0 }, { thinkingBudget: 0 }, { thinkingBudget: 128 }]);
    expect([droppedBy({ reasoning_effort: 'none' }), droppedBy({ model: PRO_25, reasoning_effort: 'none' })]).toEqual([[], ['reasoning_effort']]);
    expect(thinking(PRO_25, 'max')).toEqual({ includeThoughts: true, thinkingBudget: 32_768 });
  });

  test.each<[string, string, string, boolean]>([
    ['gemini-3-flash', 'minimal', 'MINIMAL', false], ['gemini-3-flash', 'low', 'LOW', false], ['gemini-3-flash', 'medium', 'MEDIUM', false], ['gemini-3-flash', 'high', 'HIGH', false],
    ['gemini-3-flash', 'xhigh', 'HIGH', true], ['gemini-3-pro-preview', 'medium', 'LOW', true], ['gemini-3-pro-preview', 'minimal', 'LOW', true],
    ['gemini-3.1-pro', 'medium', 'MEDIUM', false], ['gemini-3.6-flash', 'minimal', 'MINIMAL', false], ['gemini-flash-latest', 'low', 'LOW', false],
    ['publishers/google/models/gemini-10-pro', 'high', 'HIGH', false],
  ])('%s %s is thinkingLevel %s', (model, effort, thinkingLevel, lost) => {
    expect(thinking(model, effort)).toEqual({ includeThoughts: true, thinkingLevel });
    expect(droppedBy({ model, reasoning_effort: effort })).toEqual(lost ? ['reasoning_effort'] : []);
  });

  test('none is the least that newer models know, without thoughts to show', () => {
    expect([thinking('gemini-3-flash', 'none'), thinking('gemini-3-pro', 'none')]).toEqual([{ thinkingLevel: 'MINIMAL' }, { thinkingLevel: 'LOW' }]);
  });

  test.each([FLASH_20, 'gemini-2.5-flash-image', 'gemma-3-27b', 'endpoints/123'])('%s cannot be told', (model) => {
    expect([thinking(model, 'high'), droppedBy({ model, reasoning_effort: 'high' }), droppedBy({ model, reasoning_effort: 'none' })]).toEqual([undefined, ['reasoning_effort'], []]);
  });
});

describe('metadata', () => {
  test('is labels on Vertex AI, as far as it fits', () => {
    expect([sent({ metadata: { team: 'a-b_1', größe: '' } }).labels, droppedBy({ metadata: { team: 'a' } })]).toEqual([{ team: 'a-b_1', größe: '' }, []]);
    for (const metadata of [{ Team: 'a' }, { team: 'A' }, { 1: 'a' }, { a: 'x'.repeat(64) }, { a: 'b c' }]) {
      expect([sent({ metadata }).labels, droppedBy({ metadata })]).toEqual([undefined, ['metadata']]);
    }
    expect(Object.keys(sent({ metadata: Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`k${index}`, 'x'])) }).labels ?? {})).toHaveLength(64);
  });

  test('is dropped by name on the Gemini API', () => {
    expect([sent({ metadata: { team: 'a' } }, { gcp: undefined }).labels, droppedBy({ metadata: { team: 'a' } }, { gcp: undefined })]).toEqual([undefined, ['metadata']]);
    expect(droppedBy({ metadata: {} }, { gcp: undefined })).toEqual([]);
  });
});

test('what is sent is the same for both APIs apart from that', () => {
  const request = { messages: [{ role: 'system', content: 'x' }, user('Hi')], temperature: 1, stop: 'a', reasoning_effort: 'low' };
  expect(sent(request, { gcp: undefined })).toEqual(sent(request, { gcp: CLOUD }));
});
