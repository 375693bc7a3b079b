import { anyMessagesRequest } from './any-messages-request';
import { bodyOf } from './messages';
import { UnsupportedParameters } from '../../../src/resources/llm-route';
import { anthropicToOpenAiMessages } from '../../../src/translate/anthropic-to-openai/translator';
import { expectBodyOr400, expectNoRefusalUnderLenient, expectSameBytes, Translate } from '../any-request';
import { misshapen } from '../any-shape';
import { translated } from '../replay';

const valid = anyMessagesRequest('gpt-5.2', 'gpt-4o', 'o3', 'meta-llama/Llama-3.3-70B');

const translate = (request: object, unsupportedParameters: UnsupportedParameters) => translated(anthropicToOpenAiMessages, request, { unsupportedParameters });
const taken: Translate<object> = (request, unsupportedParameters) => bodyOf(translate(request, unsupportedParameters));

test('G17 G21 any valid request: a body that OpenAI takes, or a 400', () => {
  expectBodyOr400(valid, taken, 400);
});

test('G21 under Lenient nothing is refused but what contradicts itself', () => {
  // A forced tool that is not there.
  expectNoRefusalUnderLenient(valid.map((request) => ({ ...request, tool_choice: { type: 'auto' } })), taken, 300);
});

test('G17 any request with one part of another shape: a body or a 400, never another error', () => {
  expectBodyOr400(misshapen(valid), translate, 600);
});

test('the same request gives the same bytes', () => {
  expectSameBytes(valid, translate);
});
