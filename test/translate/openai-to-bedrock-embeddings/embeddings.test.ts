import { readFileSync } from 'fs';
import { join } from 'path';
import { openAiToBedrockEmbeddings } from '../../../src/translate/openai-to-bedrock-embeddings/translator';
import { TranslatedRequest, TranslationContext } from '../../../src/translate/translator';
import { bytesOf, everySplit, replay, textOf, translated } from '../replay';

const TITAN = 'amazon.titan-embed-text-v2:0';
const COHERE = 'cohere.embed-multilingual-v3';
const JSON_TYPE = { 'content-type': 'application/json' };
const COUNTED = { ...JSON_TYPE, 'x-amzn-bedrock-input-token-count': '7' };

function embed(request: object, context: Partial<TranslationContext> = {}): TranslatedRequest {
  return translated(openAiToBedrockEmbeddings, { input: 'hello', ...request }, context);
}

function sent(request: object, context: Partial<TranslationContext> = {}): unknown {
  return JSON.parse(textOf(embed(request, context).body ?? new Uint8Array(0)));
}

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(__dirname, '..', '..', 'fixtures', 'bedrock', name)));
}

test('InvokeModel of the target\'s model', () => {
  expect(embed({ model: 'mine' }, { upstreamModel: TITAN })).toMatchObject({
    method: 'POST', path: '/model/amazon.titan-embed-text-v2%3A0/invoke', setHeaders: [['content-type', 'application/json'], ['accept', 'application/json']], stream: false, dropped: [],
  });
});

test.each<[string, string, object, object]>([
  ['Titan v2', TITAN, { dimensions: 256, normalize: false }, { inputText: 'hello', dimensions: 256, normalize: false }],
  ['Titan v2 with an array of one (B31)', TITAN, { input: ['hello'] }, { inputText: 'hello' }],
  ['Titan G1', 'amazon.titan-embed-text-v1', {}, { inputText: 'hello' }],
  ['Titan Multimodal', 'amazon.titan-embed-image-v1', { dimensions: 384 }, { inputText: 'hello', embeddingConfig: { outputEmbeddingLength: 384 } }],
  ['Cohere v3', COHERE, { input: ['a', 'b'], truncate: 'START' }, { texts: ['a', 'b'], input_type: 'search_document', truncate: 'START', embedding_types: ['float'] }],
  ['Cohere v4', 'us.cohere.embed-v4:0', { dimensions: 256, input_type: 'search_query', truncate: 'END' },
    { texts: ['hello'], input_type: 'search_query', truncate: 'RIGHT', embedding_types: ['float'], output_dimension: 256 }],
  ['an ARN', `arn:aws:bedrock:us-east-1::foundation-model/${TITAN}`, {}, { inputText: 'hello' }],
])('the body of %s', (_, model, request, body) => {
  expect(sent({ model, ...request })).toEqual(body);
});

test('B31 Titan with an array: more than one is a 400 that names the limit', () => {
  expect(() => embed({ model: TITAN, input: ['a', 'b'] }))
    .toThrow(expect.objectContaining({ status: 400, param: 'input', message: expect.stringContaining('(Amazon Titan) embeds up to one text a request, but there are 2') as string }));
  expect(() => embed({ model: COHERE, input: Array.from({ length: 97 }, () => 'a') })).toThrow(/up to 96 texts/);
});

test.each<[object, object]>([
  [{ model: 'meta.llama3-1-70b-instruct-v1:0' }, { status: 400, code: 'unsupported_model', param: 'model' }],
  [{ model: TITAN, input: [1, 2] }, { status: 400, param: 'input' }],
  [{ model: TITAN, normalize: 'yes' }, { status: 400, param: 'normalize' }],
  [{ model: 'amazon.titan-embed-text-v1', dimensions: 256 }, { status: 400, code: 'unsupported_parameter', param: 'dimensions' }],
  [{ model: COHERE, dimensions: 256 }, { status: 400, code: 'unsupported_parameter', param: 'dimensions' }],
  [{ model: COHERE, input_type: 'image' }, { status: 400, param: 'input_type' }],
])('G21 what cannot be is a 400: %j', (request, error) => {
  expect(() => embed(request)).toThrow(expect.objectContaining(error));
});

test('G21 what is lost has a signal', () => {
  expect(embed({ model: TITAN, user: 'u', input_type: 'search_query' }).dropped.map(({ parameter }) => parameter)).toEqual(['user', 'input_type']);
  expect(embed({ model: COHERE, dimensions: 256 }, { unsupportedParameters: 'Lenient' }).dropped.map(({ parameter }) => parameter)).toEqual(['dimensions']);
});

test.each<[string, string, object, Readonly<Record<string, string>>, number[][], number | undefined]>([
  ['embed-titan.json', TITAN, {}, JSON_TYPE, [[0.5, -0.25, 1]], 5],
  ['embed-cohere.json', COHERE, { input: ['hello', 'goodbye'] }, COUNTED, [[0.5, -0.25, 1], [0.125, 0, -2]], 7],
  ['embed-cohere.json', COHERE, { input: ['hello', 'goodbye'] }, JSON_TYPE, [[0.5, -0.25, 1], [0.125, 0, -2]], undefined],
])('G1 the answer %s of %s, at every cut', (file, model, request, headers, vectors, tokens) => {
  for (const chunks of everySplit(fixture(file))) {
    const { text, usage, failure } = replay(embed({ model, ...request }).response, 200, headers, chunks);
    expect(JSON.parse(text)).toMatchObject({ object: 'list', model, data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })) });
    expect([usage?.inputTokens, usage?.totalTokens, failure]).toEqual([tokens, tokens, undefined]);
  }
});

test('B32 base64 is honoured; a list of vectors without their type is read, too', () => {
  expect(replay(embed({ model: TITAN, encoding_format: 'base64' }).response, 200, JSON_TYPE, [fixture('embed-titan.json')]).text).toContain('"embedding":"AAAAPwAAgL4AAIA/"');
  expect(replay(embed({ model: COHERE }).response, 200, JSON_TYPE, [bytesOf('{"embeddings":[[1]],"response_type":"embeddings_floats"}')]).text).toContain('"embedding":[1]');
});

test.each(['', '{}', '{"embedding":null,"message":"no"}', '{"embedding":["a"]}', 'null'])('an answer without a vector is an error: %s', (body) => {
  const { text, failure } = replay(embed({ model: TITAN }).response, 200, JSON_TYPE, [bytesOf(body)]);
  expect([JSON.parse(text), failure]).toMatchObject([{ error: { code: 'upstream_broke_off' } }, { status: 502 }]);
});

test('G13 Bedrock\'s errors keep status and name', () => {
  const { text, failure } = replay(embed({ model: TITAN }).response, 429, { ...JSON_TYPE, 'x-amzn-errortype': 'ThrottlingException' }, [bytesOf('{"message":"busy"}')]);
  expect(JSON.parse(text)).toEqual({ error: { message: 'busy', type: 'rate_limit_error', param: null, code: 'ThrottlingException' } });
  expect(failure?.status).toBe(429);
});
