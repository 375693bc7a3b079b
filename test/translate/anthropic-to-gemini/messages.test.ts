import Anthropic from '@anthropic-ai/sdk';
import { UnsupportedParameters } from '../../../src/resources/llm-route';
import { anthropicToGeminiMessages } from '../../../src/translate/anthropic-to-gemini/translator';
import { carried } from '../../../src/translate/anthropic-to-openai/extra-content';
import { TranslationContext } from '../../../src/translate/translator';
import { geminiComplaint } from '../../providers/gemini-complaint';
import { anyMessagesRequest } from '../anthropic-to-openai/any-messages-request';
import { EVENT_STREAM, JSON_TYPE, messageOf, messages, readEvents, refusal } from '../anthropic-to-openai/messages';
import { witness } from '../anthropic-to-openai/witness';
import { expectBodyOr400, expectNoRefusalUnderLenient } from '../any-request';
import { misshapen } from '../any-shape';
import { bytesOf, everySplit, replay, textOf, translated } from '../replay';

const GEMINI = 'gemini-3-pro-preview';
const GCP = { project: 'p', region: 'global' };
const TOOLS = ['look', 'now'].map((name): Anthropic.Tool => ({ name, input_schema: { type: 'object', properties: {} } }));

interface GeminiJson {
  readonly contents: ReadonlyArray<{ readonly role: string; readonly parts: ReadonlyArray<Record<string, unknown>> }>;
  readonly [name: string]: unknown;
}

const request = (more: object, context: Partial<TranslationContext> = {}) => messages({ model: GEMINI, ...more }, { gcp: GCP, ...context }, anthropicToGeminiMessages);
const sent = (more: object) => JSON.parse(textOf(request(more).body ?? new Uint8Array(0))) as GeminiJson;
const streamed = (chunks: readonly Uint8Array[], broken?: string) => replay(request({ stream: true, tools: TOOLS }).response, 200, EVENT_STREAM, chunks, broken);

const event = (parts: readonly object[], more: object = {}) => `data: ${JSON.stringify({
  candidates: [{ content: { role: 'model', parts }, ...more }],
  usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 15, thoughtsTokenCount: 5, totalTokenCount: 40 },
  modelVersion: GEMINI,
  responseId: 'r',
})}\r\n\r\n`;
/** Thoughts, text, and two calls made together, of which Gemini signs the first. */
const STREAM = bytesOf([
  event([{ text: 'Hm.', thought: true }]), event([{ text: 'Let me look.' }]),
  event([{ functionCall: { name: 'look', args: { a: 1 } }, thoughtSignature: 'c2lnbmVk' }, { functionCall: { name: 'now', args: {} } }]),
  event([{ text: '' }], { finishReason: 'STOP' }),
].join(''));

test('goes to generateContent and streamGenerateContent', () => {
  expect(request({}).path).toBe('/v1/projects/p/locations/global/publishers/google/models/gemini-3-pro-preview:generateContent');
  expect(request({ stream: true }).path).toMatch(/:streamGenerateContent\?alt=sse$/);
  expect(request({}, { gcp: undefined }).path).toBe('/v1beta/models/gemini-3-pro-preview:generateContent');
  expect(sent({ system: 'Be brief.', stop_sequences: ['END'], max_tokens: 50, top_k: 5 })).toMatchObject({
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
    generationConfig: { maxOutputTokens: 50, stopSequences: ['END'], topK: 5 },
  });
});

test.each<[unknown, unknown]>([['no file', 'no file'], ['{"code": 2}', { code: 2 }], [[{ type: 'text', text: 'no file' }], 'no file'], [undefined, '']])(
  'a tool that failed gave an error: %j', (content, error) => {
    const body = sent({
      tools: TOOLS,
      messages: [
        { role: 'user', content: 'Hi' }, { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'look', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content, is_error: true }] },
      ],
    });
    expect(body.contents[2].parts).toEqual([{ functionResponse: { id: 'a', name: 'look', response: { error } } }]);
  });

test('a budget of thinking is the budget itself, or the level that comes near it', () => {
  const config = (model: string, more: object) => (sent({ model, max_tokens: 9000, ...more }).generationConfig as { thinkingConfig: unknown }).thinkingConfig;
  const thinking = { type: 'enabled', budget_tokens: 5000 };
  expect(config('gemini-2.5-flash', { thinking })).toEqual({ includeThoughts: true, thinkingBudget: 5000 });
  expect(config('gemini-2.5-flash', { thinking: { type: 'adaptive' }, output_config: { effort: 'medium' } })).toEqual({ includeThoughts: true, thinkingBudget: 8192 });
  expect(config('gemini-2.5-flash', { thinking: { type: 'disabled' } })).toEqual({ thinkingBudget: 0 });
  expect(config('gemini-3-flash', { thinking })).toEqual({ includeThoughts: true, thinkingLevel: 'MEDIUM' });
});

test('C8 C10 images and documents survive, also in results of tools', () => {
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } };
  const pdf = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' } };
  const body = JSON.stringify(sent({
    tools: TOOLS,
    messages: [
      { role: 'user', content: [image, pdf] }, { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'look', input: { a: 1 } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'ok' }, image] }] },
    ],
  }));
  expect(body.split('"mimeType":"image/png"')).toHaveLength(3);
  expect(body.split('"mimeType":"application/pdf"')).toHaveLength(2);
  expect(body).toContain('functionResponse');
});

test('C5 G1 V8 a stream of whole calls, at every cut; the signature comes in a block that clients send back as it is', () => {
  const expected = streamed([STREAM]);
  for (const chunks of everySplit(STREAM)) {
    expect(streamed(chunks)).toEqual(expected);
  }
  const { content, delta, usage } = messageOf(expected.text);
  expect(content.map(({ type, text, thinking, name, input }) => [type, text ?? thinking ?? name, input])).toEqual([
    ['thinking', 'Hm.', undefined], ['text', 'Let me look.', undefined], ['redacted_thinking', undefined, undefined], ['tool_use', 'look', '{"a":1}'], ['tool_use', 'now', '{}'],
  ]);
  expect(carried(content[2].data as string)).toEqual({ toolCallId: content[3].id, extraContent: { google: { thought_signature: 'c2lnbmVk' } } });
  expect([delta.stop_reason, usage]).toEqual(['tool_use', expect.objectContaining({ input_tokens: 20, output_tokens: 20 })]);
});

test('V8 C13 the official client sends the signature back where it belongs', async () => {
  // GIVEN
  const { client, bodies } = witness(anthropicToGeminiMessages, 200, EVENT_STREAM, STREAM, { gcp: GCP });
  const base = { model: GEMINI, max_tokens: 100, tools: TOOLS, messages: [{ role: 'user' as const, content: 'Hi' }] };
  const message = await client.messages.stream(base).finalMessage();
  // WHEN
  const results = message.content.flatMap((block): Anthropic.ToolResultBlockParam[] => block.type === 'tool_use' ? [{ type: 'tool_result', tool_use_id: block.id, content: 'ok' }] : []);
  await client.messages.stream({ ...base, messages: [...base.messages, { role: 'assistant', content: message.content }, { role: 'user', content: results }] }).finalMessage();
  // THEN
  const [, model, user] = (bodies[1] as GeminiJson).contents;
  expect(model.parts).toEqual([
    { text: 'Let me look.' }, { functionCall: expect.objectContaining({ name: 'look', args: { a: 1 } }) as unknown, thoughtSignature: 'c2lnbmVk' },
    { functionCall: expect.objectContaining({ name: 'now', args: {} }) as unknown },
  ]);
  expect(user.parts.map((part) => Object.keys(part))).toEqual([['functionResponse'], ['functionResponse']]);
});

test('V8 a signature of the text itself survives, too', () => {
  const stream = bytesOf(event([{ text: 'Hi', thoughtSignature: 'dGV4dA==' }]) + event([{ text: '' }], { finishReason: 'STOP' }));
  const { content } = messageOf(streamed([stream]).text);
  expect(content.map(({ type }) => type)).toEqual(['text', 'redacted_thinking']);
  const [, model] = sent({ messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content }, { role: 'user', content: 'Bye' }] }).contents;
  expect(model.parts).toEqual([{ text: 'Hi', thoughtSignature: 'dGV4dA==' }]);
});

test('what another provider carried, or what was damaged, is left out and said', () => {
  const history = (data: string) => ({ messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: [{ type: 'redacted_thinking', data }, { type: 'text', text: 'Hi' }] }, { role: 'user', content: 'Bye' }] });
  for (const data of ['c2VjcmV0', 'llmgw.extra.%%%', 'llmgw.extra.bnVsbA==']) {
    expect(request(history(data)).dropped.map(({ parameter }) => parameter)).toEqual(['messages[].content[]']);
  }
});

test('a broken stream ends in an error event, V3 a malformed call is a failed generation, V5 a blocked prompt is a refusal', () => {
  const finishAt = textOf(STREAM).lastIndexOf('data: ');
  for (let end = 0; end < finishAt; end += 7) {
    expect(readEvents(streamed([STREAM.subarray(0, end)]).text).at(-1)).toMatchObject({ type: 'error' });
  }
  expect(streamed([bytesOf(event([], { finishReason: 'MALFORMED_FUNCTION_CALL' }))]).failure).toMatchObject({ status: 502, code: 'malformed_function_call' });
  expect(messageOf(streamed([bytesOf('data: {"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":3,"totalTokenCount":3}}\n\n')]).text).delta.stop_reason).toBe('refusal');
});

test('V17 errors have Anthropic\'s envelope', () => {
  const body = JSON.stringify([{ error: { code: 429, message: 'Resource exhausted', status: 'RESOURCE_EXHAUSTED' } }]);
  const { head, text } = replay(request({ stream: true }).response, 429, JSON_TYPE, [bytesOf(body)]);
  expect([head.status, JSON.parse(text)]).toEqual([429, { type: 'error', error: { type: 'rate_limit_error', message: 'Resource exhausted', details: { error_code: 'RESOURCE_EXHAUSTED' } } }]);
});

test('an image by URL that Gemini does not fetch is refused in the client\'s words', () => {
  const error = refusal({ model: GEMINI, messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://a.test/b.png' } }] }] }, { gcp: GCP }, anthropicToGeminiMessages);
  expect(error).toMatchObject({ status: 400, param: 'messages[0].content[]' });
});

describe('any request', () => {
  const valid = anyMessagesRequest(GEMINI, 'gemini-2.5-flash');
  const translate = (value: object, unsupportedParameters: UnsupportedParameters) => translated(anthropicToGeminiMessages, value, { unsupportedParameters, gcp: GCP });
  const taken = (value: object, unsupportedParameters: UnsupportedParameters) => {
    const { body } = translate(value, unsupportedParameters);
    expect(geminiComplaint(JSON.parse(textOf(body ?? new Uint8Array(0))), (value as { model: string }).model)).toBeUndefined();
  };

  test('G17 G21 valid or with a part of another shape: a body or a 400, never another error', () => {
    expectBodyOr400(valid, taken, 300);
    expectBodyOr400(misshapen(valid), translate, 300);
  });

  test('G21 under Lenient nothing is refused but what contradicts itself', () => {
    expectNoRefusalUnderLenient(valid.map((value) => ({ ...value, tool_choice: { type: 'auto' } })), taken, 200);
  });
});
