import * as fc from 'fast-check';
import { bodyOf, CLOUD, FLASH_20, FLASH_25, FLASH_3, PRO_25, PRO_3 } from './gemini';
import { UnsupportedParameters } from '../../../src/resources/llm-route';
import { openAiToGeminiChat } from '../../../src/translate/openai-to-gemini/translator';
import { expectBodyOr400, expectNoRefusalUnderLenient, expectSameBytes, Translate } from '../any-request';
import { misshapen } from '../any-shape';
import { audioPart, content, filePart, imagePart, mark, maybe, messagesOf, parameters, textPart, toolsOf, toolTurnOf } from '../openai/any-chat-request';
import { translated } from '../replay';

const extra = fc.constantFrom({}, { extra_content: { google: { thought_signature: 'c2lnbmVk' } } });
const userTurn = content(fc.oneof(textPart, textPart, imagePart, filePart, audioPart)).map((value) => [{ role: 'user', content: value }]);
const answerTurn = fc.tuple(maybe(content(textPart)), mark, extra).map(([value, point, more]) => [{ role: 'assistant', content: value, ...point, ...more }]);
const tools = toolsOf(
  { type: 'object', properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { type: ['string', 'null'], pattern: 'x' } }, required: ['a'], additionalProperties: false },
  { type: 'object', properties: { a: { anyOf: [{ type: 'array' }, { const: 1 }] }, b: { type: 'array', prefixItems: [{}] } } },
);
const valid = fc.record({
  ...parameters,
  model: fc.constantFrom(FLASH_20, FLASH_25, PRO_25, FLASH_3, PRO_3, 'endpoints/123'),
  messages: messagesOf(userTurn, answerTurn, toolTurnOf(fc.oneof(textPart, imagePart), extra)),
  tools: maybe(tools),
  logprobs: maybe(fc.boolean()),
  frequency_penalty: maybe(fc.double({ min: -2, max: 2, noNaN: true })),
}, { requiredKeys: ['model', 'messages'] });

const translate = (request: object, unsupportedParameters: UnsupportedParameters) => translated(openAiToGeminiChat, request, { unsupportedParameters, gcp: CLOUD });
const taken: Translate<object> = (request, unsupportedParameters) => bodyOf(translate(request, unsupportedParameters));

test('G17 G21 any valid request: a body that Gemini takes, or a 400', () => {
  expectBodyOr400(valid, taken, 300);
});

test('G21 under Lenient nothing is refused but what contradicts itself', () => {
  // A forced tool that is not there.
  expectNoRefusalUnderLenient(valid.map((request) => ({ ...request, tool_choice: 'auto' })), taken, 300);
});

test('G17 any request with one part of another shape: a body or a 400, never another error', () => {
  expectBodyOr400(misshapen(valid), translate, 500);
});

test('the same request gives the same bytes', () => {
  expectSameBytes(valid, translate);
});
