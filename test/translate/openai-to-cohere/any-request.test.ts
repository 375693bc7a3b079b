import * as fc from 'fast-check';
import { bodyOf, COMMAND } from './cohere';
import { UnsupportedParameters } from '../../../src/resources/llm-route';
import { openAiToCohereChat } from '../../../src/translate/openai-to-cohere/chat-translator';
import { expectBodyOr400, expectNoRefusalUnderLenient, Translate } from '../any-request';
import { misshapen } from '../any-shape';
import { content, details, filePart, maybe, messagesOf, parameters, text, textPart, toolsOf, toolTurnOf } from '../openai/any-chat-request';
import { translated } from '../replay';

const imagePart = fc.constantFrom(
  { url: 'https://example.com/a.png' }, { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' }, { url: 'data:image/jpg;base64,/9j/' },
).map((value) => ({ type: 'image_url', image_url: value }));
const userTurn = content(fc.oneof(textPart, textPart, textPart, imagePart, filePart)).map((value) => [{ role: 'user', content: value }]);
const answerTurn = fc.tuple(maybe(content(textPart)), maybe(text), maybe(fc.array(details, { maxLength: 2 })))
  .map(([value, reasoning, kept]) => [{ role: 'assistant', content: value, reasoning_content: reasoning, reasoning_details: kept }]);
const valid = fc.record({
  ...parameters,
  model: fc.constant(COMMAND),
  messages: messagesOf(userTurn, answerTurn, toolTurnOf(textPart, fc.constant({}))),
  tools: maybe(toolsOf()),
  frequency_penalty: maybe(fc.double({ min: -2, max: 2, noNaN: true })),
  presence_penalty: maybe(fc.double({ min: -2, max: 2, noNaN: true })),
  logprobs: maybe(fc.boolean()),
}, { requiredKeys: ['model', 'messages'] });

const translate = (request: object, unsupportedParameters: UnsupportedParameters) => translated(openAiToCohereChat, request, { unsupportedParameters });
const taken: Translate<object> = (request, unsupportedParameters) => bodyOf(translate(request, unsupportedParameters));

test('G17 G21 any valid request: a body that Cohere takes, or a 400', () => {
  expectBodyOr400(valid, taken, 400);
});

test('G21 under Lenient nothing is refused but what contradicts itself', () => {
  expectNoRefusalUnderLenient(valid.map((request) => ({ ...request, tool_choice: 'auto' })), taken, 200);
});

test('G17 any request with one part of another shape: a body or a 400, never another error', () => {
  expectBodyOr400(misshapen(valid), translate, 600);
});
