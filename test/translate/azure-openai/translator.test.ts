import { readFileSync } from 'fs';
import { join } from 'path';
import { findTranslator } from '../../../src/translate/registry';
import { Endpoint, Translator } from '../../../src/translate/translator';
import { everySplit, Replayed, replay, textOf, translated } from '../replay';

const SSE = { 'content-type': 'text/event-stream; charset=utf-8' };

function azure(endpoint: Endpoint): Translator {
  const found = findTranslator('OpenAI', 'AzureOpenAI', endpoint);
  if (!found) {
    throw new Error(`no translator for ${endpoint}`);
  }
  return found;
}

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(__dirname, '..', '..', 'fixtures', 'azure-openai', name)));
}

function streamed(request: object, chunks: readonly Uint8Array[], broken?: string): Replayed {
  return replay(translated(azure('ChatCompletions'), request).response, 200, SSE, chunks, broken);
}

const QUIET = { model: 'my-deployment', stream: true };
const ASKING = { ...QUIET, stream_options: { include_usage: true } };
const USAGE = { inputTokens: 9, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 2, reasoningTokens: 0, totalTokens: 11 };

describe('the request', () => {
  test.each<[Endpoint, string]>([
    ['ChatCompletions', '/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21'],
    ['Completions', '/openai/deployments/my-deployment/completions?api-version=2024-10-21'],
    ['Embeddings', '/openai/deployments/my-deployment/embeddings?api-version=2024-10-21'],
    ['ImageGenerations', '/openai/deployments/my-deployment/images/generations?api-version=2024-10-21'],
    ['Speech', '/openai/deployments/my-deployment/audio/speech?api-version=2024-10-21'],
    ['Transcriptions', '/openai/deployments/my-deployment/audio/transcriptions?api-version=2024-10-21'],
    ['Translations', '/openai/deployments/my-deployment/audio/translations?api-version=2024-10-21'],
    ['Responses', '/openai/v1/responses'],
    ['ResponseInputTokens', '/openai/v1/responses/input_tokens'],
  ])('%s goes to %s, and the body names the deployment too', (endpoint, path) => {
    const request = translated(azure(endpoint), '{"model":"gpt","x":1.0}', { upstreamModel: 'my-deployment' });
    expect([request.path, textOf(request.body ?? new Uint8Array(0))]).toEqual([path, '{"model":"my-deployment","x":1.0}']);
    expect(request.dropped).toEqual([]);
  });

  test('nothing changes where the deployment has the model\'s name', () => {
    expect(translated(azure('ChatCompletions'), { model: 'gpt-4o', messages: [] }).body).toBeUndefined();
  });

  test('G2 a stream is asked for its usage, but not by a version that refuses to be', () => {
    const at = (version?: string) => translated(azure('ChatCompletions'), '{"model":"a","stream":true}', { output: { schema: 'AzureOpenAI', version } }).body;
    expect(textOf(at() ?? new Uint8Array(0))).toBe('{"model":"a","stream_options":{"include_usage":true},"stream":true}');
    expect(at('2024-06-01')).toBeUndefined();
  });
});

describe('a stream', () => {
  test('Z1 Z2 G1 content filter chunks pass as they came, at every cut: one without choices at the start, one without a delta', () => {
    const stream = textOf(fixture('chat-stream.sse'));
    expect(stream).toMatch(/^data: \{"choices":\[\],"created":0,"id":"","model":"","object":"","prompt_filter_results":/);
    expect(stream).toContain('"finish_reason":null,"index":0}],"created":0,"id":"","model":"","object":""}');
    for (const chunks of everySplit(fixture('chat-stream.sse'))) {
      expect(streamed(ASKING, chunks)).toMatchObject({ text: stream, usage: USAGE, failure: undefined });
    }
  });

  test('G2 the usage chunk that nobody asked for is hidden, the filter\'s chunks are not', () => {
    const shown = textOf(fixture('chat-stream.sse')).split(/(?<=\n\n)/).filter((event) => !event.includes('"usage":{')).join('');
    for (const chunks of everySplit(fixture('chat-stream.sse'))) {
      expect(streamed(QUIET, chunks)).toMatchObject({ text: shown, usage: USAGE, failure: undefined });
    }
  });

  test('Z1 Z2 the filter\'s chunks alone are no end', () => {
    const events = textOf(fixture('chat-stream.sse')).split(/(?<=\n\n)/);
    const { text, failure } = streamed(QUIET, [Buffer.from(events[0] + events[3])]);
    expect(text.startsWith(events[0] + events[3])).toBe(true);
    expect(failure).toMatchObject({ code: 'upstream_broke_off' });
  });
});

describe('an error', () => {
  test('of the content filter passes byte for byte', () => {
    const { response } = translated(azure('ChatCompletions'), { model: 'a' });
    const replayed = replay(response, 400, { 'content-type': 'application/json' }, [fixture('error-content-filter.json')]);
    expect(replayed).toMatchObject({ head: { status: 400 }, text: textOf(fixture('error-content-filter.json')), failure: { status: 400, code: 'content_filter' } });
  });

  test('of a missing deployment passes byte for byte', () => {
    const { response } = translated(azure('ChatCompletions'), { model: 'a' });
    expect(replay(response, 404, { 'content-type': 'application/json' }, [fixture('error-no-deployment.json')]))
      .toMatchObject({ text: textOf(fixture('error-no-deployment.json')), failure: { status: 404, code: 'DeploymentNotFound' } });
  });

  test('G14 of the gateway in front of Azure is put into the client\'s dialect', () => {
    const { response } = translated(azure('ChatCompletions'), { model: 'a' });
    const { text } = replay(response, 401, { 'content-type': 'application/json' }, [fixture('error-gateway.json')]);
    expect(JSON.parse(text)).toEqual({
      error: { message: expect.stringContaining('Access token is missing') as string, type: 'authentication_error', param: null, code: null },
    });
  });
});
