import * as fc from 'fast-check';
import { bodyOf, COMMAND } from './cohere';
import { openAiToCohereChat } from '../../../src/translate/openai-to-cohere/chat-translator';
import { RequestError } from '../../../src/translate/request-error';
import { junk, replaced } from '../any-shape';
import { content, details, filePart, maybe, messagesOf, mode, parameters, text, textPart, toolsOf, toolTurnOf } from '../openai/any-chat-request';
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

/** The error's status, or none when the request was translated into a body that Cohere takes. */
function outcome(request: unknown, unsupportedParameters: 'Strict' | 'Safe' | 'Lenient', check: boolean): number | undefined {
  try {
    const out = translated(openAiToCohereChat, request, { unsupportedParameters });
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

test('G17 G21 any valid request: a body that Cohere takes, or a 400', () => {
  fc.assert(fc.property(valid, mode, (request, unsupportedParameters) => {
    expect([undefined, 400]).toContain(outcome(request, unsupportedParameters, true));
  }), { numRuns: 400 });
});

test('G21 under Lenient nothing is refused but what contradicts itself', () => {
  fc.assert(fc.property(valid, (request) => {
    expect(outcome({ ...request, tool_choice: 'auto' }, 'Lenient', true)).toBeUndefined();
  }), { numRuns: 200 });
});

test('G17 any request with one part of another shape: a body or a 400, never another error', () => {
  fc.assert(fc.property(valid, fc.nat(), junk, mode, (request, place, value, unsupportedParameters) => {
    expect([undefined, 400]).toContain(outcome(replaced(JSON.parse(JSON.stringify(request)), place, value), unsupportedParameters, false));
  }), { numRuns: 600 });
});
