import { createHash } from 'crypto';
import * as fc from 'fast-check';
import { chat, CLAUDE_45, droppedBy, JSON_TYPE, LLAMA, refusal, sent } from './converse';
import { crc32 } from '../../../src/translate/crc32';
import { RestrictedNames } from '../../../src/translate/request/restricted-names';
import { bytesOf, replay } from '../replay';

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tool = (name: string, more: object = {}) => ({ type: 'function', function: { name, parameters: SCHEMA, ...more } });
const spec = (name: string) => ({ toolSpec: { name, inputSchema: { json: SCHEMA } } });
const TOOLS = [tool('a'), tool('b')];
const SPECS = [spec('a'), spec('b')];
const choose = (name: string) => ({ type: 'function', function: { name } });
const history = (...names: readonly string[]) => [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: null, tool_calls: names.map((name, index) => ({ id: `call_${index}`, type: 'function', function: { name, arguments: '{}' } })) },
  ...names.map((_, index) => ({ role: 'tool', tool_call_id: `call_${index}`, content: 'x' })),
];
const stub = (name: string) => ({ toolSpec: { name, description: 'No longer available. Do not call it.', inputSchema: { json: { type: 'object', properties: {} } } } });

test('functions are toolSpecs', () => {
  expect(sent({ tools: [tool('a', { description: 'Says a.' }), { type: 'function', function: { name: 'b' } }] }).toolConfig).toEqual({
    tools: [
      { toolSpec: { name: 'a', description: 'Says a.', inputSchema: { json: SCHEMA } } },
      { toolSpec: { name: 'b', inputSchema: { json: { type: 'object', properties: {} } } } },
    ],
  });
});

test('a schema without a type is an object\'s', () => {
  const { toolConfig } = sent({ tools: [{ type: 'function', function: { name: 'a', parameters: { properties: {}, $defs: { x: { type: 'string' } } } } }] });
  expect(toolConfig?.tools).toEqual([{ toolSpec: { name: 'a', inputSchema: { json: { type: 'object', properties: {}, $defs: { x: { type: 'string' } } } } } }]);
});

test.each(['anthropic.claude-sonnet-5-5', 'global.anthropic.claude-opus-5-5-v1'])('%s cannot be made to call a tool, which is refused, or auto under Lenient', (model) => {
  for (const choice of ['required', choose('a')]) {
    expect(refusal({ model, tools: TOOLS, tool_choice: choice })).toMatchObject({ status: 400, param: 'tool_choice', code: 'unsupported_parameter' });
    const lenient = { model, tools: TOOLS, tool_choice: choice };
    expect(sent(lenient, { unsupportedParameters: 'Lenient' }).toolConfig).toEqual({ tools: SPECS, toolChoice: { auto: {} } });
    expect(droppedBy(lenient, { unsupportedParameters: 'Lenient' })).toEqual(['tool_choice']);
  }
  expect(sent({ model: CLAUDE_45, tools: TOOLS, tool_choice: 'required' }).toolConfig?.toolChoice).toEqual({ any: {} });
});

describe('strict', () => {
  test('goes to models that keep to it', () => {
    expect(sent({ model: CLAUDE_45, tools: [tool('a', { strict: true })] }).toolConfig?.tools).toEqual([
      { toolSpec: { name: 'a', inputSchema: { json: { ...SCHEMA, additionalProperties: false } }, strict: true } },
    ]);
  });

  test('keeps to what Claude takes of a schema, others go as they are', () => {
    const parameters = { type: 'object', properties: { n: { type: 'integer', minimum: 1 } } };
    const closed = { type: 'object', properties: { n: { type: 'integer', description: '{"minimum":1}' } }, additionalProperties: false };
    expect(sent({ model: CLAUDE_45, tools: [tool('a', { strict: true, parameters })] }).toolConfig?.tools).toEqual([{ toolSpec: { name: 'a', inputSchema: { json: closed }, strict: true } }]);
    expect(droppedBy({ model: CLAUDE_45, tools: [tool('a', { strict: true, parameters })] })).toEqual(['tools[].function.parameters']);
    expect(sent({ model: CLAUDE_45, tools: [tool('a', { parameters })] }).toolConfig?.tools).toEqual([{ toolSpec: { name: 'a', inputSchema: { json: parameters } } }]);
  });

  test('is a stated loss for others, and no loss when it is false', () => {
    expect(sent({ tools: [tool('a', { strict: true })] }).toolConfig?.tools).toEqual([spec('a')]);
    expect(droppedBy({ tools: [tool('a', { strict: true })] })).toEqual(['tools[].function.strict']);
    expect(droppedBy({ tools: [tool('a', { strict: false })] })).toEqual([]);
  });
});

describe('tool_choice', () => {
  test.each<[unknown, unknown]>([
    [undefined, undefined], [null, undefined], ['auto', { auto: {} }], ['required', { any: {} }], [choose('b'), { tool: { name: 'b' } }],
  ])('%j', (choice, toolChoice) => {
    expect(sent({ tools: TOOLS, tool_choice: choice }).toolConfig).toEqual({ tools: SPECS, ...toolChoice !== undefined && { toolChoice } });
  });

  test('none sends no tools', () => {
    const request = chat({ tools: TOOLS, tool_choice: 'none' });
    expect(sent({ tools: TOOLS, tool_choice: 'none' }).toolConfig).toBeUndefined();
    expect(request.dropped).toEqual([]);
  });

  test('B9 none keeps toolConfig where the history has calls, which is a stated loss', () => {
    const request = { messages: history('a'), tools: TOOLS, tool_choice: 'none' };
    expect(sent(request).toolConfig).toEqual({ tools: SPECS });
    expect(droppedBy(request)).toEqual(['tool_choice']);
  });

  test.each([['auto', { auto: {} }], ['required', { any: {} }]])('allowed_tools in mode %s sends those tools alone', (mode, toolChoice) => {
    const choice = { type: 'allowed_tools', allowed_tools: { mode, tools: [choose('b')] } };
    expect(sent({ tools: TOOLS, tool_choice: choice }).toolConfig).toEqual({ tools: [spec('b')], toolChoice });
  });

  test.each<[unknown, string, string]>([
    ['any', 'tool_choice', 'invalid_value'],
    [5, 'tool_choice', 'invalid_type'],
    [choose('c'), 'tool_choice', 'invalid_value'],
    [choose(''), 'tool_choice.function.name', 'invalid_value'],
    [{ type: 'function' }, 'tool_choice.function', 'missing_required_parameter'],
    [{ type: 'custom', custom: { name: 'a' } }, 'tool_choice', 'unsupported_parameter'],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'never', tools: [choose('a')] } }, 'tool_choice.allowed_tools.mode', 'invalid_value'],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'custom' }] } }, 'tool_choice.allowed_tools.tools[0].type', 'invalid_value'],
  ])('%j is refused', (choice, param, code) => {
    expect(refusal({ tools: TOOLS, tool_choice: choice })).toMatchObject({ status: 400, param, code });
  });
});

describe('without tools', () => {
  test.each([['none'], ['auto'], ['required']])('B8 neither tool_choice %s nor parallel_tool_calls is sent', (choice) => {
    for (const tools of [undefined, []]) {
      const body = sent({ model: CLAUDE_45, tools, tool_choice: choice, parallel_tool_calls: false });
      expect(Object.keys(body)).toEqual(['messages']);
    }
    expect(droppedBy({ tool_choice: choice })).toEqual(choice === 'required' ? ['tool_choice'] : []);
  });

  test('B7 a history with calls gets a stub for each of their names', () => {
    expect(sent({ messages: history('a', 'b', 'a') }).toolConfig).toEqual({ tools: [stub('a'), stub('b')] });
    expect(sent({ messages: history('a'), tools: [], tool_choice: 'none', parallel_tool_calls: false }).toolConfig).toEqual({ tools: [stub('a')] });
  });
});

describe('parallel_tool_calls', () => {
  test('false goes to Claude 4.5 and later, in Claude\'s own words', () => {
    for (const choice of [undefined, 'auto']) {
      expect(sent({ model: CLAUDE_45, tools: TOOLS, tool_choice: choice, parallel_tool_calls: false })).toMatchObject({
        toolConfig: { tools: SPECS }, additionalModelRequestFields: { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
      });
    }
    expect(sent({ model: CLAUDE_45, tools: TOOLS, tool_choice: 'auto', parallel_tool_calls: false }).toolConfig).not.toHaveProperty('toolChoice');
  });

  test.each([[LLAMA, 'auto'], [CLAUDE_45, 'required']])('false is a stated loss for %s with tool_choice %s', (model, choice) => {
    const request = { model, tools: TOOLS, tool_choice: choice, parallel_tool_calls: false };
    expect(sent(request).additionalModelRequestFields).toBeUndefined();
    expect(droppedBy(request)).toEqual(['parallel_tool_calls']);
    expect(refusal(request, { unsupportedParameters: 'Strict' })).toMatchObject({ param: 'parallel_tool_calls' });
  });

  test('true is what models do anyway', () => {
    expect(droppedBy({ tools: TOOLS, parallel_tool_calls: true }, { unsupportedParameters: 'Strict' })).toEqual([]);
  });
});

describe('names', () => {
  test('B10 of characters that Converse does not take are changed, the same in tools, choice and history, and restored in the answer', () => {
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
    expect(body.toolConfig?.tools.map((one) => 'toolSpec' in one && one.toolSpec?.name)).toEqual(['a_b_c', 'a_b', expect.stringMatching(/^a_b_[0-9a-f]{8}$/)]);
    expect(body.toolConfig?.toolChoice).toEqual({ tool: { name: 'a_b_c' } });
    expect(body.messages[1].content).toEqual([{ toolUse: { toolUseId: 'functions_a_0', name: 'a_b_c', input: {} } }]);
    expect(body.messages[2].content).toMatchObject([{ toolResult: { toolUseId: 'functions_a_0' } }]);
    const answer = { output: { message: { role: 'assistant', content: [{ toolUse: { toolUseId: 'tooluse_1', name: 'a_b_c', input: {} } }] } }, stopReason: 'tool_use' };
    expect(replay(chat(request).response, 200, JSON_TYPE, [bytesOf(JSON.stringify(answer))]).text)
      .toContain('{"id":"tooluse_1","type":"function","function":{"name":"a.b c","arguments":"{}"}}');
  });

  test('B10 any names and ids: allowed, no two alike, each restored, whatever their order', () => {
    const alike = fc.string({ minLength: 1, unit: fc.constantFrom('a', '_', '.', ' ') });
    const long = fc.string({ minLength: 60, maxLength: 90, unit: fc.constantFrom('a', '-', '.') });
    const name = fc.oneof(fc.string({ minLength: 1, unit: 'binary' }), alike, long);
    fc.assert(fc.property(fc.array(name, { maxLength: 12 }), (all) => {
      const originals = [...new Set(all)];
      const names = new RestrictedNames(all);
      const restricted = originals.map((original) => names.restricted(original));
      expect(restricted.filter((one) => !/^[a-zA-Z0-9_-]{1,64}$/.test(one))).toEqual([]);
      expect(new Set(restricted).size).toBe(originals.length);
      expect(restricted.map((one) => names.original(one))).toEqual(originals);
      const reversed = new RestrictedNames([...all].reverse());
      expect(originals.map((original) => reversed.restricted(original))).toEqual(restricted);
      expect(originals.filter((original) => /^[a-zA-Z0-9_-]{1,64}$/.test(original) && names.restricted(original) !== original)).toEqual([]);
    }), { numRuns: 300 });
  });

  test('B10 names of the same checksum', () => {
    // GIVEN names that all become the same underscores, so that chance gives some of them the same checksum as well
    const originals = Array.from({ length: 200_000 }, (_, index) => Array.from(createHash('sha256').update(String(index)).digest(), (byte) => '. !?'[byte % 4]).join(''));
    const checksums = originals.map((original) => crc32(bytesOf(original), 0, original.length));
    expect(new Set(checksums).size).toBeLessThan(checksums.length);
    // WHEN
    const names = new RestrictedNames(originals);
    // THEN
    expect(new Set(originals.map((original) => names.restricted(original))).size).toBe(originals.length);
    expect(originals.filter((original) => names.original(names.restricted(original)) !== original)).toEqual([]);
  });

  test('a name that the model made up comes back as it is', () => {
    expect(new RestrictedNames(['a.b']).original('other')).toBe('other');
  });

  test('B11 an empty name is refused, an empty description is not sent', () => {
    expect(refusal({ tools: [tool('')] })).toMatchObject({ status: 400, code: 'invalid_value', param: 'tools[0].function.name' });
    for (const description of ['', ' ', null]) {
      expect(sent({ tools: [tool('a', { description })] }).toolConfig?.tools).toEqual([spec('a')]);
    }
    expect(sent({ tools: [tool(' ')] }).toolConfig?.tools).toEqual([spec('_')]);
  });

  test('two tools of one name are refused', () => {
    expect(refusal({ tools: [tool('a'), tool('a')] })).toMatchObject({ status: 400, param: 'tools[1].function.name' });
  });
});

describe('tools other than functions', () => {
  const CUSTOM = { type: 'custom', custom: { name: 'run' } };

  test.each(['Strict', 'Safe'] as const)('are refused under %s', (unsupportedParameters) => {
    expect(refusal({ tools: [tool('a'), CUSTOM] }, { unsupportedParameters })).toMatchObject({ code: 'unsupported_parameter', param: 'tools[1]' });
  });

  test('are left out under Lenient', () => {
    expect(sent({ tools: [tool('a'), CUSTOM] }, { unsupportedParameters: 'Lenient' }).toolConfig).toEqual({ tools: [spec('a')] });
    expect(droppedBy({ tools: [tool('a'), CUSTOM], tool_choice: { type: 'custom', custom: { name: 'run' } } }, { unsupportedParameters: 'Lenient' }))
      .toEqual(['tools[]', 'tool_choice']);
  });
});

test.each<[unknown, string, string]>([
  [{}, 'tools', 'invalid_type'],
  [['a'], 'tools[0]', 'invalid_type'],
  [[{ function: { name: 'a' } }], 'tools[0].type', 'missing_required_parameter'],
  [[{ type: 'function' }], 'tools[0].function', 'missing_required_parameter'],
  [[{ type: 'function', function: {} }], 'tools[0].function.name', 'missing_required_parameter'],
  [[tool('a', { parameters: [] })], 'tools[0].function.parameters', 'invalid_type'],
  [[tool('a', { description: 5 })], 'tools[0].function.description', 'invalid_type'],
  [[tool('a', { strict: 'yes' })], 'tools[0].function.strict', 'invalid_type'],
])('tools of a bad shape are refused: %j', (tools, param, code) => {
  expect(refusal({ tools })).toMatchObject({ status: 400, param, code });
});
