import * as fc from 'fast-check';
import { bodyOf, MODELS, Output, OUTPUTS, respond, responsesTo } from './responses';
import { UnsupportedParameters } from '../../../src/resources/llm-route';
import { encryptedContent } from '../../../src/translate/responses-to-chat/kept-reasoning';
import { claudeComplaint } from '../../providers/claude-complaint';
import { converseComplaint } from '../../providers/converse-complaint';
import { geminiComplaint } from '../../providers/gemini-complaint';
import { anyMode, expectBodyOr400, expectNoRefusalUnderLenient, Translate } from '../any-request';
import { misshapen } from '../any-shape';
import { dataUrl, maybe, name, text } from '../openai/any-chat-request';
import { refusalIfAny } from '../replay';

const mark = fc.constantFrom({}, {}, { cache_control: { type: 'ephemeral' } }, { prompt_cache_breakpoint: { mode: 'explicit' } });
const textPart = fc.tuple(fc.constantFrom('input_text', 'output_text'), text, mark).map(([type, value, point]) => ({ type, text: value, ...point }));
const imagePart = fc.tuple(dataUrl, fc.constantFrom('auto', 'low', 'high', 'original', null)).map(([url, detail]) => ({ type: 'input_image', image_url: url, detail }));
const filePart = fc.tuple(fc.constantFrom('a.pdf', 'b c.txt', '.csv'), fc.constantFrom('JVBERi0x', 'YSxi')).map(([filename, data]) => ({ type: 'input_file', filename, file_data: data }));
const content = <T>(part: fc.Arbitrary<T>) => fc.oneof(text, fc.array(part, { maxLength: 3 }));
const message = fc.tuple(fc.constantFrom('user', 'user', 'system', 'developer', 'assistant'), content(textPart), maybe(fc.constant('message')))
  .map(([role, value, type]) => [{ role, content: value, ...type && { type } }]);
const attachment = content(fc.oneof(textPart, imagePart, filePart)).map((value) => [{ role: 'user', content: value }]);
const kept = fc.constantFrom(
  encryptedContent({ details: [{ type: 'reasoning.text', text: 'Hm.', signature: 'c2ln', index: 0 }] }), encryptedContent({ details: [{ type: 'reasoning.encrypted', data: 'YQ==', index: 0 }] }),
  encryptedContent({}), encryptedContent({ message: { google: { thought_signature: 'c2ln' } } }), 'gAAAA', null,
);
const reasoning = fc.tuple(kept, fc.array(text, { maxLength: 2 }))
  .map(([encrypted, summary]) => ({ type: 'reasoning', id: 'rs_1', summary: summary.map((value) => ({ type: 'summary_text', text: value })), encrypted_content: encrypted }));
const call = fc.tuple(name, fc.constantFrom('{}', '', '{"a":1}', '{"a":', '[]'), content(fc.oneof(textPart, imagePart)));
const thinking = fc.array(reasoning, { maxLength: 2 });
/** Calls with a result for each of them. */
const toolTurn = fc.tuple(thinking, maybe(text), fc.array(call, { minLength: 1, maxLength: 3 }), fc.nat()).map(([thoughts, said, calls, place]) => [
  ...thoughts,
  ...said === null ? [] : [{ type: 'message', role: 'assistant', id: 'msg_1', status: 'completed', content: [{ type: 'output_text', text: said, annotations: [] }] }],
  ...calls.map(([called, args], index) => ({ type: 'function_call', id: 'fc', call_id: `call:${place}.${index}`, name: called, arguments: args })),
  ...calls.map(([, , result], index) => ({ type: 'function_call_output', call_id: `call:${place}.${index}`, output: result })),
]);
const other = fc.constantFrom([{ type: 'item_reference', id: 'x' }], [{ type: 'web_search_call', id: 'x' }]);
const turn = fc.oneof({ weight: 4, arbitrary: message }, { weight: 3, arbitrary: attachment }, { weight: 4, arbitrary: toolTurn }, { weight: 1, arbitrary: other });
const items = fc.array(turn, { maxLength: 6 }).map((turns) => [{ role: 'user', content: 'Hi' }, ...turns.flat()]);
const schema = fc.constantFrom({ type: 'object', properties: { a: { type: 'string' } } }, {});
const definition = fc.record({ name, description: maybe(text), parameters: maybe(schema), strict: maybe(fc.boolean()) }, { requiredKeys: ['name'] });
const tools = fc.uniqueArray(definition, { maxLength: 4, selector: (one) => one.name }).map((all) => all.map((one) => ({ type: 'function', ...one })));
const choice = fc.oneof(
  fc.constantFrom('auto', 'none', 'required'), name.map((chosen) => ({ type: 'function', name: chosen })),
  fc.tuple(fc.constantFrom('auto', 'required'), fc.array(name, { maxLength: 2 }))
    .map(([mode, allowed]) => ({ type: 'allowed_tools', mode, tools: allowed.map((one) => ({ type: 'function', name: one })) })),
);
const effort = fc.constantFrom(null, 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max');
const format = fc.constantFrom({ type: 'text' }, { type: 'json_schema', name: 'a', schema: { type: 'object', properties: {} } });
const valid = fc.record({
  input: fc.oneof({ weight: 1, arbitrary: fc.constant('Hi') }, { weight: 5, arbitrary: items }),
  instructions: maybe(text),
  stream: fc.boolean(),
  tools: fc.oneof(tools, fc.constant([])),
  tool_choice: maybe(choice),
  parallel_tool_calls: maybe(fc.boolean()),
  temperature: maybe(fc.double({ min: 0, max: 2, noNaN: true })),
  top_p: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  max_output_tokens: maybe(fc.integer({ min: 16, max: 5000 })),
  reasoning: maybe(fc.record({ effort, summary: fc.constantFrom(null, 'auto', 'detailed') }, { requiredKeys: [] })),
  text: maybe(fc.record({ format, verbosity: fc.constantFrom('low', 'medium') }, { requiredKeys: [] })),
  metadata: maybe(fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), { maxKeys: 3, noNullPrototype: true })),
  service_tier: maybe(fc.constantFrom('auto', 'default', 'flex', 'scale', 'priority')),
  include: maybe(fc.array(fc.constantFrom('reasoning.encrypted_content', 'file_search_call.results'), { maxLength: 2 })),
  store: maybe(fc.boolean()),
  truncation: maybe(fc.constantFrom('auto', 'disabled')),
  user: maybe(text),
}, { requiredKeys: ['input'] });

function complaint(output: Output, body: unknown): string | undefined {
  switch (output) {
    case 'AWSBedrock':
      return converseComplaint(body);
    case 'GCPVertexAI':
      return geminiComplaint(body, MODELS.GCPVertexAI);
    default:
      return claudeComplaint(body, output, MODELS[output]);
  }
}

describe.each(OUTPUTS)('%s', (output) => {
  const translate = (request: object, unsupportedParameters: UnsupportedParameters) => respond(responsesTo(output), request, { unsupportedParameters });
  const taken: Translate<object> = (request, unsupportedParameters) => {
    expect(complaint(output, bodyOf(translate(request, unsupportedParameters)))).toBeUndefined();
  };

  test('G17 G21 any valid request: a body that the provider takes, or a 400 that names a field of the request', () => {
    fc.assert(fc.property(valid, anyMode, (request, unsupportedParameters) => {
      const error = refusalIfAny(() => taken(request, unsupportedParameters));
      if (error) {
        expect(error.status).toBe(400);
        expect(Object.keys(request)).toContain(/^\w+/.exec(error.param ?? '')?.[0]);
      }
    }), { numRuns: 250 });
  });

  test('G21 under Lenient nothing is refused but what contradicts itself', () => {
    expectNoRefusalUnderLenient(valid.map((request) => ({ ...request, tool_choice: 'auto', reasoning: null })), taken, 150);
  });

  test('G17 any request with one part of another shape: a body or a 400, never another error', () => {
    expectBodyOr400(misshapen(valid), translate, 300);
  });
});
