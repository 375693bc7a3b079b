import * as fc from 'fast-check';
import { chat, HOSTS, OLD, OPUS_46, OPUS_5, OPUS_55, sent, SONNET_45, SONNET_55 } from './claude';
import { ClaudeHost } from '../../../src/translate/anthropic/hosted-target';
import { RequestError } from '../../../src/translate/request-error';
import { textOf } from '../replay';

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 2 });
const text = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('', ' ', '\n', 'Hi', '👋', 'x ', '\ud800'));
const name = fc.constantFrom('a', 'a.b', 'a b', 'a_b', 'get_weather', 'x'.repeat(70), 'ü');
const mark = fc.constantFrom({}, {}, { cache_control: { type: 'ephemeral' } }, { cache_control: { type: 'ephemeral', ttl: '1h' } });
const textPart = fc.tuple(text, mark).map(([value, point]) => ({ type: 'text', text: value, ...point }));
const dataUrl = fc.tuple(fc.constantFrom('image/png', 'image/jpg', 'image/webp'), fc.uint8Array({ minLength: 1, maxLength: 20 }))
  .map(([type, bytes]) => `data:${type};base64,${Buffer.from(bytes).toString('base64')}`);
const image = fc.record({ url: fc.oneof(dataUrl, dataUrl, fc.constant('https://example.com/a.png')), detail: fc.constantFrom('auto', 'low') }, { requiredKeys: ['url'] });
const imagePart = fc.tuple(image, mark).map(([value, point]) => ({ type: 'image_url', image_url: value, ...point }));
const file = fc.record({ filename: fc.constantFrom('a.pdf', 'b c.txt', 'ü.md', '.csv'), file_data: fc.constantFrom('JVBERi0x', 'YSxi') });
const filePart = file.map((value) => ({ type: 'file', file: value }));
const content = <T>(part: fc.Arbitrary<T>) => fc.oneof(text, fc.array(part, { maxLength: 4 }));
const userTurn = fc.tuple(content(fc.oneof(textPart, textPart, imagePart, filePart)), mark).map(([value, point]) => [{ role: 'user', content: value, ...point }]);
const systemTurn = fc.tuple(fc.constantFrom('system', 'developer'), content(textPart)).map(([role, value]) => [{ role, content: value }]);
const details = fc.constantFrom(
  { type: 'reasoning.text', text: 'Hm.', signature: 's', index: 0 }, { type: 'reasoning.encrypted', data: 'YQ==', index: 0 }, { type: 'reasoning.text', text: 'Hm.' },
);
const answerTurn = fc.tuple(maybe(content(textPart)), mark, fc.array(details, { maxLength: 1 })).map(([value, point, reasoning]) => (
  [{ role: 'assistant', content: value, reasoning_details: reasoning, ...point }]
));
const call = fc.tuple(name, fc.constantFrom('{}', '', '{"a":1}', '{"a":', '[]'), content(fc.oneof(textPart, imagePart)));
/** Calls with a result for each of them, as OpenAI's API demands it. */
const toolTurn = fc.tuple(fc.array(call, { minLength: 1, maxLength: 3 }), maybe(text), fc.array(details, { maxLength: 2 }), fc.nat())
  .map(([calls, said, reasoning, turn]) => [
    {
      role: 'assistant',
      content: said,
      reasoning_details: reasoning,
      tool_calls: calls.map(([called, args], index) => ({ id: `call:${turn}.${index}`, type: 'function', function: { name: called, arguments: args } })),
    },
    ...calls.map(([, , result], index) => ({ role: 'tool', tool_call_id: `call:${turn}.${index}`, content: result })),
  ]);
const turn = fc.oneof(userTurn, userTurn, systemTurn, answerTurn, toolTurn);
const messages = fc.array(turn, { maxLength: 8 }).map((turns) => [{ role: 'user', content: 'Hi' }, ...turns.flat()]);
const schema = fc.constantFrom({ type: 'object', properties: { a: { type: 'string' } } }, {}, { $defs: {}, properties: {} });
const definition = fc.record({ name, description: text, parameters: schema, strict: fc.boolean() }, { requiredKeys: ['name'] });
const functions = fc.uniqueArray(definition, { maxLength: 4, selector: (one) => one.name }).map((all) => all.map((one) => ({ type: 'function', function: one })));
const tools = fc.tuple(functions, fc.constantFrom([], [], [{ type: 'web_search_20250305', name: 'web_search' }])).map(([own, search]) => [...own, ...search]);
const choice = fc.oneof(
  fc.constantFrom('auto', 'none', 'required'), name.map((chosen) => ({ type: 'function', function: { name: chosen } })),
  fc.tuple(fc.constantFrom('auto', 'required'), fc.array(name, { maxLength: 2 }))
    .map(([mode, allowed]) => ({ type: 'allowed_tools', allowed_tools: { mode, tools: allowed.map((one) => ({ type: 'function', function: { name: one } })) } })),
);
const valid = fc.record({
  model: fc.constantFrom(SONNET_45, OLD, OPUS_46, OPUS_5, OPUS_55, SONNET_55, 'claude-fable-5-1', 'claude-haiku-5-5', 'us.anthropic.claude-opus-4-7'),
  messages,
  stream: fc.boolean(),
  tools: maybe(tools),
  tool_choice: maybe(choice),
  parallel_tool_calls: maybe(fc.boolean()),
  temperature: maybe(fc.double({ min: 0, max: 2, noNaN: true })),
  top_p: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  top_k: maybe(fc.integer({ min: 1, max: 500 })),
  max_tokens: maybe(fc.integer({ min: 1, max: 5000 })),
  max_completion_tokens: maybe(fc.integer({ min: 1, max: 5000 })),
  stop: maybe(fc.oneof(text, fc.array(text, { maxLength: 4 }))),
  reasoning_effort: maybe(fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max')),
  response_format: maybe(fc.constantFrom({ type: 'text' }, { type: 'json_object' }, { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object', properties: {} } } })),
  metadata: maybe(fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), { maxKeys: 3, noNullPrototype: true })),
  service_tier: maybe(fc.constantFrom('auto', 'default', 'flex', 'scale', 'priority')),
  web_search_options: maybe(fc.constantFrom({}, { search_context_size: 'low' })),
  seed: maybe(fc.integer()),
  n: maybe(fc.constantFrom(1, 2)),
  user: maybe(text),
  safety_identifier: maybe(text),
}, { requiredKeys: ['model', 'messages'] });
const mode = fc.constantFrom('Strict', 'Safe', 'Lenient');
const host = fc.constantFrom(...HOSTS);

/** The error's status, or none when the request was translated into a body that the host takes. */
function outcome(request: object, on: ClaudeHost, unsupportedParameters: 'Strict' | 'Safe' | 'Lenient', check: boolean): number | undefined {
  try {
    if (check) {
      sent({ ...request }, { host: on, unsupportedParameters });
    } else {
      chat(request, { host: on, unsupportedParameters });
    }
    return undefined;
  } catch (error) {
    if (error instanceof RequestError) {
      return error.status;
    }
    throw error;
  }
}

test('G17 G21 any valid request: a body that Claude takes, or a 400', () => {
  fc.assert(fc.property(valid, host, mode, (request, on, unsupportedParameters) => {
    expect([undefined, 400]).toContain(outcome(request, on, unsupportedParameters, true));
  }), { numRuns: 600 });
});

test('G21 under Lenient nothing is refused but what contradicts itself', () => {
  fc.assert(fc.property(valid, (request) => {
    // A forced tool that is not there, or while the model reasons, and a limit below what reasoning needs.
    expect(outcome({ ...request, tool_choice: 'auto', reasoning_effort: null }, 'Anthropic', 'Lenient', true)).toBeUndefined();
  }), { numRuns: 300 });
});

test('G17 any request with one part of another shape: a body or a 400, never another error', () => {
  const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(null, [], {}, '', 0, -1, true, 'x', [null], [[]], { type: 'x' }, { type: 5 }));
  fc.assert(fc.property(valid, fc.nat(), junk, host, mode, (request, place, value, on, unsupportedParameters) => {
    const changed = replaced(JSON.parse(JSON.stringify(request)), place, value);
    expect([undefined, 400]).toContain(outcome(changed as object, on, unsupportedParameters, false));
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

test('the same request gives the same bytes', () => {
  fc.assert(fc.property(valid, (request) => {
    if (outcome(request, 'Anthropic', 'Lenient', false) === undefined) {
      const bytes = () => textOf(chat(request, { unsupportedParameters: 'Lenient' }).body ?? new Uint8Array(0));
      expect(bytes()).toBe(bytes());
    }
  }), { numRuns: 50 });
});
