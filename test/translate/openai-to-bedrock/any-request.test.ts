import * as fc from 'fast-check';
import { bodyOf, CLAUDE_45, LLAMA } from './converse';
import { UnsupportedParameters } from '../../../src/resources/llm-route';
import { openAiToBedrockChat } from '../../../src/translate/openai-to-bedrock/translator';
import { expectBodyOr400, expectNoRefusalUnderLenient, expectSameBytes, Translate } from '../any-request';
import { misshapen } from '../any-shape';
import { audioPart, content, filePart, imagePart, mark, maybe, messagesOf, parameters, textPart, toolsOf, toolTurnOf } from '../openai/any-chat-request';
import { translated } from '../replay';

const userTurn = content(fc.oneof(textPart, textPart, imagePart, filePart, audioPart)).map((value) => [{ role: 'user', content: value }]);
const answerTurn = fc.tuple(maybe(content(textPart)), mark).map(([value, point]) => [{ role: 'assistant', content: value, ...point }]);
const valid = fc.record({
  ...parameters,
  model: fc.constantFrom(LLAMA, CLAUDE_45, 'anthropic.claude-opus-4-7', 'us.amazon.nova-2-lite-v1:0', 'openai.gpt-oss-20b-1:0'),
  messages: messagesOf(userTurn, answerTurn, toolTurnOf(fc.oneof(textPart, imagePart), fc.constant({}))),
  tools: maybe(toolsOf()),
}, { requiredKeys: ['model', 'messages'] });

const translate = (request: object, unsupportedParameters: UnsupportedParameters) => translated(openAiToBedrockChat, request, { unsupportedParameters });
const taken: Translate<object> = (request, unsupportedParameters) => bodyOf(translate(request, unsupportedParameters));

test('G17 G21 any valid request: a body that Converse takes, or a 400', () => {
  expectBodyOr400(valid, taken, 400);
});

test('G21 under Lenient nothing is refused but what contradicts itself', () => {
  // A forced tool that is not there, or while the model reasons, and a limit below what reasoning needs.
  expectNoRefusalUnderLenient(valid.map((request) => ({ ...request, tool_choice: 'auto', reasoning_effort: null })), taken, 200);
});

test('G17 any request with one part of another shape: a body or a 400, never another error', () => {
  expectBodyOr400(misshapen(valid), translate, 600);
});

test('the same request gives the same bytes', () => {
  expectSameBytes(valid, translate);
});
