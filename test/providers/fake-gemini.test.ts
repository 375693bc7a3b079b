import { FakeGemini, startFakeGemini } from './fake-gemini';
import { geminiComplaint } from './gemini-complaint';

let fake: FakeGemini;

beforeAll(async () => {
  fake = await startFakeGemini();
});
afterAll(() => fake.close());

const VERTEX = '/v1/projects/p/locations/global/publishers/google/models/gemini-2.5-flash';
const HI = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] };
const TOOL = { tools: [{ functionDeclarations: [{ name: 'f' }] }] };

const post = (path: string, body: unknown, headers: Record<string, string> = { authorization: 'Bearer x' }) =>
  fetch(`http://127.0.0.1:${fake.port}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });

test('answers whole and as a stream, on both APIs', async () => {
  for (const [path, headers] of [[VERTEX, { authorization: 'Bearer x' }], ['/v1beta/models/gemini-2.5-flash', { 'x-goog-api-key': 'x' }]] as const) {
    expect(await (await post(`${path}:generateContent`, HI, headers)).json()).toMatchObject({ candidates: [{ finishReason: 'STOP', content: { parts: [{ text: 'Hello from Gemini.' }] } }] });
    expect((await (await post(`${path}:streamGenerateContent?alt=sse`, HI, headers)).text()).split('\r\n\r\n')).toHaveLength(5);
  }
  expect(await (await post(`${VERTEX}:generateContent`, { ...HI, ...TOOL })).json()).toMatchObject({ candidates: [{ content: { parts: [{ functionCall: { name: 'f' } }] } }] });
});

test('refuses what Google would refuse', async () => {
  const wrong = { ...HI, tool_choice: 'auto' };
  expect([
    (await post(`${VERTEX}:generateContent`, HI, {})).status, (await post('/v1/x', HI)).status, (await post(`${VERTEX}:generateContent`, wrong)).status,
    (await post(`${VERTEX}:generateContent`, { contents: [{ role: 'user', parts: [{ text: 'error 429' }] }] })).status,
  ]).toEqual([401, 404, 400, 429]);
  expect(await (await post(`${VERTEX}:streamGenerateContent?alt=sse`, wrong)).json())
    .toEqual([{ error: { code: 400, message: 'Invalid JSON payload received. Unknown name "tool_choice" at \'body\': Cannot find field.', status: 'INVALID_ARGUMENT' } }]);
});

const asked = { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] };

test.each<[string, object, string]>([
  ['no contents', { contents: [] }, 'contents are required'],
  ['a role of OpenAI\'s', { contents: [{ role: 'assistant', parts: [{ text: 'x' }] }] }, 'valid role'],
  ['no parts', { contents: [{ role: 'user', parts: [] }] }, 'at least one parts field'],
  ['two data in a part', { contents: [{ role: 'user', parts: [{ text: 'x', inlineData: { mimeType: 'a/b', data: 'AAAA' } }] }] }, 'oneof field'],
  ['empty text', { contents: [{ role: 'user', parts: [{ text: '' }] }] }, 'text parameter'],
  ['fewer results than calls', { contents: [...HI.contents, asked, ...HI.contents] }, 'number of function response parts'],
  ['results without calls', { contents: [{ role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }] }] }, 'number of function response parts'],
  ['names that it does not take', { ...HI, tools: [{ functionDeclarations: [{ name: '1a' }] }] }, 'Invalid function name'],
  ['OpenAPI types in lower case', { ...HI, tools: [{ functionDeclarations: [{ name: 'f', parameters: { type: 'object' } }] }] }, 'Invalid value "object"'],
  ['keywords that JSON Schema has and Gemini has not', { ...HI, generationConfig: { responseMimeType: 'application/json', responseJsonSchema: { type: 'array', uniqueItems: true } } }, 'uniqueItems'],
  ['an empty stop sequence', { ...HI, generationConfig: { stopSequences: [''] } }, 'stop_sequences'],
  ['another type', { ...HI, generationConfig: { temperature: 'x' } }, 'no number'],
  ['another enum value', { ...HI, generationConfig: { thinkingConfig: { thinkingLevel: 'LOWEST' } } }, 'Invalid value'],
  ['the Gemini API\'s own field', { ...HI, serviceTier: 'flex' }, 'Unknown name "serviceTier"'],
])('complains of %s', (_, body, complaint) => {
  expect(geminiComplaint(body)).toContain(complaint);
});

test('complains of a missing signature for newer models only', () => {
  const answered = { role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }] };
  const body = { contents: [...HI.contents, asked, answered] };
  expect([geminiComplaint(body, 'gemini-2.5-flash'), geminiComplaint(body, 'gemini-3-flash')]).toEqual([undefined, expect.stringContaining('thought_signature')]);
});
