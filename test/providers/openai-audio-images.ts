import type OpenAI from 'openai';
import { FakeHandler, wish } from './fake-provider';
import { fail } from './openai-failure';

/** What speech sounds like here: bytes that are no text. */
export const SOUND = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256));
const PIXELS = Buffer.from([0x89, 0x50, 0x4e, 0x47]).toString('base64');
const IMAGE_USAGE = { input_tokens: 4, output_tokens: 8, total_tokens: 12, input_tokens_details: { text_tokens: 4, image_tokens: 0 } };
const TRANSCRIPT_USAGE = { type: 'tokens', input_tokens: 5, output_tokens: 6, total_tokens: 11, input_token_details: { text_tokens: 0, audio_tokens: 5 } };

/** POST /v1/images/generations, plain and with partial images. */
export const answerImage: FakeHandler = (request, response) => {
  const body = jsonOf<OpenAI.ImageGenerateParams>(request.body);
  if (typeof body?.model !== 'string' || typeof body.prompt !== 'string') return fail(response, 400, 'model and prompt are required', 'invalid_request_error');
  const { error } = wish(body.prompt);
  if (error !== undefined) return fail(response, error, `as asked: ${error}`, 'server_error');
  const settings = { size: '1024x1024', quality: 'high', background: 'opaque', output_format: 'png' };
  if (body.stream !== true) {
    response.writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ created: 1_700_000_000, ...settings, data: [{ b64_json: PIXELS }], usage: IMAGE_USAGE }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = (type: string, more: object) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, b64_json: PIXELS, created_at: 1, ...settings, ...more })}\n\n`);
  for (let index = 0; index < (body.partial_images ?? 0); index++) event('image_generation.partial_image', { partial_image_index: index });
  event('image_generation.completed', { usage: IMAGE_USAGE });
  response.end();
};

/** POST /v1/audio/speech: sound, or events that carry it. */
export const answerSpeech: FakeHandler = (request, response) => {
  const body = jsonOf<OpenAI.Audio.SpeechCreateParams>(request.body);
  if (typeof body?.model !== 'string' || typeof body.input !== 'string' || body.voice === undefined) {
    return fail(response, 400, 'model, input and voice are required', 'invalid_request_error');
  }
  const { error } = wish(body.input);
  if (error !== undefined) return fail(response, error, `as asked: ${error}`, 'server_error');
  if (body.stream_format !== 'sse') {
    response.writeHead(200, { 'content-type': 'audio/mpeg' });
    for (let start = 0; start < SOUND.length; start += 1000) response.write(SOUND.subarray(start, start + 1000));
    response.end();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`data: ${JSON.stringify({ type: 'speech.audio.delta', audio: SOUND.toString('base64') })}\n\n`);
  response.end(`data: ${JSON.stringify({ type: 'speech.audio.done', usage: { input_tokens: 3, output_tokens: 9, total_tokens: 12 } })}\n\n`);
};

/** POST /v1/audio/transcriptions: a form with a file, read by the platform's own reader. */
export const answerTranscription: FakeHandler = async (request, response) => {
  const form = await formOf(request.body, request.headers['content-type']);
  if (form === undefined) return fail(response, 400, 'a form with a file and one model is required', 'invalid_request_error');
  const { error } = wish(form.prompt);
  if (error !== undefined) return fail(response, error, `as asked: ${error}`, 'server_error');
  const text = `${form.size} bytes of ${form.name} heard by ${form.model}`;
  if (form.stream) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const delta of text.split(/(?<= )/)) response.write(`data: ${JSON.stringify({ type: 'transcript.text.delta', delta })}\n\n`);
    response.end(`data: ${JSON.stringify({ type: 'transcript.text.done', text, usage: TRANSCRIPT_USAGE })}\n\n`);
  } else if (form.format === 'text') {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
  } else {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text, usage: TRANSCRIPT_USAGE }));
  }
};

/** POST /v1/audio/translations. */
export const answerTranslation: FakeHandler = async (request, response) => {
  const form = await formOf(request.body, request.headers['content-type']);
  if (form === undefined) return fail(response, 400, 'a form with a file and one model is required', 'invalid_request_error');
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text: `${form.name} in English by ${form.model}` }));
};

function jsonOf<Body>(body: Buffer): Body | undefined {
  try {
    return JSON.parse(body.toString('utf8')) as Body;
  } catch {
    return undefined;
  }
}

interface Form {
  readonly model: string;
  readonly name: string;
  readonly size: number;
  readonly prompt: string;
  readonly format: string;
  readonly stream: boolean;
}

async function formOf(body: Buffer, contentType: string | undefined): Promise<Form | undefined> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType ?? '' } }).formData().catch(() => undefined);
  const [file, models] = [form?.get('file'), form?.getAll('model') ?? []];
  if (form === undefined || !(file instanceof Blob) || models.length !== 1 || typeof models[0] !== 'string') return undefined;
  const field = (name: string): string => String(form.get(name) ?? '');
  return { model: models[0], name: file.name, size: file.size, prompt: field('prompt'), format: field('response_format'), stream: field('stream') === 'true' };
}
