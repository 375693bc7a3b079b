import { chat, droppedBy, HOSTS, OLD, On, OPUS_46, OPUS_5, refusal, sent, SentBody, SONNET_45 } from './claude';
import { messagesParameters } from '../../../src/translate/openai-to-anthropic/parameters';
import { expectLossStated } from '../openai/lost-parameters';
import { textOf } from '../replay';

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, additionalProperties: false };

const WITHOUT_COUNTERPART = [
  'n', 'logprobs', 'top_logprobs', 'audio', 'modalities', 'moderation', 'web_search_options', 'functions', 'function_call', 'frequency_penalty',
  'presence_penalty', 'logit_bias', 'metadata', 'seed', 'prediction', 'prompt_cache_key', 'prompt_cache_options', 'prompt_cache_retention',
  'service_tier', 'store', 'verbosity',
];

describe('G21 parameters without a counterpart', () => {
  const unmapped = HOSTS.flatMap((host) => Object.entries(messagesParameters(host)).filter(([, { treatment }]) => !treatment.startsWith('mapped'))
    .map(([name, rule]) => [host, name, rule] as const));

  test('each has a case here', () => {
    expect([...new Set(unmapped.map(([, name]) => name))].sort()).toEqual([...WITHOUT_COUNTERPART].sort());
  });

  test.each(unmapped)('to %s: %s', (host, name, rule) => {
    expectLossStated(name, rule, (unsupportedParameters) => {
      const on = { host, unsupportedParameters };
      return { sent: (request) => sent({ ...request }, on), dropped: (request) => chat(request, on).dropped, refusal: (request) => refusal(request, on) };
    });
  });

  test('fields that OpenAI does not know are dropped by their name, and refused under Strict', () => {
    expect(droppedBy({ top_a: 40, extra_body: { a: 1 } })).toEqual(['top_a', 'extra_body']);
    expect(refusal({ top_a: 40 }, { unsupportedParameters: 'Strict' })).toMatchObject({ code: 'unsupported_parameter', param: 'top_a' });
  });
});

describe('token limit', () => {
  test.each<[string, number]>([
    ['claude-3-haiku-20240307', 4096], ['anthropic.claude-3-5-sonnet-20241022-v2:0', 8192], ['claude-3-7-sonnet-20250219', 64_000], ['claude-opus-4-20250514', 32_000],
    ['us.anthropic.claude-opus-4-1-20250805-v1:0', 32_000], ['claude-sonnet-4@20250514', 64_000], ['claude-haiku-4-5', 64_000], ['claude-opus-4-5-20251101', 64_000],
    [OPUS_46, 128_000], ['claude-sonnet-4-6', 128_000], [OPUS_5, 128_000], ['claude-fable-5-1', 128_000],
    ['arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0', 64_000],
  ])('A2 without one %s gets its own, %s', (model, limit) => {
    for (const host of HOSTS) {
      expect(sent({ model, max_tokens: null }, { host }).max_tokens).toBe(limit);
    }
  });

  test('A2 the limit that the backend\'s owner names goes before the catalog\'s', () => {
    expect(sent({}, { modelEntry: { name: SONNET_45, maxOutputTokens: 2_048 } }).max_tokens).toBe(2_048);
    expect(sent({}, { upstreamModel: 'in-house', modelEntry: { name: 'in-house', maxOutputTokens: 512 } }).max_tokens).toBe(512);
    expect(sent({ max_tokens: 77 }, { modelEntry: { name: SONNET_45, maxOutputTokens: 2_048 } }).max_tokens).toBe(77);
  });

  test('A2 a model under a name of its own has the limit and the traits of its base model', () => {
    const profile = 'arn:aws:bedrock:us-east-1:1234:application-inference-profile/abcd';
    const on: On = { host: 'AWSAnthropic', upstreamModel: profile, modelEntry: { name: profile, baseModel: 'anthropic.claude-opus-4-6-v1' } };
    const body = JSON.parse(textOf(chat({ reasoning_effort: 'low' }, on).body!)) as SentBody;
    expect(body.max_tokens).toBe(128_000);
    expect(body.thinking).toEqual({ type: 'adaptive' });
    expect(chat({}, on).path).toContain(encodeURIComponent(profile));
  });

  test('A2 a model whose limit is not known is refused without one', () => {
    for (const model of ['my-claude', 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc']) {
      const error = refusal({ model });
      expect(error).toMatchObject({ status: 400, param: 'max_completion_tokens', code: 'missing_required_parameter' });
      expect(error.message).toContain('max_completion_tokens');
      expect(sent({ model, max_tokens: 7 }).max_tokens).toBe(7);
    }
  });

  test.each<[object, number, string[]]>([
    [{ max_tokens: 5 }, 5, []], [{ max_completion_tokens: 7 }, 7, []], [{ max_completion_tokens: 7, max_tokens: 7 }, 7, []],
    [{ max_completion_tokens: 7, max_tokens: 5 }, 7, ['max_tokens']], [{ max_completion_tokens: null, max_tokens: 100_000 }, 100_000, []],
  ])('A3 %j', (limits, maxTokens, dropped) => {
    expect(sent({ ...limits }).max_tokens).toBe(maxTokens);
    expect(droppedBy(limits, { unsupportedParameters: 'Strict' })).toEqual(dropped);
  });

  test.each([0, -1, 1.5, '5', true])('%j is refused', (limit) => {
    for (const name of ['max_tokens', 'max_completion_tokens']) {
      expect(refusal({ [name]: limit })).toMatchObject({ status: 400, param: name });
    }
  });
});

describe('temperature, top_p and top_k', () => {
  const sampled = (request: object) => {
    const { temperature, top_p: topP, top_k: topK } = sent({ ...request });
    return [temperature, topP, topK];
  };

  test('are sent as they are where the model takes them', () => {
    expect(sampled({ model: OLD, temperature: 0, top_p: 0.9, top_k: 40 })).toEqual([0, 0.9, 40]);
    expect(droppedBy({ model: OLD, temperature: 0, top_p: 0.9, top_k: 40 }, { unsupportedParameters: 'Strict' })).toEqual([]);
    expect(sampled({ model: 'my-claude', max_tokens: 1, temperature: 0.3, top_p: 0.9 })).toEqual([0.3, 0.9, undefined]);
  });

  test.each([SONNET_45, OPUS_46, 'claude-opus-4-1-20250805'])('%s gets temperature alone where both are sent', (model) => {
    expect(sampled({ model, temperature: 0.3, top_p: 0.9 })).toEqual([0.3, undefined, undefined]);
    expect(droppedBy({ model, temperature: 0.3, top_p: 0.9 })).toEqual(['top_p']);
    expect(sampled({ model, top_p: 0.9, top_k: 3 })).toEqual([undefined, 0.9, 3]);
  });

  test.each(['claude-opus-4-7', 'anthropic.claude-opus-4-8', OPUS_5, 'claude-sonnet-5', 'claude-haiku-5-5', 'claude-fable-5-1'])('%s takes none', (model) => {
    const request = { model, temperature: 0.3, top_p: 0.9, top_k: 1 };
    expect(sampled(request)).toEqual([undefined, undefined, undefined]);
    expect(droppedBy(request)).toEqual(['temperature', 'top_p', 'top_k']);
    expect(refusal(request, { unsupportedParameters: 'Strict' })).toMatchObject({ param: 'temperature' });
    expect(droppedBy({ model, temperature: 1, top_p: 1 }, { unsupportedParameters: 'Strict' })).toEqual([]);
  });

  test('a temperature above Claude\'s highest is sent as that, which is a stated loss', () => {
    expect(sampled({ temperature: 1.7 })).toEqual([1, undefined, undefined]);
    expect(chat({ temperature: 1.7 }).dropped).toEqual([{ parameter: 'temperature', reason: 'sent as 1, the highest that Claude takes' }]);
  });

  test.each<[string, unknown]>([['temperature', -0.1], ['temperature', 2.1], ['temperature', '1'], ['top_p', 1.1], ['top_p', []], ['top_k', 0], ['top_k', 1.5], ['top_k', '3']])(
    '%s %j is refused', (name, value) => {
      expect(refusal({ [name]: value })).toMatchObject({ status: 400, param: name });
    });
});

describe('stop', () => {
  test.each<[unknown, readonly string[] | undefined, string[]]>([
    ['END', ['END'], []], [['a', ' b'], ['a', ' b'], []], [[], undefined, []], [null, undefined, []],
  ])('A5 %j', (stop, stops, dropped) => {
    expect(sent({ stop }).stop_sequences).toEqual(stops);
    expect(droppedBy({ stop })).toEqual(dropped);
  });

  test.each<[unknown, readonly string[] | undefined]>([[['\n'], undefined], [['\n', 'a', ''], ['a']], ['', undefined]])('A6 %j without white space alone, which is a stated loss', (stop, stops) => {
    expect(sent({ stop }).stop_sequences).toEqual(stops);
    expect(droppedBy({ stop }, { unsupportedParameters: 'Strict' })).toEqual(['stop']);
  });

  test.each<[unknown, string]>([[5, 'stop'], [['a', 5], 'stop[1]']])('%j is refused', (stop, param) => {
    expect(refusal({ stop })).toMatchObject({ status: 400, param, code: 'invalid_type' });
  });
});

describe('response_format', () => {
  const format = (definition: object) => ({ type: 'json_schema', json_schema: definition });

  test.each(HOSTS)('A19 json_schema is structured output on %s', (host) => {
    expect(sent({ response_format: format({ name: 'place', schema: SCHEMA, strict: true }) }, { host }).output_config).toEqual({ format: { type: 'json_schema', schema: SCHEMA } });
  });

  test('A19 stands beside an effort; its description goes into the schema, whose own one wins', () => {
    const request = { model: OPUS_46, reasoning_effort: 'low', response_format: format({ name: 'a', description: 'A place.', schema: SCHEMA }) };
    expect(sent(request).output_config).toEqual({ effort: 'low', format: { type: 'json_schema', schema: { description: 'A place.', ...SCHEMA } } });
    const { output_config: own } = sent({ response_format: format({ name: 'a', description: 'A place.', schema: { ...SCHEMA, description: 'Own.' } }) });
    expect(own?.format?.schema.description).toBe('Own.');
  });

  test('A19 objects that do not say so are closed, as Claude wants it, and nothing else is changed', () => {
    const open = { type: 'object', properties: { a: { type: 'object', properties: {} }, properties: { type: 'string' } } };
    const schema = {
      ...open,
      $defs: { x: open },
      anyOf: [open, true],
      items: open,
      enum: [open],
      default: open,
    };
    const closed = { ...open, additionalProperties: false, properties: { a: { type: 'object', properties: {}, additionalProperties: false }, properties: { type: 'string' } } };
    expect(sent({ response_format: format({ name: 'a', schema }) }).output_config?.format?.schema).toEqual({
      ...closed, $defs: { x: closed }, anyOf: [closed, true], items: closed, enum: [open], default: open,
    });
    for (const kept of [{ type: 'object' }, { type: 'object', properties: {}, additionalProperties: { type: 'string' } }, { type: 'array', items: { type: 'string' } }]) {
      expect(sent({ response_format: format({ name: 'a', schema: kept }) }).output_config?.format?.schema).toEqual(kept);
    }
  });

  test('A19 limits that Claude refuses go into the description, and are a stated loss', () => {
    const request = { response_format: format({ name: 'a', schema: { type: 'object', properties: { age: { type: 'integer', minimum: 0 } }, additionalProperties: true } }) };
    expect(sent(request).output_config?.format?.schema).toEqual({ type: 'object', properties: { age: { type: 'integer', description: '{"minimum":0}' } }, additionalProperties: false });
    expect(droppedBy(request)).toEqual(['response_format.json_schema.schema']);
  });

  test('A19 json_object is refused, or lost under Lenient', () => {
    for (const unsupportedParameters of ['Strict', 'Safe'] as const) {
      expect(refusal({ response_format: { type: 'json_object' } }, { unsupportedParameters })).toMatchObject({ code: 'unsupported_parameter', param: 'response_format' });
    }
    expect(droppedBy({ response_format: { type: 'json_object' } }, { unsupportedParameters: 'Lenient' })).toEqual(['response_format']);
    expect(sent({ response_format: { type: 'text' } }, { unsupportedParameters: 'Strict' })).toEqual(sent({}));
  });

  test.each<[unknown, string]>([
    [format({ name: 'a' }), 'response_format.json_schema.schema'], [format({ name: 'a', schema: 'x' }), 'response_format.json_schema.schema'],
    [format({ name: '', schema: {} }), 'response_format.json_schema.name'], [{ type: 'json_schema' }, 'response_format.json_schema'], [{ type: 'xml' }, 'response_format.type'],
  ])('A20 %j is a 400', (value, param) => {
    expect(refusal({ response_format: value })).toMatchObject({ status: 400, param });
  });
});

describe('the end user', () => {
  test.each<[object, object | undefined, string[]]>([
    [{ user: 'ann' }, { user_id: 'ann' }, []], [{ safety_identifier: 'h4sh' }, { user_id: 'h4sh' }, []], [{ safety_identifier: 'h4sh', user: 'ann' }, { user_id: 'h4sh' }, ['user']],
    [{ safety_identifier: 'ann', user: 'ann' }, { user_id: 'ann' }, []], [{ user: '' }, undefined, []], [{ user: 'x'.repeat(257) }, undefined, ['user']],
  ])('%.80j', (request, metadata, dropped) => {
    expect(sent({ ...request }).metadata).toEqual(metadata);
    expect(droppedBy(request)).toEqual(dropped);
  });

  test('of another type is refused', () => {
    expect(refusal({ user: 5 })).toMatchObject({ status: 400, param: 'user' });
  });
});

describe('service_tier', () => {
  const bedrock = (tier: unknown) => chat({ service_tier: tier }, { host: 'AWSAnthropic' }).setHeaders.filter(([name]) => name === 'x-amzn-bedrock-service-tier');

  test.each<[unknown, string | undefined, string[]]>([
    ['auto', undefined, []], [null, undefined, []], ['default', 'standard_only', []], ['priority', 'auto', ['service_tier']], ['flex', undefined, ['service_tier']],
    ['scale', undefined, ['service_tier']],
  ])('%j on Anthropic', (tier, expected, dropped) => {
    expect(sent({ service_tier: tier }).service_tier).toBe(expected);
    expect(droppedBy({ service_tier: tier })).toEqual(dropped);
  });

  test('is a header on Bedrock', () => {
    expect(['auto', 'default', 'flex', 'priority', 'scale'].map(bedrock)).toEqual([
      [], [], [['x-amzn-bedrock-service-tier', 'flex']], [['x-amzn-bedrock-service-tier', 'priority']], [],
    ]);
    expect(droppedBy({ service_tier: 'scale' }, { host: 'AWSAnthropic' })).toEqual(['service_tier']);
    expect(sent({ service_tier: 'flex' }, { host: 'AWSAnthropic' })).not.toHaveProperty('service_tier');
  });

  test('is lost on Vertex AI', () => {
    expect(droppedBy({ service_tier: 'flex' }, { host: 'GCPAnthropic' })).toEqual(['service_tier']);
    expect(droppedBy({ service_tier: 'default' }, { host: 'GCPAnthropic', unsupportedParameters: 'Strict' })).toEqual([]);
  });

  test.each(['turbo', 5])('%j is refused', (tier) => {
    expect(refusal({ service_tier: tier })).toMatchObject({ status: 400, param: 'service_tier' });
  });
});

test.each<[object, string]>([
  [{ stream_options: 'x', stream: true }, 'stream_options'], [{ stream_options: { include_usage: 'yes' }, stream: true }, 'stream_options.include_usage'],
  [{ parallel_tool_calls: 'no' }, 'parallel_tool_calls'], [{ stream: 'no' }, 'stream'],
])('%j is refused', (request, param) => {
  expect(refusal(request)).toMatchObject({ status: 400, param, code: 'invalid_type' });
});
