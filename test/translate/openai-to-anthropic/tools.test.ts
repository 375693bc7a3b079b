import { answered, chat, droppedBy, OLD, OPUS_5, OPUS_55, refusal, sent, SONNET_45, SONNET_55 } from './claude';

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tool = (name: string, more: object = {}) => ({ type: 'function', function: { name, parameters: SCHEMA, ...more } });
const spec = (name: string) => ({ name, input_schema: SCHEMA });
const TOOLS = [tool('a'), tool('b')];
const SPECS = [spec('a'), spec('b')];
const choose = (name: string) => ({ type: 'function', function: { name } });
const history = (...names: readonly string[]) => [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: null, tool_calls: names.map((name, index) => ({ id: `call_${index}`, type: 'function', function: { name, arguments: '{}' } })) },
  ...names.map((_, index) => ({ role: 'tool', tool_call_id: `call_${index}`, content: 'x' })),
];
const stub = (name: string) => ({ name, description: 'No longer available. Do not call it.', input_schema: { type: 'object', properties: {} } });
const SEARCH = { type: 'web_search_20260209', name: 'web_search', max_uses: 3, allowed_domains: ['example.com'] };

test('functions', () => {
  const tools = [tool('a', { description: 'Says a.' }), { type: 'function', function: { name: 'b', description: ' ' } }, tool('c', { parameters: { properties: {}, $defs: {} } })];
  expect(sent({ tools }).tools).toEqual([
    { name: 'a', description: 'Says a.', input_schema: SCHEMA },
    { name: 'b', input_schema: { type: 'object', properties: {} } },
    { name: 'c', input_schema: { type: 'object', properties: {}, $defs: {} } },
  ]);
});

test('strict goes to models that keep to it, and is a stated loss for others', () => {
  const tools = [tool('a', { strict: true })];
  expect(sent({ tools }).tools).toEqual([{ name: 'a', input_schema: { ...SCHEMA, additionalProperties: false }, strict: true }]);
  expect(sent({ model: OLD, tools }).tools).toEqual([spec('a')]);
  expect(droppedBy({ model: OLD, tools })).toEqual(['tools[].function.strict']);
  expect(droppedBy({ model: OLD, tools: [tool('a', { strict: false })] })).toEqual([]);
});

test('a strict schema keeps to what Claude takes of one, others go as they are', () => {
  const parameters = { type: 'object', properties: { n: { type: 'integer', minimum: 1 } } };
  expect(sent({ tools: [tool('a', { strict: true, parameters })] }).tools).toEqual([
    { name: 'a', input_schema: { type: 'object', properties: { n: { type: 'integer', description: '{"minimum":1}' } }, additionalProperties: false }, strict: true },
  ]);
  expect(droppedBy({ tools: [tool('a', { strict: true, parameters })] })).toEqual(['tools[].function.parameters']);
  expect(sent({ tools: [tool('a', { parameters })] }).tools).toEqual([{ name: 'a', input_schema: parameters }]);
  expect(sent({ tools: [tool('a', { strict: true, parameters: undefined })] }).tools)
    .toEqual([{ name: 'a', input_schema: { type: 'object', properties: {}, additionalProperties: false }, strict: true }]);
});

describe('tool_choice', () => {
  test.each<[unknown, unknown]>([
    [undefined, undefined], [null, undefined], ['auto', { type: 'auto' }], ['required', { type: 'any' }], ['none', { type: 'none' }],
    [choose('b'), { type: 'tool', name: 'b' }],
  ])('A13 %j', (choice, toolChoice) => {
    expect(sent({ tools: TOOLS, tool_choice: choice })).toMatchObject({ tools: SPECS, ...toolChoice !== undefined && { tool_choice: toolChoice } });
    expect('tool_choice' in sent({ tools: TOOLS, tool_choice: choice })).toBe(toolChoice !== undefined);
    expect(droppedBy({ tools: TOOLS, tool_choice: choice }, { unsupportedParameters: 'Strict' })).toEqual([]);
  });

  test.each<[unknown, object]>([
    [undefined, { type: 'auto', disable_parallel_tool_use: true }], ['auto', { type: 'auto', disable_parallel_tool_use: true }],
    ['required', { type: 'any', disable_parallel_tool_use: true }], [choose('a'), { type: 'tool', name: 'a', disable_parallel_tool_use: true }],
    ['none', { type: 'none' }],
  ])('A15 %j without parallel calls', (choice, toolChoice) => {
    expect(sent({ tools: TOOLS, tool_choice: choice, parallel_tool_calls: false }).tool_choice).toEqual(toolChoice);
  });

  test('parallel calls are what Claude does anyway', () => {
    expect(sent({ tools: TOOLS, parallel_tool_calls: true }).tool_choice).toBeUndefined();
  });

  test.each([['auto', { type: 'auto' }], ['required', { type: 'any' }]])('allowed_tools in mode %s sends those tools alone', (mode, toolChoice) => {
    const choice = { type: 'allowed_tools', allowed_tools: { mode, tools: [choose('b')] } };
    expect(sent({ tools: [...TOOLS, SEARCH], tool_choice: choice })).toMatchObject({ tools: [spec('b')], tool_choice: toolChoice });
  });

  test.each([SONNET_55, OPUS_55, 'claude-fable-5-1', 'anthropic.claude-mythos-5-1'])('%s cannot be made to call a tool, which is refused, or auto under Lenient', (model) => {
    for (const choice of ['required', choose('a')]) {
      expect(refusal({ model, tools: TOOLS, tool_choice: choice })).toMatchObject({ status: 400, param: 'tool_choice', code: 'unsupported_parameter' });
      expect(sent({ model, tools: TOOLS, tool_choice: choice }, { unsupportedParameters: 'Lenient' }).tool_choice).toEqual({ type: 'auto' });
    }
    expect(sent({ model, tools: TOOLS, tool_choice: 'auto' }).tool_choice).toEqual({ type: 'auto' });
    expect(sent({ model: OPUS_5, tools: TOOLS, tool_choice: 'required' }).tool_choice).toEqual({ type: 'any' });
  });

  test.each<[unknown, string, string]>([
    ['any', 'tool_choice', 'invalid_value'],
    [5, 'tool_choice', 'invalid_type'],
    [choose('c'), 'tool_choice', 'invalid_value'],
    [choose(''), 'tool_choice.function.name', 'invalid_value'],
    [{ type: 'custom', custom: { name: 'a' } }, 'tool_choice', 'unsupported_parameter'],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'never', tools: [choose('a')] } }, 'tool_choice.allowed_tools.mode', 'invalid_value'],
  ])('%j is refused', (choice, param, code) => {
    expect(refusal({ tools: TOOLS, tool_choice: choice })).toMatchObject({ status: 400, param, code });
  });
});

describe('without tools', () => {
  test.each([['none'], ['auto'], ['required']])('neither tool_choice %s nor parallel_tool_calls is sent', (choice) => {
    for (const tools of [undefined, []]) {
      expect(Object.keys(sent({ tools, tool_choice: choice, parallel_tool_calls: false }))).toEqual(['model', 'max_tokens', 'messages']);
    }
    expect(droppedBy({ tool_choice: choice })).toEqual(choice === 'required' ? ['tool_choice'] : []);
  });

  test('a history with calls gets a stub for each of their names, none of which the model may call', () => {
    expect(sent({ messages: history('a', 'b', 'a') })).toMatchObject({ tools: [stub('a'), stub('b')], tool_choice: { type: 'none' } });
    expect(sent({ messages: history('a'), tools: [], tool_choice: 'auto', parallel_tool_calls: false })).toMatchObject({ tools: [stub('a')], tool_choice: { type: 'none' } });
  });
});

describe('names and ids', () => {
  test('that Claude does not take are changed, the same in tools, choice and history, and restored in the answer', () => {
    // GIVEN
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', tool_calls: [{ id: 'functions.a:0', type: 'function', function: { name: 'a.b c', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'functions.a:0', content: 'x' },
    ];
    const request = { messages, tools: [tool('a.b c'), tool('a_b'), tool('a b')], tool_choice: choose('a.b c') };
    // WHEN
    const body = sent(request);
    // THEN
    expect(body.tools?.map((one) => 'name' in one && one.name)).toEqual(['a_b_c', 'a_b', expect.stringMatching(/^a_b_[0-9a-f]{8}$/)]);
    expect(body.tool_choice).toEqual({ type: 'tool', name: 'a_b_c' });
    expect(body.messages[1].content).toEqual([{ type: 'tool_use', id: 'functions_a_0', name: 'a_b_c', input: {} }]);
    expect(body.messages[2].content).toMatchObject([{ tool_use_id: 'functions_a_0' }]);
    const answer = { type: 'message', content: [{ type: 'tool_use', id: 'toolu_1', name: 'a_b_c', input: {} }], stop_reason: 'tool_use' };
    expect(answered(answer, request).text).toContain('{"id":"toolu_1","type":"function","function":{"name":"a.b c","arguments":"{}"}}');
  });

  test('an empty name and two tools of one name are refused', () => {
    expect(refusal({ tools: [tool('')] })).toMatchObject({ status: 400, code: 'invalid_value', param: 'tools[0].function.name' });
    expect(refusal({ tools: [tool('a'), tool('a')] })).toMatchObject({ status: 400, param: 'tools[1].function.name' });
    expect(refusal({ tools: [tool('web_search'), SEARCH] })).toMatchObject({ status: 400, param: 'tools[1].name' });
  });
});

describe('tools other than functions', () => {
  test.each([SEARCH, { type: 'web_search_20250305', name: 'web_search' }, { type: 'bash_20250124', name: 'bash' }, { type: 'browser_toolset_20260801' }])(
    'A27 Anthropic\'s own %j is sent as it is', (own) => {
      expect(sent({ tools: [tool('a'), own] }).tools).toEqual([spec('a'), own]);
      expect(droppedBy({ tools: [own] }, { unsupportedParameters: 'Strict' })).toEqual([]);
    });

  test.each([{ type: 'custom', custom: { name: 'run' } }, { type: 'web_search' }, { type: 'web_search_preview' }])('A27 %j is refused, and never stripped in silence', (other) => {
    for (const unsupportedParameters of ['Strict', 'Safe'] as const) {
      expect(refusal({ tools: [tool('a'), other] }, { unsupportedParameters })).toMatchObject({ code: 'unsupported_parameter', param: 'tools[1]' });
    }
    expect(sent({ tools: [tool('a'), other] }, { unsupportedParameters: 'Lenient' }).tools).toEqual([spec('a')]);
    expect(droppedBy({ tools: [tool('a'), other] }, { unsupportedParameters: 'Lenient' })).toEqual(['tools[]']);
  });
});

describe('web_search_options', () => {
  const location = { type: 'approximate', approximate: { city: 'Paris', country: 'FR', timezone: 'Europe/Paris' } };
  const model = { Anthropic: SONNET_45, GCPAnthropic: 'claude-sonnet-4-5@20250929' };

  test.each(['Anthropic', 'GCPAnthropic'] as const)('A27 is the web search tool on %s', (host) => {
    const request = { model: model[host], tools: [tool('a')] };
    expect(sent({ ...request, web_search_options: { search_context_size: 'medium', user_location: location } }, { host, unsupportedParameters: 'Strict' }).tools).toEqual([
      spec('a'), { type: 'web_search_20250305', name: 'web_search', user_location: { type: 'approximate', city: 'Paris', country: 'FR', timezone: 'Europe/Paris' } },
    ]);
    expect(sent({ model: model[host], web_search_options: {} }, { host }).tools).toEqual([{ type: 'web_search_20250305', name: 'web_search' }]);
  });

  test('a search tool among the tools wins, which is a stated loss; a function of its name is refused', () => {
    expect(sent({ tools: [SEARCH], web_search_options: {} }).tools).toEqual([SEARCH]);
    expect(droppedBy({ tools: [SEARCH], web_search_options: {} })).toEqual(['web_search_options']);
    expect(refusal({ tools: [tool('web_search')], web_search_options: {} })).toMatchObject({ status: 400, param: 'web_search_options' });
  });

  test('its context size has no effect, which is a stated loss', () => {
    expect(droppedBy({ web_search_options: { search_context_size: 'high' } })).toEqual(['web_search_options.search_context_size']);
  });

  test('A27 is refused on Bedrock, which does not search', () => {
    expect(refusal({ web_search_options: {} }, { host: 'AWSAnthropic' })).toMatchObject({ code: 'unsupported_parameter', param: 'web_search_options' });
    expect(sent({ web_search_options: {} }, { host: 'AWSAnthropic', unsupportedParameters: 'Lenient' }).tools).toBeUndefined();
  });

  test.each<[unknown, string]>([
    [5, ''], [{ search_context_size: 'huge' }, '.search_context_size'], [{ user_location: { type: 'exact' } }, '.user_location.type'],
    [{ user_location: { type: 'approximate' } }, '.user_location.approximate'], [{ user_location: { type: 'approximate', approximate: { city: 5 } } }, '.user_location.approximate.city'],
  ])('%j is refused', (options, param) => {
    expect(refusal({ web_search_options: options })).toMatchObject({ status: 400, param: `web_search_options${param}` });
  });
});

test.each<[unknown, string, string]>([
  [{}, 'tools', 'invalid_type'],
  [['a'], 'tools[0]', 'invalid_type'],
  [[{ function: { name: 'a' } }], 'tools[0].type', 'missing_required_parameter'],
  [[{ type: 'function' }], 'tools[0].function', 'missing_required_parameter'],
  [[tool('a', { parameters: [] })], 'tools[0].function.parameters', 'invalid_type'],
  [[tool('a', { description: 5 })], 'tools[0].function.description', 'invalid_type'],
  [[tool('a', { strict: 'yes' })], 'tools[0].function.strict', 'invalid_type'],
])('tools of a bad shape are refused: %j', (tools, param, code) => {
  expect(refusal({ tools })).toMatchObject({ status: 400, param, code });
  expect(() => chat({ tools })).toThrow();
});
