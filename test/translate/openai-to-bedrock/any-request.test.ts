import * as fc from 'fast-check';
import { bodyOf, CLAUDE_45, LLAMA } from './converse';
import { openAiToBedrockChat } from '../../../src/translate/openai-to-bedrock/translator';
import { RequestError } from '../../../src/translate/request-error';
import { junk, replaced } from '../any-shape';
import { audioPart, content, filePart, imagePart, mark, maybe, messagesOf, mode, parameters, textPart, toolsOf, toolTurnOf } from '../openai/any-chat-request';
import { textOf, translated } from '../replay';

const userTurn = content(fc.oneof(textPart, textPart, imagePart, filePart, audioPart)).map((value) => [{ role: 'user', content: value }]);
const answerTurn = fc.tuple(maybe(content(textPart)), mark).map(([value, point]) => [{ role: 'assistant', content: value, ...point }]);
const valid = fc.record({
  ...parameters,
  model: fc.constantFrom(LLAMA, CLAUDE_45, 'anthropic.claude-opus-4-7', 'us.amazon.nova-2-lite-v1:0', 'openai.gpt-oss-20b-1:0'),
  messages: messagesOf(userTurn, answerTurn, toolTurnOf(fc.oneof(textPart, imagePart), fc.constant({}))),
  tools: maybe(toolsOf()),
}, { requiredKeys: ['model', 'messages'] });

/** The error's status, or none when the request was translated into a body that Converse takes. */
function outcome(request: unknown, unsupportedParameters: 'Strict' | 'Safe' | 'Lenient', check: boolean): number | undefined {
  try {
    const out = translated(openAiToBedrockChat, request, { unsupportedParameters });
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

test('G17 G21 any valid request: a body that Converse takes, or a 400', () => {
  fc.assert(fc.property(valid, mode, (request, unsupportedParameters) => {
    expect([undefined, 400]).toContain(outcome(request, unsupportedParameters, true));
  }), { numRuns: 400 });
});

test('G21 under Lenient nothing is refused but what contradicts itself', () => {
  fc.assert(fc.property(valid, (request) => {
    // A forced tool that is not there, or while the model reasons, and a limit below what reasoning needs.
    expect(outcome({ ...request, tool_choice: 'auto', reasoning_effort: null }, 'Lenient', true)).toBeUndefined();
  }), { numRuns: 200 });
});

test('G17 any request with one part of another shape: a body or a 400, never another error', () => {
  fc.assert(fc.property(valid, fc.nat(), junk, mode, (request, place, value, unsupportedParameters) => {
    const changed = replaced(JSON.parse(JSON.stringify(request)), place, value);
    expect([undefined, 400]).toContain(outcome(changed, unsupportedParameters, false));
  }), { numRuns: 600 });
});

test('the same request gives the same bytes', () => {
  fc.assert(fc.property(valid, (request) => {
    if (outcome(request, 'Lenient', false) === undefined) {
      const bytes = () => textOf(translated(openAiToBedrockChat, request, { unsupportedParameters: 'Lenient' }).body ?? new Uint8Array(0));
      expect(bytes()).toBe(bytes());
    }
  }), { numRuns: 50 });
});
