import * as fc from 'fast-check';

/** A value, or null, which stands for none. */
export const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 2 });
export const text = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('', ' ', '\n', 'Hi', '👋', 'x ', '\ud800'));
/** Names of functions. */
export const name = fc.constantFrom('a', '1a', '_1a', 'a.b', 'a b', 'a_b', 'get_weather', 'x'.repeat(70), 'ü');
/** Marks of prompt caches. */
export const mark = fc.constantFrom({}, {}, { cache_control: { type: 'ephemeral' } }, { cache_control: { type: 'ephemeral', ttl: '1h' } });
export const textPart = fc.tuple(text, mark).map(([value, point]) => ({ type: 'text', text: value, ...point }));
export const dataUrl = fc.tuple(fc.constantFrom('image/png', 'image/jpg', 'image/webp'), fc.uint8Array({ minLength: 1, maxLength: 20 }))
  .map(([type, bytes]) => `data:${type};base64,${Buffer.from(bytes).toString('base64')}`);
const image = fc.record({ url: dataUrl, detail: fc.constantFrom('auto', 'low') }, { requiredKeys: ['url'] });
export const imagePart = image.map((value) => ({ type: 'image_url', image_url: value }));
const file = fc.record({ filename: fc.constantFrom('a.pdf', 'b c.txt', 'ü.md', '.csv'), file_data: fc.constantFrom('JVBERi0x', 'YSxi') });
export const filePart = file.map((value) => ({ type: 'file', file: value }));
export const audioPart = fc.constant({ type: 'input_audio', input_audio: { data: 'UklGRg', format: 'wav' } });
/** A text, or a list of parts. */
export const content = <T>(part: fc.Arbitrary<T>) => fc.oneof(text, fc.array(part, { maxLength: 4 }));
export const systemTurn = fc.tuple(fc.constantFrom('system', 'developer'), content(textPart)).map(([role, value]) => [{ role, content: value }]);
export const details = fc.constantFrom(
  { type: 'reasoning.text', text: 'Hm.', signature: 's', index: 0 }, { type: 'reasoning.encrypted', data: 'YQ==', index: 0 }, { type: 'reasoning.text', text: 'Hm.' },
);

/** Calls with a result for each of them, as OpenAI's API demands it. `extra`: what stands beside a call. */
export function toolTurnOf<T extends object>(resultPart: fc.Arbitrary<unknown>, extra: fc.Arbitrary<T>) {
  const call = fc.tuple(name, fc.constantFrom('{}', '', '{"a":1}', '{"a":', '[]'), content(resultPart), extra);
  return fc.tuple(fc.array(call, { minLength: 1, maxLength: 3 }), maybe(text), fc.array(details, { maxLength: 2 }), fc.nat()).map(([calls, said, reasoning, turn]) => [
    {
      role: 'assistant',
      content: said,
      reasoning_details: reasoning,
      tool_calls: calls.map(([called, args, , more], index) => ({ id: `call:${turn}.${index}`, type: 'function', function: { name: called, arguments: args }, ...more })),
    },
    ...calls.map(([, , result], index) => ({ role: 'tool', tool_call_id: `call:${turn}.${index}`, content: result })),
  ]);
}

/** A conversation of these turns; user turns come twice as often. */
export function messagesOf(userTurn: fc.Arbitrary<object[]>, ...others: ReadonlyArray<fc.Arbitrary<object[]>>) {
  return fc.array(fc.oneof(userTurn, userTurn, systemTurn, ...others), { maxLength: 8 }).map((turns) => [{ role: 'user', content: 'Hi' }, ...turns.flat()]);
}

const SCHEMAS: readonly object[] = [{ type: 'object', properties: { a: { type: 'string' } } }, {}, { $defs: {}, properties: {} }];

/** Functions of different names. `schemas`: of parameters, beside simple ones. */
export function toolsOf(...schemas: readonly object[]) {
  const definition = fc.record({ name, description: text, parameters: fc.constantFrom(...SCHEMAS, ...schemas), strict: fc.boolean() }, { requiredKeys: ['name'] });
  return fc.uniqueArray(definition, { maxLength: 4, selector: (one) => one.name }).map((all) => all.map((one) => ({ type: 'function', function: one })));
}

export const choice = fc.oneof(
  fc.constantFrom('auto', 'none', 'required'), name.map((chosen) => ({ type: 'function', function: { name: chosen } })),
  fc.tuple(fc.constantFrom('auto', 'required'), fc.array(name, { maxLength: 2 }))
    .map(([mode, allowed]) => ({ type: 'allowed_tools', allowed_tools: { mode, tools: allowed.map((one) => ({ type: 'function', function: { name: one } })) } })),
);

/** Parameters that go with any chat. */
export const parameters = {
  stream: fc.boolean(),
  tool_choice: maybe(choice),
  parallel_tool_calls: maybe(fc.boolean()),
  temperature: maybe(fc.double({ min: 0, max: 2, noNaN: true })),
  top_p: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  max_tokens: maybe(fc.integer({ min: 1, max: 5000 })),
  max_completion_tokens: maybe(fc.integer({ min: 1, max: 5000 })),
  stop: maybe(fc.oneof(text, fc.array(text, { maxLength: 4 }))),
  reasoning_effort: maybe(fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max')),
  response_format: maybe(fc.constantFrom({ type: 'text' }, { type: 'json_object' }, { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object', properties: {} } } })),
  metadata: maybe(fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), { maxKeys: 3, noNullPrototype: true })),
  service_tier: maybe(fc.constantFrom('auto', 'default', 'flex', 'scale', 'priority')),
  seed: maybe(fc.integer()),
  n: maybe(fc.constantFrom(1, 2)),
  user: maybe(text),
};
