import * as fc from 'fast-check';
import { bodyOf, CLOUD, FLASH_20, FLASH_25, FLASH_3, PRO_25, PRO_3 } from './gemini';
import { openAiToGeminiChat } from '../../../src/translate/openai-to-gemini/translator';
import { RequestError } from '../../../src/translate/request-error';
import { junk, replaced } from '../any-shape';
import { audioPart, content, filePart, imagePart, mark, maybe, messagesOf, mode, parameters, textPart, toolsOf, toolTurnOf } from '../openai/any-chat-request';
import { textOf, translated } from '../replay';

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
  fc.assert(fc.property(valid, fc.nat(), junk, mode, (request, place, value, unsupportedParameters) => {
    const changed = replaced(JSON.parse(JSON.stringify(request)), place, value);
    expect([undefined, 400]).toContain(outcome(changed, unsupportedParameters, false));
  }), { numRuns: 500 });
});

test('the same request gives the same bytes', () => {
  fc.assert(fc.property(valid, (request) => {
    if (outcome(request, 'Lenient', false) === undefined) {
      const bytes = () => textOf(translated(openAiToGeminiChat, request, { unsupportedParameters: 'Lenient' }).body ?? new Uint8Array(0));
      expect(bytes()).toBe(bytes());
    }
  }), { numRuns: 50 });
});
