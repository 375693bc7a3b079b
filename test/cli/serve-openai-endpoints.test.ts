import OpenAI, { toFile } from 'openai';
import { ServedFixture } from './served-fixture';
import { startFakeAzureOpenAi } from '../providers/fake-azure-openai';
import { FakeOpenAi, startFakeOpenAi } from '../providers/fake-openai';
import { FakeProvider } from '../providers/fake-provider';
import { SOUND } from '../providers/openai-audio-images';

jest.setTimeout(60_000);

let openAi: FakeOpenAi;
let azure: FakeProvider;
let served: ServedFixture;
let base: string;
let client: OpenAI;

beforeAll(async () => {
  [openAi, azure] = await Promise.all([startFakeOpenAi(), startFakeAzureOpenAi()]);
  served = await ServedFixture.start('openai-endpoints.yaml', { azure, 'azure-v1': azure, 'openai': openAi, 'edited': openAi }, { 'azure/apiKey': 'planted-azure-key' });
  base = served.url;
  client = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'none', maxRetries: 0 });
});

afterAll(() => served.stop());

const MODELS = ['same', 'renamed', 'azure', 'azure-v1'] as const;

/** The name that the provider is told. */
function upstreamName(model: string): string {
  return model.startsWith('azure') ? 'my-deployment' : model === 'renamed' ? 'upstream-name' : model;
}

function lastPath(model: string): string | undefined {
  return (model.startsWith('azure') ? azure : openAi).requests.at(-1)?.path;
}

describe.each(MODELS)('the official client, model %s', (model) => {
  test('responses, plain', async () => {
    const answer = await client.responses.create({ model, input: [{ role: 'user', content: 'Hi' }] });
    expect([answer.output_text, answer.usage?.total_tokens, answer.model]).toEqual(['Hello from the Responses API.', 18, upstreamName(model)]);
    expect(lastPath(model)).toBe(model.startsWith('azure') ? '/openai/v1/responses' : '/v1/responses');
  });

  test('responses, streamed, and read to the end by the helper', async () => {
    const stream = client.responses.stream({ model, input: 'Hi' });
    let text = '';
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    expect(text).toBe('Hello from the Responses API.');
    expect((await stream.finalResponse()).status).toBe('completed');
    await served.serve.says(new RegExp(`${model} .*stream  tokens=11 [(]3 cached[)]\\+7`));
  });

  test('responses with a tool', async () => {
    const answer = await client.responses.create({
      model, input: 'Weather?', tools: [{ type: 'function', name: 'get_weather', strict: null, parameters: { type: 'object', properties: { city: { type: 'string' } } } }],
    });
    expect(answer.output).toMatchObject([{ type: 'function_call', name: 'get_weather', arguments: '{"city":"Paris"}' }]);
  });

  test('responses, input tokens', async () => {
    expect(await client.responses.inputTokens.count({ model, input: 'Hi' })).toEqual({ object: 'response.input_tokens', input_tokens: 11 });
  });

  test('responses that break off throw at the caller', async () => {
    const read = async (): Promise<void> => {
      for await (const event of await client.responses.create({ model, input: 'break off', stream: true })) expect(event.type).not.toBe('response.completed');
    };
    await expect(read()).rejects.toMatchObject({ code: 'upstream_broke_off', type: 'server_error' });
  });

  test.each([400, 429, 500])('an error of the provider keeps its status: %d', async (status) => {
    await expect(client.responses.create({ model, input: `error ${status}` })).rejects.toMatchObject({ status, error: { message: `as asked: ${status}` } });
  });

  test('images, plain and partial', async () => {
    const image = await client.images.generate({ model, prompt: 'a cat' });
    expect([image.data?.[0].b64_json, image.usage?.total_tokens]).toEqual([expect.any(String), 12]);
    const types: string[] = [];
    for await (const event of await client.images.generate({ model, prompt: 'a cat', stream: true, partial_images: 2 })) types.push(event.type);
    expect(types).toEqual(['image_generation.partial_image', 'image_generation.partial_image', 'image_generation.completed']);
  });

  test('speech, byte for byte', async () => {
    const speech = await client.audio.speech.create({ model, input: 'Hi', voice: 'alloy' });
    expect(speech.headers.get('content-type')).toBe('audio/mpeg');
    expect(Buffer.from(await speech.arrayBuffer()).equals(SOUND)).toBe(true);
  });

  test('speech as events', async () => {
    const speech = await client.audio.speech.create({ model, input: 'Hi', voice: 'alloy', stream_format: 'sse' });
    expect(await speech.text()).toMatch(/^data: \{"type":"speech\.audio\.delta"[^]*\n\ndata: \{"type":"speech\.audio\.done"[^\n]*\n\n$/);
  });

  test('transcriptions: JSON, text and streamed', async () => {
    const file = await toFile(SOUND, 'a "loud" sound.mp3', { type: 'audio/mpeg' });
    const heard = `4096 bytes of a "loud" sound.mp3 heard by ${upstreamName(model)}`;
    expect((await client.audio.transcriptions.create({ model, file })).text).toBe(heard);
    expect(await client.audio.transcriptions.create({ model, file, response_format: 'text' })).toBe(`${heard}\n`);
    let text = '';
    for await (const event of await client.audio.transcriptions.create({ model, file, stream: true })) {
      if (event.type === 'transcript.text.delta') text += event.delta;
    }
    expect(text).toBe(heard);
    await served.serve.says(new RegExp(`${model} .*stream  tokens=5\\+6`));
  });

  test('translations', async () => {
    const file = await toFile(SOUND, 'a.mp3');
    expect((await client.audio.translations.create({ model, file })).text).toBe(`a.mp3 in English by ${upstreamName(model)}`);
  });

  test('chat, plain and streamed', async () => {
    const request = { model, messages: [{ role: 'user' as const, content: 'Hi' }] };
    expect((await client.chat.completions.create(request)).choices[0].message.content).toBe('Hello from the OpenAI-compatible server.');
    let text = '';
    for await (const { choices } of await client.chat.completions.create({ ...request, stream: true })) text += choices[0].delta.content ?? '';
    expect(text).toBe('Hello from the stream.');
  });
});

test('Azure is called at the deployment\'s path with its key', async () => {
  await client.chat.completions.create({ model: 'azure', messages: [{ role: 'user', content: 'Hi' }] });
  const { path, headers } = azure.requests.at(-1)!;
  expect([path, headers['api-key'], headers.authorization]).toEqual(['/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21', 'planted-azure-key', undefined]);
});

test('a form of 20 MB passes, and arrives as it was sent', async () => {
  const sound = Buffer.alloc(20 * 1024 * 1024, SOUND);
  const { text } = await client.audio.transcriptions.create({ model: 'same', file: await toFile(sound, 'long.wav') });
  expect(text).toBe(`${sound.length} bytes of long.wav heard by same`);
  expect(openAi.requests.at(-1)?.body.includes(sound)).toBe(true);
});

test('a form where the backend edits bodies is refused with words that say so', async () => {
  const file = await toFile(SOUND, 'a.mp3');
  await expect(client.audio.transcriptions.create({ model: 'edited', file })).rejects.toMatchObject({
    status: 400, code: 'unsupported_content_type', message: expect.stringContaining('it takes no multipart/form-data') as string,
  });
});

test('forms that are broken, or sent where JSON is asked for, are refused', async () => {
  const send = async (path: string, body: string, contentType: string) => {
    const response = await fetch(`${base}${path}`, { method: 'POST', body, headers: { 'content-type': contentType } });
    return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
  };
  const form = '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nsame\r\n--b--\r\n';
  expect(await send('/v1/audio/transcriptions', form.slice(0, -8), 'multipart/form-data; boundary=b')).toEqual([400, 'invalid_multipart']);
  expect(await send('/v1/audio/transcriptions', form, 'multipart/form-data')).toEqual([400, 'invalid_multipart']);
  expect(await send('/v1/chat/completions', form, 'multipart/form-data; boundary=b')).toEqual([400, 'invalid_json']);
  expect(await send('/v1/audio/transcriptions', form, 'text/plain')).toEqual([400, 'invalid_json']);
});
