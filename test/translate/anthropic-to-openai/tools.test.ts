import { droppedBy, EVENT_STREAM, messageOf, messages, refusal, sent, sse } from './messages';
import { anthropicToBedrockMessages } from '../../../src/translate/anthropic-to-bedrock/translator';
import { replay, textOf } from '../replay';

const LOOK = { name: 'look', description: 'Looks.', input_schema: { type: 'object', properties: { a: { type: 'number' } } } };
const LOOK_FUNCTION = { type: 'function', function: { name: 'look', description: 'Looks.', parameters: LOOK.input_schema } };

test('tools become functions', () => {
  expect(sent({ tools: [LOOK, { ...LOOK, type: 'custom', name: 'b', description: '' }] }).tools).toEqual([LOOK_FUNCTION, { type: 'function', function: { name: 'b', parameters: LOOK.input_schema } }]);
});

test('strict goes along with a schema that OpenAI takes it with, and is a stated loss with another', () => {
  const closed = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'], additionalProperties: false };
  const strict = (schema: object) => ({ tools: [{ name: 'look', input_schema: schema, strict: true }] });
  expect(sent(strict(closed)).tools).toEqual([{ type: 'function', function: { name: 'look', parameters: closed, strict: true } }]);
  expect(droppedBy(strict(closed))).toEqual([]);
  // Claude keeps to optional properties as well.
  for (const schema of [{ ...closed, required: [] }, { type: 'object', properties: { a: { type: 'object', properties: { b: {} } } }, required: ['a'], additionalProperties: false }]) {
    expect(sent(strict(schema)).tools).toEqual([{ type: 'function', function: { name: 'look', parameters: schema } }]);
    expect(droppedBy(strict(schema))).toEqual(['tools[].strict']);
  }
  expect(droppedBy({ tools: [{ ...LOOK, strict: false }] })).toEqual([]);
});

test.each([{ type: 'object' }, { type: 'object', properties: null }])('an object without properties has none: OpenAI refuses %j', (schema) => {
  expect(sent({ tools: [{ name: 'look', input_schema: schema }] }).tools).toEqual([{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } }]);
});

test('strict is left out where OpenAI would refuse the schema for it, and that is said; Claude elsewhere takes it', () => {
  const optional = { ...LOOK, input_schema: { ...LOOK.input_schema, additionalProperties: false }, strict: true };
  expect(sent({ tools: [optional] }).tools).toEqual([{ type: 'function', function: { ...LOOK_FUNCTION.function, parameters: optional.input_schema } }]);
  expect(droppedBy({ tools: [optional] })).toEqual(['tools[].strict']);
  const claude = { model: 'anthropic.claude-sonnet-4-6-v1:0', tools: [optional] };
  expect(JSON.parse(textOf(messages(claude, {}, anthropicToBedrockMessages).body!))).toMatchObject({ toolConfig: { tools: [{ toolSpec: { strict: true } }] } });
  expect(droppedBy(claude, {}, anthropicToBedrockMessages)).toEqual([]);
});

test('C7 no tools in, none out, nor a choice among them', () => {
  for (const tools of [undefined, null, []]) {
    const body = sent({ tools, tool_choice: { type: 'auto', disable_parallel_tool_use: true } });
    expect([body.tools, body.tool_choice, body.parallel_tool_calls]).toEqual([undefined, undefined, undefined]);
  }
  expect(droppedBy({ tool_choice: { type: 'any' } })).toEqual(['tool_choice']);
});

test.each([
  [{ type: 'auto' }, 'auto'], [{ type: 'any' }, 'required'], [{ type: 'none' }, 'none'],
  [{ type: 'tool', name: 'look' }, { type: 'function', function: { name: 'look' } }],
])('C12 tool_choice %j', (choice, expected) => {
  const body = sent({ tools: [LOOK], tool_choice: choice });
  expect([body.tool_choice, body.parallel_tool_calls]).toEqual([expected, undefined]);
  expect(sent({ tools: [LOOK], tool_choice: { ...choice, disable_parallel_tool_use: true } }).parallel_tool_calls).toBe(false);
});

test.each([
  ['a tool of Anthropic\'s own', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, 'unsupported_parameter', 'tools[0]'],
  ['a choice that is no tool', { tools: [LOOK], tool_choice: { type: 'tool', name: 'x' } }, 'invalid_value', 'tool_choice.name'],
  ['a name twice', { tools: [LOOK, LOOK] }, 'invalid_value', 'tools[1].name'],
  ['no schema', { tools: [{ name: 'a' }] }, 'missing_required_parameter', 'tools[0].input_schema'],
])('%s is a 400', (_, request, code, param) => {
  expect(refusal(request)).toMatchObject({ status: 400, code, param });
});

test('hints that nobody else knows are left out, and that is said', () => {
  const hints = { defer_loading: true, eager_input_streaming: false, input_examples: [{ a: 1 }], allowed_callers: ['code_execution_20260521'] };
  expect(sent({ tools: [{ ...LOOK, ...hints }] }).tools).toEqual([LOOK_FUNCTION]);
  expect(droppedBy({ tools: [{ ...LOOK, ...hints }] })).toEqual(['tools[].defer_loading', 'tools[].input_examples', 'tools[].allowed_callers']);
  expect(droppedBy({ tools: [{ ...LOOK, allowed_callers: ['direct'] }] })).toEqual([]);
});

test('names above 64 characters are changed on the way, also in the history, and restored in the answer', () => {
  const long = `mcp__${'server'.repeat(12)}__tool`;
  const request = {
    stream: true,
    tools: [{ name: long, input_schema: { type: 'object' } }],
    tool_choice: { type: 'tool', name: long },
    messages: [
      { role: 'assistant', content: [{ type: 'tool_use', id: '1', name: long, input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: '1', content: 'ok' }] },
    ],
  };
  const body = sent(request);
  const [{ function: { name } }] = body.tools as Array<{ function: { name: string } }>;
  expect(name.length).toBeLessThanOrEqual(64);
  expect([body.tool_choice, body.messages[0].tool_calls]).toMatchObject([{ function: { name } }, [{ function: { name } }]]);
  const answer = sse([{ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: '2', function: { name, arguments: '{}' } }] }, finish_reason: 'tool_calls' }] }]);
  expect(messageOf(replay(messages(request).response, 200, EVENT_STREAM, [answer]).text).content).toMatchObject([{ type: 'tool_use', id: '2', name: long }]);
});
