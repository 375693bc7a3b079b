import { UnsupportedParameters } from '../../../src/resources/llm-route';
import { ModelEntry } from '../../../src/resources/model-entry';
import { InputSchemaName, OutputSchemaName } from '../../../src/resources/schema-name';
import { statedLacks } from '../../../src/translate/catalog/stated-capabilities';
import { findTranslator } from '../../../src/translate/registry';
import { RequestError } from '../../../src/translate/request-error';
import { readRequestBody } from '../../../src/translate/scan-request-body';
import { Endpoint } from '../../../src/translate/translator';
import { textOf } from '../replay';

const MODELS: ReadonlyArray<readonly [output: OutputSchemaName, model: string]> = [
  ['Anthropic', 'claude-sonnet-4-6'], ['AWSBedrock', 'anthropic.claude-sonnet-4-6-v1:0'], ['AWSAnthropic', 'anthropic.claude-sonnet-4-6-v1:0'],
  ['GCPVertexAI', 'gemini-3-flash'], ['GCPAnthropic', 'claude-sonnet-4-6'], ['Cohere', 'command-a-reasoning-08-2025'],
];
const SCHEMA = { name: 'answer', schema: { type: 'object', properties: { animal: { type: 'string' } }, required: ['animal'] } };
const CHAT = { model: 'asked-for', messages: [{ role: 'user', content: 'Which animal?' }], max_completion_tokens: 30_000 };

function sent(
  output: OutputSchemaName, model: string, fields: object, capabilities: ModelEntry['capabilities'], mode: UnsupportedParameters = 'Safe', endpoint: Endpoint = 'ChatCompletions',
  input: InputSchemaName = 'OpenAI',
) {
  const modelEntry = { name: model, capabilities };
  const translated = findTranslator(input, output, endpoint)!.translate(readRequestBody(Buffer.from(JSON.stringify(fields))), {
    endpoint,
    requestedModel: 'asked-for',
    upstreamModel: model,
    modelEntry,
    lacks: statedLacks(modelEntry),
    output: { schema: output },
    gcp: { project: 'p', region: 'us-central1' },
    unsupportedParameters: mode,
    clientHeader: () => undefined,
    environment: { now: () => 0, id: (prefix) => `${prefix}1` },
  });
  return { body: textOf(translated.body!), dropped: translated.dropped };
}

describe.each(MODELS)('%s', (output, model) => {
  test('a model that is said not to reason is not told to', () => {
    const fields = { ...CHAT, reasoning_effort: 'high' };
    const plain = sent(output, model, CHAT, ['Tools']).body;
    expect(sent(output, model, fields, ['Tools'])).toEqual({ body: plain, dropped: [{ parameter: 'reasoning_effort', reason: 'this model does not reason' }] });
    expect(sent(output, model, fields, ['Tools', 'Reasoning']).body).not.toBe(plain);
    expect(sent(output, model, fields, undefined).body).not.toBe(plain);
    expect(() => sent(output, model, fields, ['Tools'], 'Strict')).toThrow(RequestError);
  });

  test('a schema for an answer is refused where a model is said to take none', () => {
    const fields = { ...CHAT, response_format: { type: 'json_schema', json_schema: SCHEMA } };
    expect(() => sent(output, model, fields, ['Reasoning'])).toThrow(expect.objectContaining({
      status: 400, param: 'response_format', message: expect.stringContaining('this model takes no schema for its answer') as string,
    }) as Error);
    expect(sent(output, model, fields, ['Reasoning'], 'Lenient')).toEqual({
      body: sent(output, model, CHAT, ['Reasoning']).body, dropped: [{ parameter: 'response_format', reason: 'this model takes no schema for its answer' }],
    });
    expect(sent(output, model, fields, ['JsonSchema']).body).toContain('animal');
    expect(sent(output, model, fields, undefined).body).toContain('animal');
  });
});

const TOOLS = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } }];
const CALL = { role: 'assistant', tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }] };
const RESULT = { role: 'tool', tool_call_id: 'call_1', content: '20 degrees' };
const PICTURE = 'data:image/png;base64,iVBORw0KGgo=';
const NO_TOOLS = 'this model takes no tools';
const refusal = (param: string, ...texts: string[]) => expect.objectContaining({
  status: 400, code: 'unsupported_parameter', param, message: expect.stringMatching(new RegExp([param.replace(/[.[\]]/g, '\\$&'), ...texts].join('.*'))) as string,
}) as Error;

describe.each(MODELS)('%s', (output, model) => {
  test('tools are refused where a model is said to take none, and under Lenient left out with all that is about them', () => {
    const fields = { ...CHAT, tools: TOOLS, tool_choice: 'auto', parallel_tool_calls: false };
    for (const mode of ['Strict', 'Safe'] as const) expect(() => sent(output, model, fields, ['Vision'], mode)).toThrow(refusal('tools', NO_TOOLS));
    expect(sent(output, model, fields, ['Vision'], 'Lenient')).toEqual({
      body: sent(output, model, CHAT, ['Vision']).body,
      dropped: ['tools', 'tool_choice', 'parallel_tool_calls'].map((parameter) => ({ parameter, reason: NO_TOOLS })),
    });
    for (const capabilities of [['Tools'] as const, undefined]) expect(sent(output, model, fields, capabilities).body).toContain('get_weather');
  });

  test('tools that may not be called are left out, and no tools are as good as none', () => {
    expect(sent(output, model, { ...CHAT, tools: TOOLS, tool_choice: 'none' }, [])).toEqual({
      body: sent(output, model, CHAT, []).body, dropped: ['tools', 'tool_choice'].map((parameter) => ({ parameter, reason: NO_TOOLS })),
    });
    expect(() => sent(output, model, { ...CHAT, tools: TOOLS, tool_choice: 'none' }, [], 'Strict')).toThrow(refusal('tools'));
    expect(sent(output, model, { ...CHAT, tools: [], parallel_tool_calls: null }, [])).toEqual(sent(output, model, CHAT, []));
  });

  test.each(['Safe', 'Lenient'] as const)('calls and results of a conversation cannot be left out: %s', (mode) => {
    expect(() => sent(output, model, { ...CHAT, messages: [...CHAT.messages, CALL, RESULT] }, [], mode)).toThrow(refusal('messages[1].tool_calls[0]', NO_TOOLS));
    expect(() => sent(output, model, { ...CHAT, messages: [...CHAT.messages, RESULT] }, [], mode)).toThrow(refusal('messages[1].tool_call_id', NO_TOOLS));
    expect(() => sent(output, model, { ...CHAT, messages: [...CHAT.messages, { role: 'assistant', function_call: { name: 'f', arguments: '{}' } }] }, [], mode))
      .toThrow(refusal('messages[1].function_call', NO_TOOLS));
  });

  test.each(['Safe', 'Lenient'] as const)('a picture is refused where a model is said to see none: %s', (mode) => {
    const content = [{ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: PICTURE } }];
    const fields = { ...CHAT, messages: [{ role: 'user', content }] };
    expect(() => sent(output, model, fields, ['Tools'], mode)).toThrow(refusal('messages[0].content[1]', 'this model takes no pictures'));
    for (const capabilities of [['Vision'] as const, undefined]) expect(sent(output, model, fields, capabilities, mode).body).toContain('iVBORw0KGgo=');
  });
});

const MESSAGES_OUTPUTS: ReadonlyArray<readonly [OutputSchemaName, string]> = [
  ['AWSBedrock', 'meta.llama4'], ['GCPVertexAI', 'gemini-3-flash'], ['OpenAI', 'llama3-70b'], ['AzureOpenAI', 'gpt-4o'],
];

describe.each(MESSAGES_OUTPUTS)('clients of Anthropic on %s', (output, model) => {
  const ask = { role: 'user', content: 'Weather in Oslo?' };
  const request = { model: 'asked-for', max_tokens: 4_096, messages: [ask] };
  const tools = [{ name: 'get_weather', input_schema: { type: 'object', properties: {} } }];
  const messages = (fields: object, capabilities: ModelEntry['capabilities'], mode?: UnsupportedParameters, endpoint: Endpoint = 'Messages') =>
    sent(output, model, { ...request, ...fields }, capabilities, mode, endpoint, 'Anthropic');

  test('tools, in their words', () => {
    const fields = { tools, tool_choice: { type: 'auto', disable_parallel_tool_use: true } };
    expect(() => messages(fields, [])).toThrow(refusal('tools', NO_TOOLS));
    const lenient = messages(fields, [], 'Lenient');
    expect(lenient.body).toBe(messages({}, []).body);
    expect(lenient.dropped.map(({ parameter }) => parameter)).toEqual(['tools', 'tool_choice', 'tool_choice.disable_parallel_tool_use']);
    expect(messages(fields, ['Tools']).body).toContain('get_weather');
  });

  test('calls and pictures, in their words', () => {
    const turns = [ask, { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} }] }, { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1' }] }];
    expect(() => messages({ messages: turns }, [], 'Lenient')).toThrow(refusal('messages[1].content[]', NO_TOOLS));
    const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } };
    expect(() => messages({ messages: [{ role: 'user', content: [{ type: 'text', text: 'What is this?' }, picture] }] }, [])).toThrow(refusal('messages[0].content[]', 'takes no pictures'));
  });

  test('a model that is said not to reason is not told to', () => {
    const { body, dropped } = messages({ thinking: { type: 'enabled', budget_tokens: 2_048 } }, []);
    expect({ body, dropped }).toEqual({ body: messages({}, []).body, dropped: [{ parameter: 'thinking', reason: expect.stringMatching(/^this model (?:does not reason|cannot be told how much to reason)$/) as string }] });
  });
});

test('what only counts is counted as it would be sent', () => {
  const request = { model: 'asked-for', messages: [{ role: 'user', content: 'Hi' }], tools: [{ name: 'get_weather', input_schema: { type: 'object' } }] };
  const [output, model] = ['AWSBedrock', 'anthropic.claude-sonnet-4-6-v1:0'] as const;
  expect(() => sent(output, model, request, [], 'Safe', 'CountTokens', 'Anthropic')).toThrow(refusal('tools', NO_TOOLS));
  expect(sent(output, model, request, [], 'Lenient', 'CountTokens', 'Anthropic').body).not.toContain('get_weather');
  const tools = [{ type: 'function', name: 'get_weather', parameters: { type: 'object' } }];
  expect(() => sent(output, model, { model: 'asked-for', input: 'Hi', tools }, [], 'Safe', 'ResponseInputTokens')).toThrow(refusal('tools', NO_TOOLS));
  expect(() => sent('Anthropic', 'claude-sonnet-4-6', { ...CHAT, tools: TOOLS }, [], 'Safe', 'Tokenize')).toThrow(refusal('tools', NO_TOOLS));
});

test('where a request passes as it is, nothing is asked of it', () => {
  const translated = findTranslator('OpenAI', 'OpenAI', 'ChatCompletions')!;
  const body = Buffer.from(JSON.stringify({ model: 'm', messages: [CALL, RESULT], tools: TOOLS }));
  const modelEntry: ModelEntry = { name: 'm', capabilities: [] };
  const { body: sentBody, dropped } = translated.translate(readRequestBody(body), {
    endpoint: 'ChatCompletions',
    requestedModel: 'm',
    upstreamModel: 'm',
    modelEntry,
    lacks: statedLacks(modelEntry),
    output: { schema: 'OpenAI' },
    unsupportedParameters: 'Strict',
    clientHeader: () => undefined,
    environment: { now: () => 0, id: (prefix) => prefix },
  });
  expect([sentBody ?? body, dropped]).toEqual([body, []]);
});

test('a model that lacks nothing, or of which nothing is said, needs no look at its requests', () => {
  expect(statedLacks({ name: 'm' })).toBeUndefined();
  expect(statedLacks({ name: 'm', capabilities: ['Reasoning', 'JsonSchema', 'Vision', 'Tools'] })).toBeUndefined();
  expect([...statedLacks({ name: 'm', capabilities: ['Tools'] }) ?? []]).toEqual(['Vision', 'JsonSchema', 'Reasoning']);
});

test('the Responses API gets the same, in its own words', () => {
  const request = { model: 'asked-for', input: 'Which animal?', max_output_tokens: 30_000 };
  const [output, model] = MODELS[0];
  expect(sent(output, model, { ...request, reasoning: { effort: 'high' } }, [], 'Safe', 'Responses').dropped).toEqual([{ parameter: 'reasoning.effort', reason: 'this model does not reason' }]);
  expect(() => sent(output, model, { ...request, text: { format: { type: 'json_schema', ...SCHEMA } } }, [], 'Safe', 'Responses')).toThrow(expect.objectContaining({ param: 'text.format' }) as Error);
  const tools = [{ type: 'function', name: 'get_weather', parameters: { type: 'object' } }];
  const call = { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{}' };
  const picture = { role: 'user', content: [{ type: 'input_text', text: 'What is this?' }, { type: 'input_image', image_url: PICTURE }] };
  expect(() => sent(output, model, { ...request, tools }, [], 'Safe', 'Responses')).toThrow(refusal('tools', NO_TOOLS));
  expect(sent(output, model, { ...request, tools, parallel_tool_calls: false }, [], 'Lenient', 'Responses').dropped.map(({ parameter }) => parameter)).toEqual(['tools', 'parallel_tool_calls']);
  expect(() => sent(output, model, { ...request, input: [CHAT.messages[0], call] }, [], 'Lenient', 'Responses')).toThrow(refusal('input[1]', NO_TOOLS));
  expect(() => sent(output, model, { ...request, input: [picture] }, [], 'Lenient', 'Responses')).toThrow(refusal('input[0].content[1]', 'takes no pictures'));
});
