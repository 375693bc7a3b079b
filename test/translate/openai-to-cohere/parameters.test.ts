import { chat, COMMAND, droppedBy, refusal, sent } from './cohere';

const TOOL = { type: 'function', function: { name: 'get_weather', description: 'Weather.', parameters: { properties: { city: { type: 'string' } } } } };
const OTHER = { type: 'function', function: { name: 'now' } };
const strict = (tool: { readonly function: object }) => ({ ...tool, function: { ...tool.function, strict: true } });

test('a plain request', () => {
  expect(chat({})).toMatchObject({
    method: 'POST', path: '/v2/chat', setHeaders: [['content-type', 'application/json'], ['accept', 'application/json']], removeHeaders: [], stream: false, dropped: [],
  });
  expect(sent({})).toEqual({ model: COMMAND, messages: [{ role: 'user', content: 'Hi' }], stream: false });
});

test('a stream, another prefix, another model', () => {
  const context = { upstreamModel: 'theirs', output: { schema: 'Cohere' as const, version: 'compat/v2' } };
  expect(chat({ stream: true }, context)).toMatchObject({ path: '/compat/v2/chat', stream: true, setHeaders: [['content-type', 'application/json'], ['accept', 'text/event-stream']] });
  expect(sent({ stream: true }, context)).toMatchObject({ model: 'theirs', stream: true });
});

test.each<[string, object, object, readonly string[]]>([
  ['A3 max_completion_tokens', { max_completion_tokens: 9, max_tokens: 5 }, { max_tokens: 9 }, ['max_tokens']],
  ['max_tokens', { max_tokens: 5 }, { max_tokens: 5 }, []],
  ['temperature', { temperature: 0.2 }, { temperature: 0.2 }, []],
  ['temperature above 1', { temperature: 1.5 }, { temperature: 1 }, ['temperature']],
  ['top_p', { top_p: 0.5 }, { p: 0.5 }, []],
  ['top_p of 1', { top_p: 1 }, { p: 0.99 }, []],
  ['top_p of 0', { top_p: 0 }, { p: 0.01 }, ['top_p']],
  ['penalties', { frequency_penalty: 0.5, presence_penalty: 0 }, { frequency_penalty: 0.5 }, []],
  ['penalties below 0', { frequency_penalty: -1, presence_penalty: 2 }, { presence_penalty: 1 }, ['frequency_penalty', 'presence_penalty']],
  ['seed', { seed: 7 }, { seed: 7 }, []],
  ['seed below 0', { seed: -7 }, {}, ['seed']],
  ['A5 stop as text', { stop: 'END' }, { stop_sequences: ['END'] }, []],
  ['stop as a list', { stop: ['\n', ''] }, { stop_sequences: ['\n'] }, ['stop']],
  ['logprobs', { logprobs: true, top_logprobs: 0 }, { logprobs: true }, []],
  ['effort none', { reasoning_effort: 'none' }, { thinking: { type: 'disabled' } }, []],
  ['effort low', { reasoning_effort: 'low' }, { thinking: { type: 'enabled', token_budget: 2048 } }, []],
  ['effort low with little room', { reasoning_effort: 'low', max_tokens: 100 }, { max_tokens: 100, thinking: { type: 'enabled', token_budget: 80 } }, []],
  ['effort high', { reasoning_effort: 'high' }, { thinking: { type: 'enabled' } }, []],
  ['plain text', { response_format: { type: 'text' } }, {}, []],
  ['JSON', { response_format: { type: 'json_object' } }, { response_format: { type: 'json_object' } }, []],
  ['A19 JSON of a schema', { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } } },
    { response_format: { type: 'json_object', json_schema: { type: 'object' } } }, []],
  ['what does nothing', { n: 1, service_tier: 'auto', store: false, modalities: ['text'], parallel_tool_calls: true, logit_bias: {} }, {}, []],
  ['what has no counterpart', { user: 'u', metadata: { a: 'b' }, prompt_cache_key: 'k', made_up: 1 }, {}, ['user', 'metadata', 'prompt_cache_key', 'made_up']],
])('%s', (_, request, body, dropped) => {
  expect(sent(request)).toEqual({ model: COMMAND, messages: [{ role: 'user', content: 'Hi' }], stream: false, ...body });
  expect(droppedBy(request)).toEqual(dropped);
});

test.each([
  ['n', { n: 2 }], ['top_logprobs', { top_logprobs: 3 }], ['modalities', { modalities: ['audio'] }], ['functions', { functions: [{ name: 'f' }] }],
  ['web_search_options', { web_search_options: {} }],
])('G21 %s is refused, and dropped by a route that lets it go', (param, request) => {
  expect(refusal(request)).toMatchObject({ status: 400, code: 'unsupported_parameter', param });
  expect(droppedBy(request, { unsupportedParameters: 'Lenient' })).toEqual([param]);
});

test.each([
  ['A20', { response_format: { type: 'json_schema', json_schema: { name: 'a' } } }, 'response_format.json_schema.schema'],
  ['', { temperature: 3 }, 'temperature'], ['', { seed: 0.5 }, 'seed'], ['', { max_tokens: 0 }, 'max_tokens'], ['', { reasoning_effort: 'huge' }, 'reasoning_effort'],
  ['', { stop: 5 }, 'stop'], ['', { logprobs: 'yes' }, 'logprobs'],
])('%s a value that OpenAI itself refuses is a 400: %j', (_, request, param) => {
  expect(refusal(request)).toMatchObject({ status: 400, param });
});

describe('tools', () => {
  const tool = { type: 'function', function: { name: 'get_weather', description: 'Weather.', parameters: { type: 'object', properties: { city: { type: 'string' } } } } };
  const other = { type: 'function', function: { name: 'now', parameters: { type: 'object', properties: {} } } };

  test.each<[string, object, object]>([
    ['no choice', {}, { tools: [tool, other] }],
    ['auto', { tool_choice: 'auto' }, { tools: [tool, other] }],
    ['none', { tool_choice: 'none' }, { tools: [tool, other], tool_choice: 'NONE' }],
    ['required', { tool_choice: 'required' }, { tools: [tool, other], tool_choice: 'REQUIRED' }],
    ['one by its name', { tool_choice: { type: 'function', function: { name: 'now' } } }, { tools: [other], tool_choice: 'REQUIRED' }],
    ['some that are allowed', { tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'now' } }] } } },
      { tools: [other], tool_choice: 'REQUIRED' }],
  ])('A13 choice: %s', (_, request, expected) => {
    const { model, messages, stream, ...rest } = sent({ tools: [TOOL, OTHER], ...request });
    expect(rest).toEqual(expected);
  });

  test('B8 no choice without tools', () => {
    expect(sent({ tool_choice: 'none' })).not.toHaveProperty('tool_choice');
    expect(sent({ tools: [], tool_choice: 'required' })).not.toHaveProperty('tool_choice');
    expect(droppedBy({ tool_choice: 'required' })).toEqual(['tool_choice']);
  });

  test('strict is of all of them, or lost with a signal', () => {
    expect(sent({ tools: [strict(TOOL), strict(OTHER)] }).strict_tools).toBe(true);
    expect(sent({ tools: [strict(TOOL), OTHER] })).not.toHaveProperty('strict_tools');
    expect(droppedBy({ tools: [strict(TOOL), OTHER], parallel_tool_calls: false })).toEqual(['parallel_tool_calls', 'tools[].function.strict']);
  });

  test('what names no tool, or names one twice, is a 400', () => {
    expect(refusal({ tools: [TOOL], tool_choice: { type: 'function', function: { name: 'x' } } })).toMatchObject({ status: 400, param: 'tool_choice' });
    expect(refusal({ tools: [TOOL, TOOL] })).toMatchObject({ status: 400, param: 'tools[1].function.name' });
    expect(refusal({ tools: [{ type: 'custom', custom: { name: 'x' } }] })).toMatchObject({ status: 400, code: 'unsupported_parameter' });
  });

  test('B10 names with other characters, in tools and in the history', () => {
    const call = { role: 'assistant', tool_calls: [{ id: 'id.1', type: 'function', function: { name: 'a.b c', arguments: '{}' } }] };
    const body = sent({
      messages: [{ role: 'user', content: 'Hi' }, call, { role: 'tool', tool_call_id: 'id.1', content: 'ok' }], tools: [{ type: 'function', function: { name: 'a.b c' } }],
    });
    expect(body.tools?.[0].function?.name).toBe('a_b_c');
    expect(body.messages[1]).toMatchObject({ tool_calls: [{ id: 'id.1', function: { name: 'a_b_c' } }] });
  });
});
