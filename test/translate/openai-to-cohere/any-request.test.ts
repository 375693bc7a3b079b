import * as fc from 'fast-check';
import { bodyOf, COMMAND } from './cohere';
import { openAiToCohereChat } from '../../../src/translate/openai-to-cohere/chat-translator';
import { RequestError } from '../../../src/translate/request-error';
import { translated } from '../replay';

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 2 });
const text = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('', ' ', '\n', 'Hi', '👋', '\ud800'));
const name = fc.constantFrom('a', 'a.b', 'a b', 'a_b', 'get_weather', 'x'.repeat(70), 'ü');
const mark = fc.constantFrom({}, {}, { cache_control: { type: 'ephemeral' } });
const textPart = fc.tuple(text, mark).map(([value, point]) => ({ type: 'text', text: value, ...point }));
const image = fc.constantFrom(
  { url: 'https://example.com/a.png' }, { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' }, { url: 'data:image/jpg;base64,/9j/' },
);
const imagePart = image.map((value) => ({ type: 'image_url', image_url: value }));
const filePart = fc.constant({ type: 'file', file: { filename: 'a.pdf', file_data: 'JVBERi0x' } });
const content = <T>(part: fc.Arbitrary<T>) => fc.oneof(text, fc.array(part, { maxLength: 4 }));
const userTurn = content(fc.oneof(textPart, textPart, textPart, imagePart, filePart)).map((value) => [{ role: 'user', content: value }]);
const systemTurn = fc.tuple(fc.constantFrom('system', 'developer'), content(textPart)).map(([role, value]) => [{ role, content: value }]);
const details = fc.constantFrom({ type: 'reasoning.text', text: 'Hm.', signature: 's', index: 0 }, { type: 'reasoning.encrypted', data: 'YQ==', index: 0 });
const answerTurn = fc.tuple(maybe(content(textPart)), maybe(text), maybe(fc.array(details, { maxLength: 2 })))
  .map(([value, reasoning, kept]) => [{ role: 'assistant', content: value, reasoning_content: reasoning, reasoning_details: kept }]);
const call = fc.tuple(name, fc.constantFrom('{}', '', '{"a":1}', '{"a":', '[]'), content(textPart));
/** Calls with a result for each of them, as OpenAI's API demands it. */
const toolTurn = fc.tuple(fc.array(call, { minLength: 1, maxLength: 3 }), maybe(text), fc.nat()).map(([calls, said, turn]) => [
  { role: 'assistant', content: said, tool_calls: calls.map(([called, args], index) => ({ id: `${turn}.${index}`, type: 'function', function: { name: called, arguments: args } })) },
  ...calls.map(([, , result], index) => ({ role: 'tool', tool_call_id: `${turn}.${index}`, content: result })),
]);
const messages = fc.array(fc.oneof(userTurn, userTurn, systemTurn, answerTurn, toolTurn), { maxLength: 8 }).map((turns) => [{ role: 'user', content: 'Hi' }, ...turns.flat()]);
const schema = fc.constantFrom({ type: 'object', properties: { a: { type: 'string' } } }, {}, { $defs: {}, properties: {} });
const definition = fc.record({ name, description: text, parameters: schema, strict: fc.boolean() }, { requiredKeys: ['name'] });
const tools = fc.uniqueArray(definition, { maxLength: 4, selector: (one) => one.name }).map((all) => all.map((one) => ({ type: 'function', function: one })));
const choice = fc.oneof(
  fc.constantFrom('auto', 'none', 'required'), name.map((chosen) => ({ type: 'function', function: { name: chosen } })),
  fc.tuple(fc.constantFrom('auto', 'required'), fc.array(name, { maxLength: 2 }))
    .map(([mode, allowed]) => ({ type: 'allowed_tools', allowed_tools: { mode, tools: allowed.map((one) => ({ type: 'function', function: { name: one } })) } })),
);
const valid = fc.record({
  model: fc.constant(COMMAND),
  messages,
  stream: fc.boolean(),
  tools: maybe(tools),
  tool_choice: maybe(choice),
  parallel_tool_calls: maybe(fc.boolean()),
  temperature: maybe(fc.double({ min: 0, max: 2, noNaN: true })),
  top_p: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  frequency_penalty: maybe(fc.double({ min: -2, max: 2, noNaN: true })),
  presence_penalty: maybe(fc.double({ min: -2, max: 2, noNaN: true })),
  max_tokens: maybe(fc.integer({ min: 1, max: 5000 })),
  max_completion_tokens: maybe(fc.integer({ min: 1, max: 5000 })),
  stop: maybe(fc.oneof(text, fc.array(text, { maxLength: 4 }))),
  reasoning_effort: maybe(fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max')),
  response_format: maybe(fc.constantFrom({ type: 'text' }, { type: 'json_object' }, { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } })),
  seed: maybe(fc.integer()),
  logprobs: maybe(fc.boolean()),
  n: maybe(fc.constantFrom(1, 2)),
  user: maybe(text),
}, { requiredKeys: ['model', 'messages'] });
const mode = fc.constantFrom('Strict', 'Safe', 'Lenient');

/** The error's status, or none when the request was translated into a body that Cohere takes. */
function outcome(request: unknown, unsupportedParameters: 'Strict' | 'Safe' | 'Lenient', check: boolean): number | undefined {
  try {
    const out = translated(openAiToCohereChat, request, { unsupportedParameters });
    if (check) {
      bodyOf(out);
    }
    return undefined;
  } catch (error) {
    if (error instanceof RequestError) {
      return error.status;
    }
    throw error;
  }
}

test('G17 G21 any valid request: a body that Cohere takes, or a 400', () => {
  fc.assert(fc.property(valid, mode, (request, unsupportedParameters) => {
    expect([undefined, 400]).toContain(outcome(request, unsupportedParameters, true));
  }), { numRuns: 400 });
});

test('G21 under Lenient nothing is refused but what contradicts itself', () => {
  fc.assert(fc.property(valid, (request) => {
    expect(outcome({ ...request, tool_choice: 'auto' }, 'Lenient', true)).toBeUndefined();
  }), { numRuns: 200 });
});

test('G17 any request with one part of another shape: a body or a 400, never another error', () => {
  const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(null, [], {}, '', 0, -1, true, 'x', [null], [[]], { type: 'x' }, { type: 5 }));
  fc.assert(fc.property(valid, fc.nat(), junk, mode, (request, place, value, unsupportedParameters) => {
    expect([undefined, 400]).toContain(outcome(replaced(JSON.parse(JSON.stringify(request)), place, value), unsupportedParameters, false));
  }), { numRuns: 600 });
});

/** The same value with the one at this place, in the order of a walk, replaced. */
function replaced(value: unknown, place: number, by: unknown): unknown {
  const holders: Array<readonly [holder: Record<string, unknown>, key: string]> = [];
  const walk = (at: unknown): void => {
    if (typeof at === 'object' && at !== null) {
      for (const key of Object.keys(at)) {
        holders.push([at as Record<string, unknown>, key]);
        walk((at as Record<string, unknown>)[key]);
      }
    }
  };
  walk(value);
  const [holder, key] = holders[place % holders.length];
  holder[key] = by;
  return value;
}
