import * as fc from 'fast-check';
import { chat, HOSTS, OLD, OPUS_46, OPUS_5, OPUS_55, sent, SONNET_45, SONNET_55 } from './claude';
import { ClaudeHost } from '../../../src/translate/anthropic/hosted-target';
import { RequestError } from '../../../src/translate/request-error';
import { junk, replaced } from '../any-shape';
import { content, dataUrl, details, filePart, mark, maybe, messagesOf, mode, parameters, text, textPart, toolsOf, toolTurnOf } from '../openai/any-chat-request';
import { textOf } from '../replay';

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
const host = fc.constantFrom(...HOSTS);

/** The error's status, or none when the request was translated into a body that the host takes. */
function outcome(request: object, on: ClaudeHost, unsupportedParameters: 'Strict' | 'Safe' | 'Lenient', check: boolean): number | undefined {
  try {
    if (check) {
      sent({ ...request }, { host: on, unsupportedParameters });
    } else {
      chat(request, { host: on, unsupportedParameters });
    }
    return undefined;
  } catch (error) {
    if (error instanceof RequestError) {
      return error.status;
    }
    throw error;
  }
}

test('G17 G21 any valid request: a body that Claude takes, or a 400', () => {
  fc.assert(fc.property(valid, host, mode, (request, on, unsupportedParameters) => {
    expect([undefined, 400]).toContain(outcome(request, on, unsupportedParameters, true));
  }), { numRuns: 600 });
});

test('G21 under Lenient nothing is refused but what contradicts itself', () => {
  fc.assert(fc.property(valid, (request) => {
    // A forced tool that is not there, or while the model reasons, and a limit below what reasoning needs.
    expect(outcome({ ...request, tool_choice: 'auto', reasoning_effort: null }, 'Anthropic', 'Lenient', true)).toBeUndefined();
  }), { numRuns: 300 });
});

test('G17 any request with one part of another shape: a body or a 400, never another error', () => {
  fc.assert(fc.property(valid, fc.nat(), junk, host, mode, (request, place, value, on, unsupportedParameters) => {
    const changed = replaced(JSON.parse(JSON.stringify(request)), place, value);
    expect([undefined, 400]).toContain(outcome(changed as object, on, unsupportedParameters, false));
  }), { numRuns: 600 });
});

test('the same request gives the same bytes', () => {
  fc.assert(fc.property(valid, (request) => {
    if (outcome(request, 'Anthropic', 'Lenient', false) === undefined) {
      const bytes = () => textOf(chat(request, { unsupportedParameters: 'Lenient' }).body ?? new Uint8Array(0));
      expect(bytes()).toBe(bytes());
    }
  }), { numRuns: 50 });
});
