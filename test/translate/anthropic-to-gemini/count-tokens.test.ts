import { anthropicToGeminiCountTokens } from '../../../src/translate/anthropic-to-gemini/translator';
import { SentBody } from '../../../src/translate/body-pieces';
import { TranslationContext } from '../../../src/translate/translator';
import { JSON_TYPE } from '../anthropic-to-openai/messages';
import { witness } from '../anthropic-to-openai/witness';
import { bytesOf, replay, textOf, translated } from '../replay';

const REQUEST = { model: 'gemini-2.5-flash', system: 'Be brief.', messages: [{ role: 'user' as const, content: 'Hi' }] };
const PROMPT = { systemInstruction: { parts: [{ text: 'Be brief.' }] }, contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] };
const count = (more: object = {}, context: Partial<TranslationContext> = {}) =>
  translated(anthropicToGeminiCountTokens, { ...REQUEST, ...more }, { gcp: { project: 'p', region: 'us-central1' }, ...context });
const bodyOf = (request: { readonly body?: SentBody }) => JSON.parse(textOf(request.body ?? new Uint8Array(0))) as unknown;

test('asks countTokens of Vertex AI', () => {
  expect(count()).toMatchObject({ method: 'POST', path: '/v1/projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash:countTokens' });
  expect(bodyOf(count())).toMatchObject(PROMPT);
  expect(bodyOf(count({ tools: [{ name: 'f', input_schema: { type: 'object', properties: { a: { type: 'string' } } } }] }))).toMatchObject({ tools: [{ functionDeclarations: [{ name: 'f' }] }] });
});

test('asks countTokens of the Gemini API, which takes all but the contents inside the request', () => {
  const request = count({}, { gcp: undefined });
  expect(request.path).toBe('/v1beta/models/gemini-2.5-flash:countTokens');
  expect(bodyOf(request)).toMatchObject({ generateContentRequest: { model: 'models/gemini-2.5-flash', ...PROMPT } });
});

test('B30 answers and errors are Anthropic\'s', () => {
  const body = { totalTokens: 31, totalBillableCharacters: 96, promptTokensDetails: [{ modality: 'TEXT', tokenCount: 31 }] };
  expect(replay(count().response, 200, JSON_TYPE, [bytesOf(JSON.stringify(body))]).text).toBe('{"input_tokens":31}');
  const { text } = replay(count().response, 403, JSON_TYPE, [bytesOf('{"error":{"code":403,"message":"Denied","status":"PERMISSION_DENIED"}}')]);
  expect(JSON.parse(text)).toEqual({ type: 'error', error: { type: 'permission_error', message: 'Denied', details: { error_code: 'PERMISSION_DENIED' } } });
});

test('the official client reads it', async () => {
  const { client } = witness(anthropicToGeminiCountTokens, 200, JSON_TYPE, bytesOf('{"totalTokens":31}'));
  expect((await client.messages.countTokens(REQUEST)).input_tokens).toBe(31);
});
