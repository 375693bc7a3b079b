import { joinedBody } from '../../../src/translate/body-pieces';
import { openAiToOpenAiImages, openAiToOpenAiSpeech, openAiToOpenAiTranscriptions, openAiToOpenAiTranslations } from '../../../src/translate/openai-to-openai/translator';
import { readRequestBody } from '../../../src/translate/scan-request-body';
import { TranslatedRequest, TranslationContext, Translator } from '../../../src/translate/translator';
import { formOf, formType } from '../multipart/form';
import { bytesOf, everySplit, fixture, replay, textOf, translated } from '../replay';

const SSE = { 'content-type': 'text/event-stream' };
const JSON_TYPE = { 'content-type': 'application/json' };
const AUDIO = new Uint8Array(Array.from({ length: 600 }, (_, index) => index % 256));
const FIELDS = [
  { name: 'file', fileName: 'a.wav', content: AUDIO, headers: ['Content-Type: audio/wav'] }, { name: 'model', content: 'whisper-1' }, { name: 'language', content: 'de' },
];
const FORM = formOf('xyz', FIELDS);

function form(translator: Translator, bytes: Uint8Array, context: Partial<TranslationContext> = {}): TranslatedRequest {
  const body = readRequestBody(bytes, formType('xyz'));
  return translator.translate(body, {
    endpoint: translator.endpoint,
    requestedModel: body.model,
    upstreamModel: body.model,
    output: { schema: 'OpenAI' },
    unsupportedParameters: 'Safe',
    clientHeader: () => undefined,
    environment: { now: () => 0, id: (prefix) => prefix },
    ...context,
  });
}

describe('images', () => {
  test('the answer passes, its usage is counted, at every cut', () => {
    const request = translated(openAiToOpenAiImages, { model: 'gpt-image-1', prompt: 'a cat' });
    expect(request).toMatchObject({ path: '/v1/images/generations', stream: false });
    for (const chunks of everySplit(fixture('images.json'))) {
      const { response } = translated(openAiToOpenAiImages, { model: 'gpt-image-1', prompt: 'a cat' });
      expect(replay(response, 200, JSON_TYPE, chunks)).toMatchObject({
        text: textOf(fixture('images.json')), usage: { inputTokens: 50, outputTokens: 50, totalTokens: 100 }, failure: undefined,
      });
    }
  });

  test('G1 partial images pass as events, at every cut', () => {
    for (const chunks of everySplit(fixture('images-stream.sse'))) {
      const { response, stream } = translated(openAiToOpenAiImages, { model: 'gpt-image-1', prompt: 'a cat', stream: true, partial_images: 2 });
      expect(stream).toBe(true);
      expect(replay(response, 200, SSE, chunks)).toMatchObject({ text: textOf(fixture('images-stream.sse')), usage: { totalTokens: 100 }, failure: undefined });
    }
  });

  test('a stream without a completed image ends in an error event', () => {
    const events = textOf(fixture('images-stream.sse')).split(/(?<=\n\n)/);
    const { response } = translated(openAiToOpenAiImages, { model: 'gpt-image-1', prompt: 'a cat', stream: true });
    const { text, failure } = replay(response, 200, SSE, [bytesOf(events[0] + events[1])]);
    expect(text).toMatch(/^event: image_generation\.partial_image[^]*\n\ndata: \{"error":\{"message":"the provider ended the stream before the answer was complete"/);
    expect(failure?.code).toBe('upstream_broke_off');
  });
});

describe('speech', () => {
  test.each(['audio/mpeg', 'application/octet-stream', 'audio/wav'])('%s passes untouched, chunk by chunk', (type) => {
    const { response, path, stream } = translated(openAiToOpenAiSpeech, { model: 'tts-1', input: 'Hi', voice: 'alloy' });
    expect([path, stream]).toEqual(['/v1/audio/speech', false]);
    expect(response.head({ status: 200, header: () => type })).toEqual({ status: 200, setHeaders: [], removeHeaders: [], bodyUnchanged: true });
    expect(response.push(AUDIO)).toBe(AUDIO);
    expect([...response.end()]).toEqual([]);
    expect([response.usage, response.failure]).toEqual([undefined, undefined]);
  });

  test('that breaks off gets no words among its bytes, and counts as failed', () => {
    const { response } = translated(openAiToOpenAiSpeech, { model: 'tts-1', input: 'Hi', voice: 'alloy' });
    response.head({ status: 200, header: () => 'audio/mpeg' });
    response.push(AUDIO);
    expect([...response.fail('reset')]).toEqual([]);
    expect(response.failure).toMatchObject({ status: 502, code: 'upstream_broke_off', message: 'reset' });
  });

  test('G1 as events, at every cut, with their usage', () => {
    for (const chunks of everySplit(fixture('speech-stream.sse'))) {
      const { response, stream } = translated(openAiToOpenAiSpeech, { model: 'gpt-4o-mini-tts', input: 'Hi', voice: 'alloy', stream_format: 'sse' });
      expect(stream).toBe(true);
      expect(replay(response, 200, SSE, chunks)).toMatchObject({
        text: textOf(fixture('speech-stream.sse')), usage: { inputTokens: 14, outputTokens: 101, totalTokens: 115 }, failure: undefined,
      });
    }
  });

  test('as events that break off ends in an error event', () => {
    const { response } = translated(openAiToOpenAiSpeech, { model: 'gpt-4o-mini-tts', input: 'Hi', voice: 'alloy', stream_format: 'sse' });
    const { text, failure } = replay(response, 200, SSE, [fixture('speech-stream.sse').subarray(0, 300)], 'reset');
    expect(text).toMatch(/\ndata: \{"error":\{"message":"reset"[^\n]*\n\n$/);
    expect(failure?.status).toBe(502);
  });

  test('a provider\'s error is an error', () => {
    const { response } = translated(openAiToOpenAiSpeech, { model: 'tts-1', input: 'Hi', voice: 'alloy' });
    expect(replay(response, 429, JSON_TYPE, [fixture('error-429.json')])).toMatchObject({ text: textOf(fixture('error-429.json')), failure: { status: 429 } });
  });
});

describe('a form', () => {
  test.each([[openAiToOpenAiTranscriptions, '/v1/audio/transcriptions'], [openAiToOpenAiTranslations, '/v1/audio/translations']])('goes upstream byte for byte: %#', (translator, path) => {
    const request = form(translator, FORM);
    expect(request).toMatchObject({ path, method: 'POST', setHeaders: [], removeHeaders: [], stream: false, dropped: [] });
    expect(request.body).toBeUndefined();
  });

  test('but for the name of the model, where the route gives another', () => {
    const { body } = form(openAiToOpenAiTranscriptions, FORM, { upstreamModel: 'Systran/faster-whisper-large-v3 ü' });
    expect(Buffer.from(joinedBody(body ?? new Uint8Array(0)))).toEqual(Buffer.from(formOf('xyz', FIELDS.map((field) => field.name === 'model' ? { ...field, content: 'Systran/faster-whisper-large-v3 ü' } : field))));
  });

  test('in JSON, as some servers take it, goes as JSON', () => {
    const request = translated(openAiToOpenAiTranscriptions, '{"model":"a","file":"data:..."}', { upstreamModel: 'b' });
    expect([request.setHeaders, request.body && textOf(request.body)]).toEqual([[['content-type', 'application/json']], '{"model":"b","file":"data:..."}']);
  });

  test.each([openAiToOpenAiImages, openAiToOpenAiSpeech])('is refused where JSON is asked for: %#', (translator) => {
    expect(() => form(translator, FORM)).toThrow(expect.objectContaining({ name: 'RequestError', status: 400, message: expect.stringContaining('takes a JSON body') as string }));
  });
});

describe('a transcript', () => {
  test.each([['transcription.json', 59], ['transcription-duration.json', undefined]])('%s passes at every cut, its tokens are counted', (name, totalTokens) => {
    for (const chunks of everySplit(fixture(name))) {
      const { text, usage, failure } = replay(form(openAiToOpenAiTranscriptions, FORM).response, 200, JSON_TYPE, chunks);
      expect([text, usage?.totalTokens, failure]).toEqual([textOf(fixture(name)), totalTokens, undefined]);
    }
  });

  test.each(['text/plain; charset=utf-8', 'text/vtt', 'application/x-subrip'])('as %s passes untouched', (type) => {
    const text = 'WEBVTT\n\n00:00.000 --> 00:01.000\n"usage": {\n';
    expect(replay(form(openAiToOpenAiTranscriptions, FORM).response, 200, { 'content-type': type }, [bytesOf(text)]))
      .toMatchObject({ head: { bodyUnchanged: true }, text, usage: undefined, failure: undefined });
  });

  test.each([['transcription-stream.sse', 59], ['transcription-stream-vllm.sse', undefined]])('G1 %s passes at every cut', (name, totalTokens) => {
    const request = form(openAiToOpenAiTranscriptions, formOf('xyz', [...FIELDS, { name: 'stream', content: 'true' }]));
    expect([request.stream, request.body]).toEqual([true, undefined]);
    for (const chunks of everySplit(fixture(name))) {
      const { response } = form(openAiToOpenAiTranscriptions, formOf('xyz', [...FIELDS, { name: 'stream', content: 'true' }]));
      const { text, usage, failure } = replay(response, 200, SSE, chunks);
      expect([text, usage?.totalTokens, failure]).toEqual([textOf(fixture(name)), totalTokens, undefined]);
    }
  });

  test('that is cut short ends in an error event', () => {
    const stream = fixture('transcription-stream.sse');
    const last = textOf(stream).lastIndexOf('data: ');
    for (let cut = 0; cut < bytesOf(textOf(stream).slice(0, last)).length; cut++) {
      const { text, failure } = replay(form(openAiToOpenAiTranscriptions, FORM).response, 200, SSE, [stream.subarray(0, cut)]);
      expect(text).toMatch(/data: \{"error":\{[^\n]*"code":"upstream_broke_off"\}\}\n\n$/);
      expect(failure?.status).toBe(502);
    }
  });
});
