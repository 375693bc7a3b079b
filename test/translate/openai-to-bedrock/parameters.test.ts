import { chat, CLAUDE_45, droppedBy, refusal, sent } from './converse';
import { CONVERSE_PARAMETERS } from '../../../src/translate/openai-to-bedrock/parameters';
import { expectLossStated } from '../openai/lost-parameters';

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } };

const WITHOUT_COUNTERPART = [
  'n', 'logprobs', 'top_logprobs', 'audio', 'modalities', 'moderation', 'web_search_options', 'functions', 'function_call', 'frequency_penalty',
  'presence_penalty', 'logit_bias', 'seed', 'prediction', 'prompt_cache_key', 'prompt_cache_options', 'prompt_cache_retention', 'safety_identifier',
  'user', 'store', 'verbosity',
];

describe('G21 parameters without a counterpart', () => {
  const unmapped = Object.entries(CONVERSE_PARAMETERS).filter(([, { treatment }]) => !treatment.startsWith('mapped'));

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

describe('G21 fields that OpenAI does not know', () => {
  test('are dropped by their name, and refused under Strict', () => {
    for (const unsupportedParameters of ['Safe', 'Lenient'] as const) {
      expect(droppedBy({ extra_body: { a: 1 }, top_k: 40 }, { unsupportedParameters })).toEqual(['extra_body', 'top_k']);
    }
    expect(refusal({ top_k: 40 }, { unsupportedParameters: 'Strict' })).toMatchObject({ code: 'unsupported_parameter', param: 'top_k' });
    expect(droppedBy({ top_k: null }, { unsupportedParameters: 'Strict' })).toEqual([]);
  });

  test('bring nothing but harmless names into a header, and not more than a few', () => {
    expect(droppedBy({ 'a\r\nx-evil: 1': 1, 'ü': 1, ['x'.repeat(100)]: 1, '': 1 })).toEqual(['(unprintable)']);
    const dropped = droppedBy(Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`field_${index}`, 1])));
    expect([dropped.length, dropped.at(-1)]).toEqual([21, '(others)']);
  });

  test('may have the names of what every object has', () => {
    expect(droppedBy(JSON.parse('{"__proto__":1,"constructor":2,"toString":3}') as object)).toEqual(['__proto__', 'constructor', 'toString']);
  });
});

describe('token limit', () => {
  test('B25 without one none is sent', () => {
    expect(Object.keys(sent({}))).toEqual(['messages']);
    expect(Object.keys(sent({ model: CLAUDE_45, max_tokens: null }))).toEqual(['messages']);
  });

  test.each<[object, number, string[]]>([
    [{ max_tokens: 5 }, 5, []], [{ max_completion_tokens: 7 }, 7, []], [{ max_completion_tokens: 7, max_tokens: 7 }, 7, []],
    [{ max_completion_tokens: 7, max_tokens: 5 }, 7, ['max_tokens']],
    [{ max_completion_tokens: null, max_tokens: 100_000 }, 100_000, []],
  ])('%j', (limits, maxTokens, dropped) => {
    expect(sent(limits).inferenceConfig).toEqual({ maxTokens });
    expect(droppedBy(limits, { unsupportedParameters: 'Strict' })).toEqual(dropped);
  });

  test.each([0, -1, 1.5, 2 ** 31, '5', true, {}])('%j is refused', (limit) => {
    for (const name of ['max_tokens', 'max_completion_tokens']) {
      expect(refusal({ [name]: limit })).toMatchObject({ status: 400, param: name });
    }
  });
});

describe('temperature and top_p', () => {
  test('are sent as they are, 0 too', () => {
    expect(sent({ temperature: 0, top_p: 0.9 }).inferenceConfig).toEqual({ temperature: 0, topP: 0.9 });
    expect(sent({ temperature: 1, top_p: 0 }).inferenceConfig).toEqual({ temperature: 1, topP: 0 });
  });

  test('B24 Claude 4.5 and later get temperature alone where both are sent', () => {
    const profile = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0';
    for (const model of [CLAUDE_45, 'eu.anthropic.claude-opus-4-1-20250805-v1:0', profile]) {
      expect(sent({ model, temperature: 0.3, top_p: 0.9 }).inferenceConfig).toEqual({ temperature: 0.3 });
      expect(droppedBy({ model, temperature: 0.3, top_p: 0.9 })).toEqual(['top_p']);
      expect(droppedBy({ model, temperature: 0.3, top_p: 1 }, { unsupportedParameters: 'Strict' })).toEqual([]);
      expect(sent({ model, top_p: 0.9 }).inferenceConfig).toEqual({ topP: 0.9 });
    }
    expect(sent({ model: 'anthropic.claude-sonnet-4-20250514-v1:0', temperature: 0.3, top_p: 0.9 }).inferenceConfig).toEqual({ temperature: 0.3, topP: 0.9 });
  });

  test('a model that takes neither gets neither', () => {
    const request = { model: 'anthropic.claude-opus-4-7', temperature: 0.3, top_p: 0.9, max_tokens: 5 };
    expect(sent(request).inferenceConfig).toEqual({ maxTokens: 5 });
    expect(droppedBy(request)).toEqual(['temperature', 'top_p']);
    expect(refusal(request, { unsupportedParameters: 'Strict' })).toMatchObject({ param: 'temperature' });
    expect(sent({ ...request, max_tokens: null }).inferenceConfig).toBeUndefined();
  });

  test('a temperature above Converse\'s highest is sent as that, which is a stated loss', () => {
    expect(sent({ temperature: 1.7 }).inferenceConfig).toEqual({ temperature: 1 });
    expect(chat({ temperature: 1.7 }).dropped).toEqual([{ parameter: 'temperature', reason: 'sent as 1, the highest that Converse takes' }]);
  });

  test.each<[string, unknown]>([['temperature', -0.1], ['temperature', 2.1], ['temperature', '1'], ['top_p', 1.1], ['top_p', []]])('%s %j is refused', (name, value) => {
    expect(refusal({ [name]: value })).toMatchObject({ status: 400, param: name });
  });
});

describe('stop', () => {
  test.each<[unknown, readonly string[] | undefined, string[]]>([
    ['END', ['END'], []], [['a', ' b'], ['a', ' b'], []], [[], undefined, []], [null, undefined, []], [['\n', 'a', ''], ['a'], ['stop']], ['', undefined, ['stop']],
  ])('%j', (stop, stopSequences, dropped) => {
    expect(sent({ stop }).inferenceConfig).toEqual(stopSequences && { stopSequences });
    expect(droppedBy({ stop })).toEqual(dropped);
  });

  test.each<[unknown, string]>([[5, 'stop'], [{}, 'stop'], [['a', 5], 'stop[1]']])('%j is refused', (stop, param) => {
    expect(refusal({ stop })).toMatchObject({ status: 400, param, code: 'invalid_type' });
  });
});

describe('response_format', () => {
  const format = (definition: object) => ({ type: 'json_schema', json_schema: definition });

  test('json_schema is Bedrock\'s structured output', () => {
    const { outputConfig } = sent({ response_format: format({ name: 'place', description: 'A place.', schema: SCHEMA, strict: true }) });
    expect(outputConfig)
      .toEqual({ textFormat: { type: 'json_schema', structure: { jsonSchema: { name: 'place', description: 'A place.', schema: JSON.stringify({ ...SCHEMA, additionalProperties: false }) } } } });
  });

  test('objects that do not say so get no other members, which Bedrock wants to be said', () => {
    const schema = { type: 'object', properties: { place: { type: 'object', properties: { city: { type: 'string' } } }, any: { type: 'object', properties: {}, additionalProperties: true } } };
    const { outputConfig } = sent({ response_format: format({ name: 'a', schema }) });
    expect(JSON.parse(outputConfig?.textFormat?.structure?.jsonSchema?.schema ?? '')).toEqual({
      ...schema, properties: { place: { ...schema.properties.place, additionalProperties: false }, any: schema.properties.any }, additionalProperties: false,
    });
  });

  test('Claude gets what it takes of a schema, others all of it', () => {
    const schema = { type: 'object', properties: { age: { type: 'integer', minimum: 0 } } };
    const sentSchema = (model?: string) => sent({ model, response_format: format({ name: 'a', schema }) }).outputConfig?.textFormat?.structure?.jsonSchema?.schema;
    expect(JSON.parse(sentSchema(CLAUDE_45) ?? '')).toEqual({ type: 'object', properties: { age: { type: 'integer', description: '{"minimum":0}' } }, additionalProperties: false });
    expect(JSON.parse(sentSchema('qwen.qwen3-235b-a22b-2507-v1:0') ?? '')).toEqual({ ...schema, additionalProperties: false });
    expect(droppedBy({ model: CLAUDE_45, response_format: format({ name: 'a', schema }) })).toEqual(['response_format.json_schema.schema']);
  });

  test('stands beside an effort', () => {
    const responseFormat = format({ name: 'a', schema: {}, description: ' ' });
    const { outputConfig } = sent({ model: 'anthropic.claude-opus-4-6-v1', response_format: responseFormat, reasoning_effort: 'low' });
    expect(outputConfig).toEqual({ textFormat: { type: 'json_schema', structure: { jsonSchema: { name: 'a', schema: '{}' } } }, effort: 'low' });
  });

  test('text is what Converse does anyway', () => {
    expect(sent({ response_format: { type: 'text' } }, { unsupportedParameters: 'Strict' })).toEqual(sent({}));
  });

  test('json_object has no counterpart', () => {
    for (const unsupportedParameters of ['Strict', 'Safe'] as const) {
      expect(refusal({ response_format: { type: 'json_object' } }, { unsupportedParameters })).toMatchObject({ code: 'unsupported_parameter', param: 'response_format' });
    }
    expect(droppedBy({ response_format: { type: 'json_object' } }, { unsupportedParameters: 'Lenient' })).toEqual(['response_format']);
  });

  test.each<[unknown, string]>([
    ['json', 'response_format'], [{}, 'response_format.type'], [{ type: 'xml' }, 'response_format.type'], [{ type: 'json_schema' }, 'response_format.json_schema'],
    [format({ name: '', schema: {} }), 'response_format.json_schema.name'], [format({ name: 'a' }), 'response_format.json_schema.schema'],
    [format({ name: 'a', schema: 'x' }), 'response_format.json_schema.schema'],
  ])('%j is refused', (value, param) => {
    expect(refusal({ response_format: value })).toMatchObject({ status: 400, param });
  });
});

describe('metadata', () => {
  test('goes to the invocation log', () => {
    expect(sent({ metadata: { team: 'a b', empty: '', __proto__x: 'c@d.e' } }).requestMetadata).toEqual({ team: 'a b', empty: '', __proto__x: 'c@d.e' });
    expect(Object.keys(sent({ metadata: {} }))).toEqual(['messages']);
  });

  test('that Bedrock does not take is left out, which is a stated loss', () => {
    const metadata = { 'good': '1', 'näme': '1', 'long': 'x'.repeat(257), '': '1' };
    expect(sent({ metadata }).requestMetadata).toEqual({ good: '1' });
    expect(droppedBy({ metadata })).toEqual(['metadata']);
    const many = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`key${index}`, 'x']));
    expect(Object.keys(sent({ metadata: many }).requestMetadata ?? {})).toHaveLength(16);
    expect(refusal({ metadata: many }, { unsupportedParameters: 'Strict' })).toMatchObject({ param: 'metadata' });
  });

  test.each<[unknown, string]>([['x', 'metadata'], [[], 'metadata'], [{ a: 5 }, 'metadata.a']])('%j is refused', (metadata, param) => {
    expect(refusal({ metadata })).toMatchObject({ status: 400, param, code: 'invalid_type' });
  });
});

describe('service_tier', () => {
  test.each<[unknown, unknown, string[]]>([
    ['flex', { type: 'flex' }, []], ['priority', { type: 'priority' }, []], ['auto', undefined, []],
    ['default', undefined, []], [null, undefined, []], ['scale', undefined, ['service_tier']],
  ])('%j', (tier, serviceTier, dropped) => {
    expect(sent({ service_tier: tier }).serviceTier).toEqual(serviceTier);
    expect(droppedBy({ service_tier: tier })).toEqual(dropped);
  });

  test.each(['turbo', 5])('%j is refused', (tier) => {
    expect(refusal({ service_tier: tier })).toMatchObject({ status: 400, param: 'service_tier' });
  });
});

test.each<[unknown, string]>([['x', 'stream_options'], [{ include_usage: 'yes' }, 'stream_options.include_usage']])('stream_options %j is refused', (options, param) => {
  expect(refusal({ stream: true, stream_options: options })).toMatchObject({ status: 400, param, code: 'invalid_type' });
});

test.each(['parallel_tool_calls', 'stream'])('%s of another type is refused', (param) => {
  expect(refusal({ [param]: 'no' })).toMatchObject({ status: 400, param, code: 'invalid_type' });
});
