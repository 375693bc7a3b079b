import * as fc from 'fast-check';

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const text = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('', ' ', '\n', 'Hi', '👋', '\ud800'));
const name = fc.constantFrom('a', 'get_weather', 'a-b', 'x'.repeat(70), `${'x'.repeat(70)}y`);
const mark = fc.constantFrom({}, {}, { cache_control: { type: 'ephemeral' } }, { cache_control: { type: 'ephemeral', ttl: '1h' } }, { cache_control: null });
const textBlock = fc.tuple(text, mark).map(([value, point]) => ({ type: 'text', text: value, ...point }));
const base64 = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const imageBlock = fc.tuple(fc.constantFrom('image/png', 'image/jpeg', 'image/webp'), base64, mark)
  .map(([type, data, point]) => ({ type: 'image', source: { type: 'base64', media_type: type, data }, ...point }));
const source = fc.oneof(
  fc.constant({ type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' }), text.map((data) => ({ type: 'text', media_type: 'text/plain', data })),
  fc.array(fc.oneof(textBlock, imageBlock), { maxLength: 2 }).map((content) => ({ type: 'content', content })),
);
const documentBlock = fc.tuple(source, maybe(text), maybe(text), mark).map(([from, title, context, point]) => ({ type: 'document', source: from, title, context, ...point }));
const searchBlock = fc.array(textBlock, { maxLength: 2 }).map((content) => ({ type: 'search_result', title: 't', source: 's', content }));
const content = <T>(block: fc.Arbitrary<T>) => fc.oneof(text, fc.array(block, { maxLength: 4 }));
const userBlock = fc.oneof(textBlock, textBlock, imageBlock, documentBlock, searchBlock);
const userTurn = content(userBlock).map((value) => [{ role: 'user', content: value }]);
const systemTurn = content(textBlock).map((value) => [{ role: 'system', content: value }]);
const thinking = fc.constantFrom({ type: 'thinking', thinking: 'Hm.', signature: 'c2ln' }, { type: 'thinking', thinking: 'Hm.', signature: '' }, { type: 'redacted_thinking', data: 'eA==' });
const answerTurn = content(fc.oneof(thinking, textBlock)).map((value) => [{ role: 'assistant', content: value }]);
const call = fc.tuple(name, fc.constantFrom({}, { a: 1 }, { a: { b: [] } }), content(fc.oneof(textBlock, imageBlock)), maybe(fc.boolean()), mark);
/** Calls with a result for each of them, and what the user says then. */
const toolTurn = fc.tuple(fc.array(call, { minLength: 1, maxLength: 3 }), fc.array(thinking, { maxLength: 2 }), fc.array(userBlock, { maxLength: 2 }), fc.nat())
  .map(([calls, thoughts, said, turn]) => [
    { role: 'assistant', content: [...thoughts, ...calls.map(([called, input, , , point], index) => ({ type: 'tool_use', id: `toolu_${turn}_${index}`, name: called, input, ...point }))] },
    {
      role: 'user',
      content: [...said, ...calls.map(([, , result, failed, point], index) => ({ type: 'tool_result', tool_use_id: `toolu_${turn}_${index}`, content: result, is_error: failed, ...point }))],
    },
  ]);
const turn = fc.oneof(userTurn, userTurn, systemTurn, answerTurn, toolTurn);
const conversation = fc.array(turn, { maxLength: 7 }).map((turns) => [{ role: 'user', content: 'Hi' }, ...turns.flat(), { role: 'user', content: 'Bye' }]);
const schema = fc.constantFrom({ type: 'object', properties: { a: { type: 'string' } } }, { type: 'object' }, { type: 'object', properties: {}, required: [], additionalProperties: false });
const tool = fc.record({ name, description: text, input_schema: schema, strict: fc.boolean(), defer_loading: fc.boolean() }, { requiredKeys: ['name', 'input_schema'] });
const tools = fc.uniqueArray(tool, { maxLength: 4, selector: (one) => one.name });
const choice = fc.tuple(fc.oneof(fc.constantFrom('auto', 'any', 'none').map((type) => ({ type })), name.map((chosen) => ({ type: 'tool', name: chosen }))), maybe(fc.boolean()))
  .map(([chosen, serial]) => ({ ...chosen, disable_parallel_tool_use: serial }));
const effort = fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max');

/** A Messages request that Anthropic would take, for these models. */
export function anyMessagesRequest(...models: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  return fc.record({
    model: fc.constantFrom(...models),
    max_tokens: fc.integer({ min: 1, max: 5000 }),
    messages: conversation,
    system: maybe(content(textBlock)),
    stream: fc.boolean(),
    tools: maybe(tools),
    tool_choice: maybe(choice),
    temperature: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
    top_p: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
    top_k: maybe(fc.nat(5)),
    stop_sequences: maybe(fc.array(text, { maxLength: 4 })),
    thinking: maybe(fc.constantFrom({ type: 'enabled', budget_tokens: 2048 }, { type: 'disabled' }, { type: 'adaptive' }, { type: 'adaptive', display: 'omitted' })),
    output_config: maybe(fc.record({ effort, format: schema.map((one) => ({ type: 'json_schema', schema: one })) }, { requiredKeys: [] })),
    metadata: maybe(fc.constantFrom({}, { user_id: 'u' }, { user_id: 'u'.repeat(100) }, { user_id: null })),
    service_tier: maybe(fc.constantFrom('auto', 'standard_only')),
    cache_control: maybe(fc.constantFrom({ type: 'ephemeral' }, null)),
    speed: maybe(fc.constantFrom('standard', 'fast')),
    container: maybe(fc.constantFrom('c', null)),
  }, { requiredKeys: ['model', 'max_tokens', 'messages'] });
}
