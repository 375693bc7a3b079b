import * as fc from 'fast-check';
import { openAiToOpenAiChat, openAiToOpenAiCompletions, openAiToOpenAiEmbeddings } from '../../../src/translate/openai-to-openai/translator';
import { TranslatedRequest } from '../../../src/translate/translator';
import { textOf, translated } from '../replay';

function sent(request: TranslatedRequest): string | undefined {
  return request.body && textOf(request.body);
}

describe('the client\'s own bytes', () => {
  test('go upstream when nothing must change', () => {
    const request = translated(openAiToOpenAiChat, '{ "model": "gpt-5.4", "messages": [] }');
    expect(request.body).toBeUndefined();
    expect(request).toMatchObject({ method: 'POST', path: '/v1/chat/completions', stream: false, dropped: [], removeHeaders: [] });
  });

  test('G3 go upstream when a stream asks for usage itself', () => {
    expect(translated(openAiToOpenAiChat, '{"model":"a","stream":true,"stream_options":{"include_usage":true}}').body).toBeUndefined();
  });

  test('stream_options of another type is left for the provider to refuse', () => {
    for (const options of ['"x"', '[]', '{"include_usage":"yes"}', '{"a":tru}']) {
      expect(translated(openAiToOpenAiChat, `{"model":"a","stream":true,"stream_options":${options}}`).body).toBeUndefined();
    }
  });
});

describe('spliced bytes', () => {
  test('the target\'s model name in place, all else as it was', () => {
    const request = translated(openAiToOpenAiChat, '{ "seed": 12345678901234567890,\n"model" : "a", "x_unknown": 1.0 }', { upstreamModel: 'org/"b" ü' });
    expect(sent(request)).toBe('{ "seed": 12345678901234567890,\n"model" : "org/\\"b\\" ü", "x_unknown": 1.0 }');
  });

  test('G2 a stream without stream_options gets include_usage', () => {
    expect(sent(translated(openAiToOpenAiChat, '{"stream":true,"model":"a","messages":[]}')))
      .toBe('{"stream":true,"model":"a","stream_options":{"include_usage":true},"messages":[]}');
  });

  test('G2 with another model name as well, before and after stream_options', () => {
    expect(sent(translated(openAiToOpenAiChat, '{"model":"a","stream":true}', { upstreamModel: 'b' })))
      .toBe('{"model":"b","stream_options":{"include_usage":true},"stream":true}');
    expect(sent(translated(openAiToOpenAiChat, '{"stream":true,"stream_options":null,"model":"a"}', { upstreamModel: 'b' })))
      .toBe('{"stream":true,"stream_options":{"include_usage":true},"model":"b"}');
  });

  test('G2 other stream options survive', () => {
    expect(sent(translated(openAiToOpenAiChat, '{"model":"a","stream":true,"stream_options":{"include_obfuscation":false, "include_usage":false}}')))
      .toBe('{"model":"a","stream":true,"stream_options":{"include_obfuscation":false,"include_usage":true}}');
  });

  test('without a stream no usage is asked for', () => {
    expect(translated(openAiToOpenAiChat, '{"model":"a","stream":false}').body).toBeUndefined();
  });
});

describe('what the scan does not know is written anew, so that the provider reads what was routed', () => {
  test('two models', () => {
    expect(sent(translated(openAiToOpenAiChat, '{"model":"cheap","model":"dear","x":1}'))).toBe('{"model":"dear","x":1}');
  });

  test('an escaped model name in a stream', () => {
    expect(sent(translated(openAiToOpenAiChat, '{"model":"a\\/b","stream":true}'))).toBe('{"model":"a/b","stream":true,"stream_options":{"include_usage":true}}');
  });
});

describe('the path', () => {
  test.each([
    [undefined, '/v1/chat/completions'],
    ['', '/chat/completions'],
    ['v1', '/v1/chat/completions'],
    ['/openai/v1/', '/openai/v1/chat/completions'],
    ['v1beta/openai', '/v1beta/openai/chat/completions'],
  ])('version %p', (version, path) => {
    expect(translated(openAiToOpenAiChat, { model: 'a' }, { output: { schema: 'OpenAI', version } }).path).toBe(path);
  });

  test('of the other endpoints', () => {
    expect(translated(openAiToOpenAiCompletions, { model: 'a' }).path).toBe('/v1/completions');
    expect(translated(openAiToOpenAiEmbeddings, { model: 'a' }).path).toBe('/v1/embeddings');
  });
});

test('G2 legacy completions stream with usage, too', () => {
  const request = translated(openAiToOpenAiCompletions, '{"model":"a","prompt":"x","stream":true}');
  expect(request.stream).toBe(true);
  expect(sent(request)).toBe('{"model":"a","stream_options":{"include_usage":true},"prompt":"x","stream":true}');
});

test('embeddings know no stream', () => {
  const request = translated(openAiToOpenAiEmbeddings, '{"model":"a","input":"x","stream":true}');
  expect([request.stream, request.body]).toEqual([false, undefined]);
});

test('G20 the content type is JSON whatever the client said', () => {
  expect(translated(openAiToOpenAiChat, { model: 'a' }).setHeaders).toEqual([['content-type', 'application/json']]);
});

test('G15 G21 every field of any request arrives, known or not, whatever its value', () => {
  const field = fc.oneof(fc.constantFrom(...Object.keys(openAiToOpenAiChat.parameters), 'top_k', 'thinking'), fc.string());
  fc.assert(fc.property(
    fc.dictionary(field.filter((name) => !['model', 'stream', 'stream_options', '__proto__'].includes(name)), fc.jsonValue()), fc.boolean(),
    fc.option(fc.dictionary(fc.string().filter((name) => name !== 'include_usage' && name !== '__proto__'), fc.jsonValue())), fc.boolean(),
    (fields, stream, options, pretty) => {
      // GIVEN
      const given = { ...fields, model: 'a', stream, ...options && { stream_options: options } };
      const text = JSON.stringify(given, null, pretty ? 2 : undefined);
      // WHEN
      const request = translated(openAiToOpenAiChat, text, { upstreamModel: 'b' });
      // THEN
      const expected = { ...JSON.parse(text) as object, model: 'b', ...stream && { stream_options: { ...options, include_usage: true } } };
      expect(JSON.parse(sent(request) ?? '')).toEqual(JSON.parse(JSON.stringify(expected)));
    },
  ), { numRuns: 500 });
});
