import { call, calling, candidate, completion, deltasOf, droppedBy, FLASH_20, FLASH_25, plain, refusal, result, sent, sse, streamed, user } from './gemini';
import { FunctionNames } from '../../../src/translate/gemini/function-names';

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tool = (name: string, more: object = { parameters: SCHEMA }) => ({ type: 'function', function: { name, ...more } });
const declared = (request: object) => sent(request).tools?.[0].functionDeclarations;
const config = (choice: unknown, tools: readonly object[] = [tool('a'), tool('b')]) => sent({ tools, tool_choice: choice }).toolConfig?.functionCallingConfig;

test('functions are declarations, with JSON Schema from 2.5 on and OpenAPI\'s schema before', () => {
  const tools = [tool('get_weather', { description: 'Weather', parameters: SCHEMA })];
  expect(declared({ model: FLASH_25, tools })).toEqual([{ name: 'get_weather', description: 'Weather', parametersJsonSchema: SCHEMA }]);
  expect(declared({ model: FLASH_20, tools }))
    .toEqual([{ name: 'get_weather', description: 'Weather', parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } }, required: ['city'] } }]);
});

test.each<[object]>([
  [{}], [{ parameters: null }], [{ parameters: {} }], [{ parameters: { type: 'object' } }], [{ parameters: { type: 'object', properties: {} } }],
  [{ parameters: { type: 'object', properties: {}, additionalProperties: false } }], [{ parameters: { $schema: 'x', type: 'object', required: [] } }],
])('V7 a tool with %j has no schema', (definition) => {
  for (const model of [FLASH_20, FLASH_25]) {
    expect(declared({ model, tools: [tool('now', definition)] })).toEqual([{ name: 'now' }]);
    expect(droppedBy({ model, tools: [tool('now', definition)] })).toEqual([]);
  }
});

test('a schema without its type is an object\'s', () => {
  expect(declared({ tools: [tool('f', { parameters: { properties: { a: { type: 'string' } } } })] }))
    .toEqual([{ name: 'f', parametersJsonSchema: { type: 'object', properties: { a: { type: 'string' } } } }]);
});

describe('tool_choice', () => {
  test.each<[unknown, unknown]>([
    [undefined, undefined], [null, undefined], ['auto', { mode: 'AUTO' }], ['none', { mode: 'NONE' }], ['required', { mode: 'ANY' }],
    [{ type: 'function', function: { name: 'b' } }, { mode: 'ANY', allowedFunctionNames: ['b'] }],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'b' } }] } }, { mode: 'ANY' }],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'b' } }] } }, { mode: 'AUTO' }],
  ])('%j is %j', (choice, expected) => {
    expect(config(choice)).toEqual(expected);
  });

  test('allowed_tools: only those are sent', () => {
    const choice = { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'b' } }] } };
    expect(declared({ tools: [tool('a'), tool('b')], tool_choice: choice })?.map(({ name }) => name)).toEqual(['b']);
  });

  test('of a function that there is not is refused', () => {
    expect(refusal({ tools: [tool('a')], tool_choice: { type: 'function', function: { name: 'x' } } })).toMatchObject({ param: 'tool_choice' });
  });

  test('without tools sends nothing', () => {
    for (const choice of ['auto', 'none']) {
      expect(sent({ tool_choice: choice })).toEqual(sent({}));
    }
    expect(droppedBy({ tool_choice: 'required', tools: [] })).toEqual(['tool_choice']);
  });

  test('of custom tools is refused', () => {
    expect(refusal({ tools: [tool('a')], tool_choice: { type: 'custom', custom: { name: 'x' } } })).toMatchObject({ code: 'unsupported_parameter', param: 'tool_choice' });
  });
});

test('tools of other kinds are refused, or left out under Lenient', () => {
  const tools = [{ type: 'custom', custom: { name: 'x' } }, tool('a')];
  expect(refusal({ tools })).toMatchObject({ code: 'unsupported_parameter', param: 'tools[0]' });
  expect(sent({ tools }, { unsupportedParameters: 'Lenient' }).tools?.[0].functionDeclarations).toHaveLength(1);
});

test('two tools of one name are refused, strict is dropped by name', () => {
  expect(refusal({ tools: [tool('a'), tool('a')] })).toMatchObject({ param: 'tools[1].function.name' });
  expect(droppedBy({ tools: [tool('a', { parameters: SCHEMA, strict: true })] })).toEqual(['tools[].function.strict']);
});

describe('names that Gemini does not take', () => {
  const names = ['a.b c', '3d', '-x', '_3d', 'ü', 'x'.repeat(80), 'ok'];

  test('are changed on the way, in tools, in the choice and in the history, and restored in the answer', () => {
    for (const name of names) {
      const tools = names.map((one) => tool(one));
      const choice = { type: 'function', function: { name } };
      const body = sent({ tools, tool_choice: choice, messages: [user('Hi'), calling(call('1', name)), result('1', 'x')] });
      const restricted = body.toolConfig?.functionCallingConfig.allowedFunctionNames?.[0];
      expect(body.contents[1].parts[0].functionCall?.name).toBe(restricted);
      expect(body.contents[2].parts[0].functionResponse?.name).toBe(restricted);
      const answer = candidate([{ functionCall: { name: restricted, args: {} } }], 'STOP');
      expect(completion(plain(answer, { tools })).choices[0].message.tool_calls?.[0].function).toEqual({ name, arguments: '{}' });
      expect(deltasOf(streamed([sse(answer)], { tools }).text)[0].tool_calls).toEqual([{ index: 0, id: 'call_1', type: 'function', function: { name, arguments: '{}' } }]);
    }
  });

  test('never meet, and come back', () => {
    const all = [...names, '__3d', '_-x', '--x', '', '1', '_1', '__1'];
    const functionNames = new FunctionNames(all);
    const restricted = all.map((name) => functionNames.restricted(name));
    expect(new Set(restricted).size).toBe(all.length);
    expect(restricted.every((name) => /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/.test(name))).toBe(true);
    expect(restricted.map((name) => functionNames.original(name))).toEqual(all);
    expect(functionNames.original('made_up')).toBe('made_up');
  });
});
