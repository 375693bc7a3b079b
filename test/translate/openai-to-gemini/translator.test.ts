import { bodyOf, chat, FLASH_25, refusal } from './gemini';
import { openAiToGeminiChat } from '../../../src/translate/openai-to-gemini/translator';
import { translated } from '../replay';

// Its CommonJS build, which its types do not tell of.
const { GoogleGenAI } = jest.requireActual<typeof import('@google/genai', { with: { 'resolution-mode': 'import' } })>('@google/genai');

/** The path that the official SDK itself asks for; nothing is sent. */
async function pathOfSdk(model: string, stream: boolean, vertexai: boolean): Promise<string> {
  const urls: string[] = [];
  const original = globalThis.fetch;
  globalThis.fetch = async (url) => {
    urls.push(String(url));
    throw new Error('not sent');
  };
  try {
    const client = new GoogleGenAI(vertexai
      ? { vertexai, project: 'my-project', location: 'us-central1', apiVersion: 'v1', googleAuthOptions: { authClient: { getRequestHeaders: async () => new Headers() } as never } }
      : { apiKey: 'none' });
    const models = client.models;
    await expect(stream ? models.generateContentStream({ model, contents: 'Hi' }) : models.generateContent({ model, contents: 'Hi' })).rejects.toThrow('not sent');
  } finally {
    globalThis.fetch = original;
  }
  const { pathname, search } = new URL(urls[0]);
  return pathname + search;
}

test('a plain request', () => {
  expect(chat({})).toMatchObject({
    method: 'POST',
    path: '/v1/projects/my-project/locations/us-central1/publishers/google/models/gemini-2.5-flash:generateContent',
    setHeaders: [['content-type', 'application/json'], ['accept', 'application/json']],
    removeHeaders: [],
    stream: false,
    dropped: [],
  });
});

test('a stream', () => {
  expect(chat({ stream: true })).toMatchObject({
    path: '/v1/projects/my-project/locations/us-central1/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    setHeaders: [['content-type', 'application/json'], ['accept', 'text/event-stream']],
    stream: true,
  });
});

test('without a Google Cloud project it is the Gemini API', () => {
  expect(chat({}, { gcp: undefined }).path).toBe('/v1beta/models/gemini-2.5-flash:generateContent');
  expect(chat({ stream: true }, { gcp: undefined }).path).toBe('/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse');
});

test.each([FLASH_25, 'publishers/google/models/gemini-2.5-pro', 'google/gemini-2.5-pro'])('the path of %s is the one that the official SDK asks for', async (model) => {
  expect(chat({ model }).path).toBe(await pathOfSdk(model, false, true));
  expect(chat({ model, stream: true }).path).toBe(await pathOfSdk(model, true, true));
});

test('the path on the Gemini API is the one that the official SDK asks for', async () => {
  expect(chat({}, { gcp: undefined }).path).toBe(await pathOfSdk(FLASH_25, false, false));
  expect(chat({ model: 'models/gemini-2.5-flash', stream: true }, { gcp: undefined }).path).toBe(await pathOfSdk(FLASH_25, true, false));
});

test('a tuned model is an endpoint of the same project', () => {
  expect(chat({}, { upstreamModel: 'endpoints/123' }).path).toBe('/v1/projects/my-project/locations/us-central1/endpoints/123:generateContent');
});

test('the target\'s model name is what is asked for', () => {
  expect(chat({ model: 'mine' }, { upstreamModel: FLASH_25 }).path).toContain('/models/gemini-2.5-flash:');
});

test.each([
  ['../../x', '..%2F..%2Fx'], ['projects/other/locations/l/endpoints/1', 'projects%2Fother%2Flocations%2Fl%2Fendpoints%2F1'], ['endpoints/1/x', 'endpoints%2F1%2Fx'],
  ['a:b?c#d', 'a%3Ab%3Fc%23d'],
])('a model name stays within its segment: %s', (upstreamModel, segment) => {
  expect(chat({}, { upstreamModel }).path).toBe(`/v1/projects/my-project/locations/us-central1/publishers/google/models/${segment}:generateContent`);
});

test.each(['.', '..', '\ud800', 'models/', 'google/..'])('a model name that leads elsewhere is refused: %j', (model) => {
  expect(refusal({}, { upstreamModel: model })).toMatchObject({ status: 400, param: 'model' });
});

describe('service_tier', () => {
  test('is a header for Vertex AI and a field for the Gemini API', () => {
    expect(chat({ service_tier: 'flex' }).setHeaders.at(-1)).toEqual(['x-vertex-ai-llm-shared-request-type', 'flex']);
    const api = chat({ service_tier: 'priority' }, { gcp: undefined });
    expect([api.setHeaders.length, bodyOf(api).serviceTier]).toEqual([2, 'priority']);
  });

  test.each(['auto', 'default', 'scale'])('%s sends nothing', (tier) => {
    const request = chat({ service_tier: tier });
    expect([request.setHeaders.length, request.dropped.map(({ parameter }) => parameter)]).toEqual([2, tier === 'scale' ? ['service_tier'] : []]);
    expect(bodyOf(request)).toEqual(bodyOf(chat({})));
  });
});

test('G17 a body that is nested too deeply to be written is a 400', () => {
  for (const parameters of [
    `{"type":"object","properties":{"a":{"default":1}},"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    `${'{"type":"array","items":'.repeat(100_000)}{}${'}'.repeat(100_000)}`,
  ]) {
    const body = `{"model":"${FLASH_25}","messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f","parameters":${parameters}}}]}`;
    expect(statusOf(body)).toBe(parameters.startsWith('{"type":"array"') ? 400 : undefined);
  }
});

function statusOf(body: string): unknown {
  try {
    translated(openAiToGeminiChat, body, {});
    return undefined;
  } catch (error) {
    return (error as { readonly status?: number }).status;
  }
}

test('a message of very many parts is no fault', () => {
  const content = Array.from({ length: 200_000 }, () => ({ type: 'text', text: 'a' }));
  expect(chat({ messages: [{ role: 'system', content }, { role: 'user', content }, { role: 'user', content }] }).body?.length).toBeGreaterThan(600_000);
});
