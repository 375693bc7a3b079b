import * as fc from 'fast-check';
import { chat, HOSTS, OLD, OPUS_46, OPUS_5, OPUS_55, sent, SONNET_45, SONNET_55 } from './claude';
import { UnsupportedParameters } from '../../../src/resources/llm-route';
import { ClaudeHost } from '../../../src/translate/anthropic/hosted-target';
import { expectBodyOr400, expectNoRefusalUnderLenient, expectSameBytes } from '../any-request';
import { misshapen } from '../any-shape';
import { content, dataUrl, details, filePart, mark, maybe, messagesOf, parameters, text, textPart, toolsOf, toolTurnOf } from '../openai/any-chat-request';

const picture = fc.record({ url: fc.oneof(dataUrl, dataUrl, fc.constant('https://example.com/a.png')), detail: fc.constantFrom('auto', 'low') }, { requiredKeys: ['url'] });
const markedImage = fc.tuple(picture, mark).map(([value, point]) => ({ type: 'image_url', image_url: value, ...point }));
const userTurn = fc.tuple(content(fc.oneof(textPart, textPart, markedImage, filePart)), mark).map(([value, point]) => [{ role: 'user', content: value, ...point }]);
const answerTurn = fc.tuple(maybe(content(textPart)), mark, fc.array(details, { maxLength: 1 })).map(([value, point, reasoning]) => (
  [{ role: 'assistant', content: value, reasoning_details: reasoning, ...point }]
));
const tools = fc.tuple(toolsOf(), fc.constantFrom([], [], [{ type: 'web_search_20250305', name: 'web_search' }])).map(([own, search]) => [...own, ...search]);
const valid = fc.record({
  ...parameters,
  model: fc.constantFrom(SONNET_45, OLD, OPUS_46, OPUS_5, OPUS_55, SONNET_55, 'claude-fable-5-1', 'claude-haiku-5-5', 'us.anthropic.claude-opus-4-7'),
  messages: messagesOf(userTurn, answerTurn, toolTurnOf(fc.oneof(textPart, markedImage), fc.constant({}))),
  tools: maybe(tools),
  top_k: maybe(fc.integer({ min: 1, max: 500 })),
  web_search_options: maybe(fc.constantFrom({}, { search_context_size: 'low' })),
  safety_identifier: maybe(text),
}, { requiredKeys: ['model', 'messages'] });
const anyHost = fc.constantFrom(...HOSTS);

const translate = (request: object, host: ClaudeHost, unsupportedParameters: UnsupportedParameters) => chat(request, { host, unsupportedParameters });
const taken = (request: object, host: ClaudeHost, unsupportedParameters: UnsupportedParameters) => sent({ ...request }, { host, unsupportedParameters });

test('G17 G21 any valid request: a body that Claude takes, or a 400', () => {
  expectBodyOr400(fc.tuple(valid, anyHost), ([request, host], unsupportedParameters) => taken(request, host, unsupportedParameters), 600);
});

test('G21 under Lenient nothing is refused but what contradicts itself', () => {
  // A forced tool that is not there, or while the model reasons, and a limit below what reasoning needs.
  const consistent = valid.map((request) => ({ ...request, tool_choice: 'auto', reasoning_effort: null }));
  expectNoRefusalUnderLenient(consistent, (request, unsupportedParameters) => taken(request, 'Anthropic', unsupportedParameters), 300);
});

test('G17 any request with one part of another shape: a body or a 400, never another error', () => {
  expectBodyOr400(fc.tuple(misshapen(valid), anyHost), ([request, host], unsupportedParameters) => translate(request, host, unsupportedParameters), 600);
});

test('the same request gives the same bytes', () => {
  expectSameBytes(valid, (request, unsupportedParameters) => translate(request, 'Anthropic', unsupportedParameters));
});
