import { CLOUD, JSON_TYPE } from './gemini';
import { openAiToGeminiEmbeddings } from '../../../src/translate/openai-to-gemini/embeddings-translator';
import { RequestError } from '../../../src/translate/request-error';
import { TranslatedRequest, TranslationContext } from '../../../src/translate/translator';
import { GeminiMessage, geminiShapeComplaint } from '../../providers/gemini-shape';
import { bytesOf, everySplit, Replayed, replay, textOf, translated } from '../replay';

const MESSAGES: Readonly<Record<string, GeminiMessage>> = { predict: 'PredictRequest', embedContent: 'EmbedContentRequest', batchEmbedContents: 'BatchEmbedContentsRequest' };

function embed(request: object, context: Partial<TranslationContext> = {}): TranslatedRequest {
  return translated(openAiToGeminiEmbeddings, { model: 'text-embedding-005', input: 'Hi', ...request }, { gcp: CLOUD, ...context });
}

/** The method and the body, which Google itself would take. */
function sent(request: object, context: Partial<TranslationContext> = {}): readonly [method: string, body: unknown] {
  const { path, body } = embed(request, context);
  const method = path.slice(path.lastIndexOf(':') + 1);
  const parsed: unknown = JSON.parse(textOf(body ?? new Uint8Array(0)));
  expect(geminiShapeComplaint(parsed, MESSAGES[method])).toBeUndefined();
  return [method, parsed];
}

function refusal(request: object, context: Partial<TranslationContext> = {}): unknown {
  try {
    embed(request, context);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(RequestError);
    return error;
  }
}

function answered(body: unknown, request: object = {}, context: Partial<TranslationContext> = {}, status = 200): Replayed {
  return replay(embed(request, context).response, status, JSON_TYPE, [bytesOf(JSON.stringify(body))]);
}

const content = (text: string) => ({ parts: [{ text }] });
const prediction = (values: readonly number[], count = 4) => ({ embeddings: { values, statistics: { truncated: false, token_count: count } } });

describe('requests', () => {
  test('to text-embedding models are predict, of many texts', () => {
    expect(embed({}).path).toBe('/v1/projects/my-project/locations/us-central1/publishers/google/models/text-embedding-005:predict');
    expect(sent({ input: ['a', 'b'] })).toEqual(['predict', { instances: [{ content: 'a' }, { content: 'b' }], parameters: { autoTruncate: false } }]);
    expect(sent({ dimensions: 64 })).toEqual(['predict', { instances: [{ content: 'Hi' }], parameters: { autoTruncate: false, outputDimensionality: 64 } }]);
  });

  test('to gemini-embedding-001 are predict, of one text', () => {
    expect(sent({ model: 'gemini-embedding-001', input: ['Hi'] })[0]).toBe('predict');
    expect(refusal({ model: 'gemini-embedding-001', input: ['a', 'b'] })).toMatchObject({ status: 400, param: 'input' });
    expect(refusal({ input: Array.from({ length: 251 }, () => 'a') })).toMatchObject({ status: 400, param: 'input' });
  });

  test('to newer models are embedContent, or batchEmbedContents', () => {
    const model = 'gemini-embedding-2';
    const embedContentConfig = { autoTruncate: false, outputDimensionality: 64 };
    expect(sent({ model, dimensions: 64 })).toEqual(['embedContent', { content: content('Hi'), embedContentConfig }]);
    expect(sent({ model, dimensions: 64, input: ['a', 'b'] })).toEqual(['batchEmbedContents', {
      requests: [{ content: content('a'), embedContentConfig }, { content: content('b'), embedContentConfig }],
    }]);
  });

  test('to the Gemini API are batchEmbedContents', () => {
    const request = { model: 'gemini-embedding-001', input: ['a', 'b'], dimensions: 64 };
    expect(embed(request, { gcp: undefined }).path).toBe('/v1beta/models/gemini-embedding-001:batchEmbedContents');
    expect(sent(request, { gcp: undefined })).toEqual(['batchEmbedContents', {
      requests: ['a', 'b'].map((text) => ({ model: 'models/gemini-embedding-001', content: content(text), outputDimensionality: 64 })),
    }]);
  });

  test.each<[object, string]>([
    [{ input: [1, 2] }, 'input'], [{ input: [[1, 2]] }, 'input'], [{ input: [] }, 'input'], [{ input: null }, 'input'], [{ input: { a: 1 } }, 'input'], [{ input: [null] }, 'input[0]'],
    [{ encoding_format: 'hex' }, 'encoding_format'], [{ dimensions: 0 }, 'dimensions'],
  ])('%j is a 400 that names %s', (request, param) => {
    expect(refusal(request)).toMatchObject({ status: 400, param });
  });

  test('G21 user is dropped by name, and refused under Strict', () => {
    expect(embed({ user: 'ann' }).dropped.map(({ parameter }) => parameter)).toEqual(['user']);
    expect(refusal({ user: 'ann' }, { unsupportedParameters: 'Strict' })).toMatchObject({ code: 'unsupported_parameter', param: 'user' });
  });
});

describe('answers', () => {
  test('of predict, at every cut', () => {
    const body = bytesOf(JSON.stringify({ predictions: [prediction([0.25, -0.5], 4), prediction([1, 2], 5)], metadata: { billableCharacterCount: 9 } }));
    for (const chunks of everySplit(body)) {
      const { text, usage, head } = replay(embed({ model: 'mine', input: ['a', 'b'] }, { upstreamModel: 'text-embedding-005' }).response, 200, JSON_TYPE, chunks);
      expect(JSON.parse(text)).toEqual({
        object: 'list',
        data: [{ object: 'embedding', index: 0, embedding: [0.25, -0.5] }, { object: 'embedding', index: 1, embedding: [1, 2] }],
        model: 'mine',
        usage: { prompt_tokens: 9, total_tokens: 9 },
      });
      expect(usage).toEqual({ inputTokens: 9, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 0, reasoningTokens: 0, totalTokens: 9 });
      expect(head).toEqual({ status: 200, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false });
    }
  });

  test('of embedContent and batchEmbedContents', () => {
    const data = (embedding: readonly number[]) => ({ object: 'embedding', index: 0, embedding });
    const one = answered({ embedding: { values: [1, 2] }, usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 } }, { model: 'gemini-embedding-2' });
    expect([JSON.parse(one.text), one.usage?.inputTokens]).toEqual([{ object: 'list', data: [data([1, 2])], model: 'gemini-embedding-2', usage: { prompt_tokens: 3, total_tokens: 3 } }, 3]);
    const many = answered({ embeddings: [{ values: [1, 2] }] }, { model: 'gemini-embedding-001' }, { gcp: undefined });
    expect([JSON.parse(many.text), many.usage]).toMatchObject([{ data: [data([1, 2])] }, undefined]);
  });

  test('B32 encoding_format base64 is floats of 32 bits', () => {
    const { text } = answered({ predictions: [prediction([0.25, -0.5, 1e-3])] }, { encoding_format: 'base64' });
    const [{ embedding }] = (JSON.parse(text) as { readonly data: ReadonlyArray<{ readonly embedding: string }> }).data;
    const bytes = Buffer.from(embedding, 'base64');
    expect([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.readFloatLE(8), bytes.length]).toEqual([0.25, -0.5, Math.fround(1e-3), 12]);
  });

  test.each<[unknown]>([
    [{}], [{ predictions: [] }], [{ predictions: [{}] }], [{ predictions: [null] }], [{ predictions: [prediction([])] }], [{ embeddings: [{ values: ['x'] }] }], [null], [[]], ['x'],
    [{ predictions: [prediction([1]), prediction([2])] }],
  ])('%j is no answer to one text', (body) => {
    const { text, failure } = answered(body);
    expect(failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
    expect(JSON.parse(text)).toMatchObject({ error: { type: 'server_error', code: 'upstream_broke_off' } });
  });

  test('G13 that are errors', () => {
    const { head, failure } = answered({ error: { code: 400, message: 'too long', status: 'INVALID_ARGUMENT' } }, {}, {}, 400);
    expect([head.status, failure]).toEqual([400, { status: 400, code: 'INVALID_ARGUMENT', message: 'too long' }]);
  });
});
