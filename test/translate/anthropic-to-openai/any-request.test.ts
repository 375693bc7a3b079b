import * as fc from 'fast-check';
import { anyMessagesRequest } from './any-messages-request';
import { bodyOf } from './messages';
import { anthropicToOpenAiMessages } from '../../../src/translate/anthropic-to-openai/translator';
import { RequestError } from '../../../src/translate/request-error';
import { junk, replaced } from '../any-shape';
import { textOf, translated } from '../replay';

const valid = anyMessagesRequest('gpt-5.2', 'gpt-4o', 'o3', 'meta-llama/Llama-3.3-70B');
const mode = fc.constantFrom('Strict', 'Safe', 'Lenient');

/** The error's status, or none when the request was translated into a body that OpenAI takes. */
function outcome(request: unknown, unsupportedParameters: 'Strict' | 'Safe' | 'Lenient', check: boolean): number | undefined {
  try {
    const out = translated(anthropicToOpenAiMessages, request, { unsupportedParameters });
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

test('G17 G21 any valid request: a body that OpenAI takes, or a 400', () => {
  fc.assert(fc.property(valid, mode, (request, unsupportedParameters) => {
    expect([undefined, 400]).toContain(outcome(request, unsupportedParameters, true));
  }), { numRuns: 400 });
});

test('G21 under Lenient nothing is refused but what contradicts itself', () => {
  fc.assert(fc.property(valid, (request) => {
    // A forced tool that is not there.
    expect(outcome({ ...request, tool_choice: { type: 'auto' } }, 'Lenient', true)).toBeUndefined();
  }), { numRuns: 300 });
});

test('G17 any request with one part of another shape: a body or a 400, never another error', () => {
  fc.assert(fc.property(valid, fc.nat(), junk, mode, (request, place, value, unsupportedParameters) => {
    expect([undefined, 400]).toContain(outcome(replaced(JSON.parse(JSON.stringify(request)), place, value), unsupportedParameters, false));
  }), { numRuns: 600 });
});

test('the same request gives the same bytes', () => {
  fc.assert(fc.property(valid, (request) => {
    if (outcome(request, 'Lenient', false) === undefined) {
      const bytes = () => textOf(translated(anthropicToOpenAiMessages, request, { unsupportedParameters: 'Lenient' }).body ?? new Uint8Array(0));
      expect(bytes()).toBe(bytes());
    }
  }), { numRuns: 50 });
});
