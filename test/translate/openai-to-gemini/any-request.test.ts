import * as fc from 'fast-check';
import { bodyOf, CLOUD, FLASH_20, FLASH_25, FLASH_3, PRO_25, PRO_3 } from './gemini';
import { openAiToGeminiChat } from '../../../src/translate/openai-to-gemini/translator';
import { RequestError } from '../../../src/translate/request-error';
import { textOf, translated } from '../replay';

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 2 });
const text = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('', ' ', '\n', 'Hi', '👋', '\ud800'));
const name = fc.constantFrom('a', '1a', '_1a', 'a.b', 'a b', 'a_b', 'get_weather', 'x'.repeat(70), 'ü');
const mark = fc.constantFrom({}, {}, { cache_control: { type: 'ephemeral' } }, { cache_control: { type: 'ephemeral', ttl: '1h' } });
const textPart = fc.tuple(text, mark).map(([value, point]) => ({ type: 'text', text: value, ...point }));
const dataUrl = fc.tuple(fc.constantFrom('image/png', 'image/jpg', 'image/webp'), fc.uint8Array({ minLength: 1, maxLength: 20 }))
  .map(([type, bytes]) => `data:${type};base64,${Buffer.from(bytes).toString('base64')}`);
const extra = fc.constantFrom({}, { extra_content: { google: { thought_signature: 'c2lnbmVk' } } });
const image = fc.record({ url: dataUrl, detail: fc.constantFrom('auto', 'low') }, { requiredKeys: ['url'] });
const imagePart = image.map((value) => ({ type: 'image_url', image_url: value }));
const file = fc.record({ filename: fc.constantFrom('a.pdf', 'b c.txt', 'ü.md', '.csv'), file_data: fc.constantFrom('JVBERi0x', 'YSxi') });
const filePart = file.map((value) => ({ type: 'file', file: value }));
const audioPart = fc.constant({ type: 'input_audio', input_audio: { data: 'UklGRg', format: 'wav' } });
const content = <T>(part: fc.Arbitrary<T>) => fc.oneof(text, fc.array(part, { maxLength: 4 }));
const userTurn = content(fc.oneof(textPart, textPart, imagePart, filePart, audioPart)).map((value) => [{ role: 'user', content: value }]);
const systemTurn = fc.tuple(fc.constantFrom('system', 'developer'), content(textPart)).map(([role, value]) => [{ role, content: value }]);
const answerTurn = fc.tuple(maybe(content(textPart)), mark, extra).map(([value, point, more]) => [{ role: 'assistant', content: value, ...point, ...more }]);
const details = fc.constantFrom(
  { type: 'reasoning.text', text: 'Hm.', signature: 's', index: 0 }, { type: 'reasoning.encrypted', data: 'YQ==', index: 0 }, { type: 'reasoning.text', text: 'Hm.' },
);
const call = fc.tuple(name, fc.constantFrom('{}', '', '{"a":1}', '{"a":', '[]'), content(fc.oneof(textPart, imagePart)), extra);
/** Calls with a result for each of them, as OpenAI's API demands it. */
const toolTurn = fc.tuple(fc.array(call, { minLength: 1, maxLength: 3 }), maybe(text), fc.array(details, { maxLength: 2 }), fc.nat())
  .map(([calls, said, reasoning, turn]) => [
    {
      role: 'assistant',
      content: said,
      reasoning_details: reasoning,
      tool_calls: calls.map(([called, args, , more], index) => ({ id: `call:${turn}.${index}`, type: 'function', function: { name: called, arguments: args }, ...more })),
    },
    ...calls.map(([, , result], index) => ({ role: 'tool', tool_call_id: `call:${turn}.${index}`, content: result })),
  ]);
const turn = fc.oneof(userTurn, userTurn, systemTurn, answerTurn, toolTurn);
const messages = fc.array(turn, { maxLength: 8 }).map((turns) => [{ role: 'user', content: 'Hi' }, ...turns.flat()]);
const schema = fc.constantFrom(
  { type: 'object', properties: { a: { type: 'string' } } }, {}, { $defs: {}, properties: {} },
  { type: 'object', properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { type: ['string', 'null'], pattern: 'x' } }, required: ['a'], additionalProperties: false },
  { type: 'object', properties: { a: { anyOf: [{ type: 'array' }, { const: 1 }] }, b: { type: 'array', prefixItems: [{}] } } },
);
const definition = fc.record({ name, description: text, parameters: schema, strict: fc.boolean() }, { requiredKeys: ['name'] });
const tools = fc.uniqueArray(definition, { maxLength: 4, selector: (one) => one.name }).map((all) => all.map((one) => ({ type: 'function', function: one })));
const choice = fc.oneof(
  fc.constantFrom('auto', 'none', 'required'), name.map((chosen) => ({ type: 'function', function: { name: chosen } })),
  fc.tuple(fc.constantFrom('auto', 'required'), fc.array(name, { maxLength: 2 }))
    .map(([mode, allowed]) => ({ type: 'allowed_tools', allowed_tools: { mode, tools: allowed.map((one) => ({ type: 'function', function: { name: one } })) } })),
);
const valid = fc.record({
  model: fc.constantFrom(FLASH_20, FLASH_25, PRO_25, FLASH_3, PRO_3, 'endpoints/123'),
  messages,
  stream: fc.boolean(),
  tools: maybe(tools),
  tool_choice: maybe(choice),
  parallel_tool_calls: maybe(fc.boolean()),
  temperature: maybe(fc.double({ min: 0, max: 2, noNaN: true })),
  top_p: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  max_tokens: maybe(fc.integer({ min: 1, max: 5000 })),
  max_completion_tokens: maybe(fc.integer({ min: 1, max: 5000 })),
  stop: maybe(fc.oneof(text, fc.array(text, { maxLength: 4 }))),
  reasoning_effort: maybe(fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max')),
  response_format: maybe(fc.constantFrom({ type: 'text' }, { type: 'json_object' }, { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } })),
  logprobs: maybe(fc.boolean()),
  frequency_penalty: maybe(fc.double({ min: -2, max: 2, noNaN: true })),
  metadata: maybe(fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), { maxKeys: 3, noNullPrototype: true })),
  service_tier: maybe(fc.constantFrom('auto', 'default', 'flex', 'scale', 'priority')),
  seed: maybe(fc.integer()),
  n: maybe(fc.constantFrom(1, 2)),
  user: maybe(text),
}, { requiredKeys: ['model', 'messages'] });
const mode = fc.constantFrom('Strict', 'Safe', 'Lenient');

/** The error's status, or none when the request was translated into a body that Gemini takes. */
function outcome(request: unknown, unsupportedParameters: 'Strict' | 'Safe' | 'Lenient', check: boolean): number | undefined {
  try {
    const out = translated(openAiToGeminiChat, request, { unsupportedParameters, gcp: CLOUD });
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

test('G17 G21 any valid request: a body that Gemini takes, or a 400', () => {
  fc.assert(fc.property(valid, mode, (request, unsupportedParameters) => {
    expect([undefined, 400]).toContain(outcome(request, unsupportedParameters, true));
  }), { numRuns: 300 });
});

test('G21 under Lenient nothing is refused but what contradicts itself', () => {
  fc.assert(fc.property(valid, (request) => {
    // A forced tool that is not there.
    expect(outcome({ ...request, tool_choice: 'auto' }, 'Lenient', true)).toBeUndefined();
  }), { numRuns: 300 });
});

test('G17 any request with one part of another shape: a body or a 400, never another error', () => {
  const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(null, [], {}, '', 0, -1, true, 'x', [null], [[]], { type: 'x' }, { type: 5 }));
  fc.assert(fc.property(valid, fc.nat(), junk, mode, (request, place, value, unsupportedParameters) => {
    const changed = replaced(JSON.parse(JSON.stringify(request)), place, value);
    expect([undefined, 400]).toContain(outcome(changed, unsupportedParameters, false));
  }), { numRuns: 500 });
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
    if (outcome(request, 'Lenient', false) === undefined) {
      const bytes = () => textOf(translated(openAiToGeminiChat, request, { unsupportedParameters: 'Lenient' }).body ?? new Uint8Array(0));
      expect(bytes()).toBe(bytes());
    }
  }), { numRuns: 50 });
});
