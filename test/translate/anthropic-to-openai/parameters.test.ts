import { droppedBy, messages, refusal, sent } from './messages';
import { OPENAI_TARGET } from '../../../src/translate/anthropic-to-openai/openai-target';
import { messagesParameters, throughParameters } from '../../../src/translate/anthropic-to-openai/parameters';
import { ParameterTable } from '../../../src/translate/parameter-table';
import { findTranslator } from '../../../src/translate/registry';
import { textOf } from '../replay';

test('samplers, limits and the stream go on as they are', () => {
  expect(sent({ temperature: 0.5, top_p: 0.9, max_tokens: 5, stream: true })).toEqual({
    model: 'gpt-5.2',
    messages: [{ role: 'user', content: 'Hi' }],
    temperature: 0.5,
    top_p: 0.9,
    max_completion_tokens: 5,
    stream: true,
    stream_options: { include_usage: true },
  });
  expect(sent({ temperature: null, stop_sequences: [], stream: false })).toEqual({ model: 'gpt-5.2', messages: [{ role: 'user', content: 'Hi' }], max_completion_tokens: 100 });
});

test('C6 stop_sequences become stop', () => {
  expect(sent({ stop_sequences: ['END', '\n'] }).stop).toEqual(['END', '\n']);
});

test.each([
  ['gpt-4o', 'max_completion_tokens'], ['o3-mini', 'max_completion_tokens'], ['openai/gpt-5', 'max_completion_tokens'], ['ft:gpt-4.1:org::id', 'max_completion_tokens'],
  ['meta-llama/Llama-3.3-70B', 'max_tokens'], ['mistral-large', 'max_tokens'], ['openai/gpt-oss-120b', 'max_tokens'],
])('the limit of %s is %s, which it takes', (model, field) => {
  expect(sent({ model })[field]).toBe(100);
});

describe('reasoning', () => {
  const enabled = (budget: number) => ({ thinking: { type: 'enabled', budget_tokens: budget } });

  test.each<[string, object, string | undefined]>([
    ['gpt-5.2', enabled(1024), 'low'], ['gpt-5.2', enabled(4096), 'medium'], ['gpt-5.2', enabled(20_000), 'high'],
    ['gpt-5.2', { thinking: { type: 'adaptive' } }, 'high'], ['gpt-5.2', { thinking: { type: 'disabled' } }, 'none'],
    ['gpt-5.2', { thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } }, 'xhigh'], ['gpt-5.2', { output_config: { effort: 'max' } }, 'xhigh'],
    ['gpt-5.1', { output_config: { effort: 'xhigh' } }, 'high'], ['gpt-5', { thinking: { type: 'disabled' } }, 'minimal'],
    ['o3', { thinking: { type: 'disabled' } }, undefined], ['gpt-4o', enabled(2048), undefined], ['gpt-4o', { thinking: { type: 'disabled' } }, undefined],
    ['gpt-5.2', { thinking: { ...enabled(2000).thinking }, output_config: { effort: 'high' } }, 'high'],
    ['gpt-5.2', { thinking: { type: 'between_tools' } }, 'high'], ['gpt-5-pro', enabled(1024), 'high'],
  ])('%s %j: %s', (model, request, effort) => {
    expect(sent({ model, ...request }).reasoning_effort).toBe(effort);
  });

  test('what is lost is said', () => {
    expect(droppedBy(enabled(2048))).toEqual(['thinking']);
    expect(droppedBy({ thinking: { type: 'adaptive' } })).toEqual([]);
    expect(droppedBy({ thinking: { type: 'adaptive', display: 'omitted' } })).toEqual(['thinking.display']);
    expect(droppedBy({ output_config: { effort: 'max' } })).toEqual(['output_config.effort']);
    expect(droppedBy({ thinking: { type: 'disabled' }, output_config: { effort: 'max' } })).toEqual(['output_config.effort']);
    expect(refusal({ model: 'gpt-4o', ...enabled(2048) }, { unsupportedParameters: 'Strict' }).param).toBe('thinking');
  });

  test('A4 a budget below the least is a 400', () => {
    expect(refusal(enabled(1000))).toMatchObject({ status: 400, param: 'thinking.budget_tokens' });
  });
});

describe('structured output', () => {
  const strict = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false };
  const loose = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false };

  test('output_config.format becomes response_format, strict where the schema allows it', () => {
    expect(sent({ output_config: { format: { type: 'json_schema', schema: strict } } }).response_format)
      .toEqual({ type: 'json_schema', json_schema: { name: 'answer', schema: strict, strict: true } });
    const request = { output_config: { format: { type: 'json_schema', schema: loose } } };
    expect(sent(request).response_format).toEqual({ type: 'json_schema', json_schema: { name: 'answer', schema: loose } });
    expect(droppedBy(request)).toEqual(['output_config.format.schema']);
    for (const schema of [{ ...strict, additionalProperties: undefined }, { ...strict, properties: { a: loose } }, { anyOf: [strict, loose] }]) {
      expect(sent({ output_config: { format: { type: 'json_schema', schema } } }).response_format).toMatchObject({ json_schema: { name: 'answer' } });
      expect(droppedBy({ output_config: { format: { type: 'json_schema', schema } } })).toEqual(['output_config.format.schema']);
    }
  });

  test('output_format of the beta does the same', () => {
    expect(sent({ output_format: { type: 'json_schema', schema: strict } }).response_format).toMatchObject({ json_schema: { strict: true } });
  });

  test.each([{ type: 'json_schema' }, { type: 'json_object' }])('A20 %j is a 400', (format) => {
    expect(refusal({ output_config: { format } })).toMatchObject({ status: 400 });
  });
});

test('metadata.user_id becomes user, one that is too long its hash', () => {
  expect(sent({ metadata: { user_id: 'u' } }).user).toBe('u');
  const long = { metadata: { user_id: 'u'.repeat(65) } };
  expect(sent(long).user).toMatch(/^[0-9a-f]{64}$/);
  expect(droppedBy(long)).toEqual(['metadata.user_id']);
});

test('service tiers', () => {
  expect([sent({ service_tier: 'auto' }).service_tier, sent({ service_tier: 'standard_only' }).service_tier]).toEqual([undefined, 'default']);
  expect(refusal({ service_tier: 'x' }).param).toBe('service_tier');
});

test.each([['container', 'c'], ['inference_geo', 'us'], ['mcp_servers', [{}]], ['context_management', {}]])('G21 %s is refused, and dropped under Lenient', (name, value) => {
  expect(refusal({ [name]: value })).toMatchObject({ status: 400, code: 'unsupported_parameter', param: name });
  expect(droppedBy({ [name]: value }, { unsupportedParameters: 'Lenient' })).toEqual([name]);
});

test.each([['top_k', 5], ['speed', 'fast'], ['diagnostics', {}], ['of_tomorrow', 1]])('G21 %s is dropped with a signal, and refused under Strict', (name, value) => {
  expect(droppedBy({ [name]: value })).toEqual([name]);
  expect(refusal({ [name]: value }, { unsupportedParameters: 'Strict' }).param).toBe(name);
});

test('G21 what says nothing else than the default is no loss', () => {
  expect(droppedBy({ speed: 'standard', mcp_servers: [], container: null }, { unsupportedParameters: 'Strict' })).toEqual([]);
});

test('G21 parameters in headers', () => {
  const clientHeader = (name: string) => name === 'anthropic-workspace-id' ? 'w' : undefined;
  expect(droppedBy({}, { clientHeader })).toEqual(['workspace_id']);
});

test.each([['max_tokens', undefined], ['max_tokens', 0], ['temperature', 2], ['top_p', -1], ['stop_sequences', 'END'], ['thinking', { type: 'x' }], ['messages', 'x']])('%s %j is a 400', (name, value) => {
  expect(refusal({ [name]: value })).toMatchObject({ status: 400, param: expect.stringContaining(name) as unknown });
});

describe('AzureOpenAI differs in its path', () => {
  const azure = findTranslator('Anthropic', 'AzureOpenAI', 'Messages');

  test('and always takes the newer limit', () => {
    const request = messages({ model: 'my-deployment', stream: true }, { output: { schema: 'AzureOpenAI', version: '2024-10-21' } }, azure);
    expect(request.path).toBe('/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21');
    expect(JSON.parse(textOf(request.body ?? new Uint8Array(0)))).toMatchObject({ max_completion_tokens: 100, stream_options: { include_usage: true } });
  });
});

describe('the tables of a composition are the meet of the two', () => {
  const treatment = (chat: ParameterTable, name: string) => throughParameters(messagesParameters(OPENAI_TARGET), chat)[name];
  const all: ParameterTable = { messages: { treatment: 'mapped', to: 'a' }, stop: { treatment: 'mapped', to: 'b.c' } };

  test.each<[string, ParameterTable, string, object]>([
    ['the name on the far side', all, 'stop_sequences', { treatment: 'mapped', to: 'b.c' }],
    ['the loss of the near side', all, 'messages', { treatment: 'mappedWithLoss', to: 'a' }],
    ['the loss of the far side', { stop: { treatment: 'mappedWithLoss', to: 'b', note: 'n' } }, 'stop_sequences', { treatment: 'mappedWithLoss', to: 'b' }],
    ['nothing on the far side', { stop: { treatment: 'semantic', note: 'n' } }, 'stop_sequences', { treatment: 'semantic' }],
    ['one of two on the far side', { reasoning_effort: { treatment: 'advisory', note: 'n' }, response_format: { treatment: 'mapped', to: 'f' } },
      'output_config', { treatment: 'mappedWithLoss', to: 'f' }],
    ['nothing on the near side', all, 'container', { treatment: 'semantic' }],
  ])('%s', (_, chat, name, expected) => {
    expect(treatment(chat, name)).toMatchObject(expected);
    expect(treatment(chat, name).to).toBe((expected as { to?: string }).to);
  });
});
