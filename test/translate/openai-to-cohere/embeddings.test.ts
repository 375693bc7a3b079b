import { cohereFixture, JSON_TYPE } from './cohere';
import { CohereEmbedBody } from '../../../src/translate/cohere/cohere-wire';
import { openAiToCohereEmbeddings } from '../../../src/translate/openai-to-cohere/embeddings-translator';
import { TranslatedRequest, TranslationContext } from '../../../src/translate/translator';
import { cohereComplaint } from '../../providers/cohere-complaint';
import { bytesOf, everySplit, replay, textOf, translated } from '../replay';

function embed(request: object, context: Partial<TranslationContext> = {}): TranslatedRequest {
  return translated(openAiToCohereEmbeddings, { model: 'embed-v4.0', input: ['hello', 'goodbye'], ...request }, context);
}

function sent(request: object, context: Partial<TranslationContext> = {}): CohereEmbedBody {
  const body = JSON.parse(textOf(embed(request, context).body ?? new Uint8Array(0))) as CohereEmbedBody;
  expect(cohereComplaint('embed', body)).toBeUndefined();
  return body;
}

test('texts, with what Cohere wants to know', () => {
  expect(embed({})).toMatchObject({ path: '/v2/embed', stream: false, dropped: [] });
  expect(sent({})).toEqual({ model: 'embed-v4.0', texts: ['hello', 'goodbye'], input_type: 'search_document', embedding_types: ['float'] });
  expect(sent({ input: 'hello', dimensions: 256, encoding_format: 'base64', input_type: 'search_query', truncate: 'START' }, { upstreamModel: 'theirs' })).toEqual({
    model: 'theirs', texts: ['hello'], input_type: 'search_query', truncate: 'START', embedding_types: ['float'], output_dimension: 256,
  });
});

test('G21 what has no counterpart is dropped with a signal', () => {
  expect(embed({ user: 'u', made_up: 1 }).dropped.map(({ parameter }) => parameter)).toEqual(['user', 'made_up']);
});

test.each<[object, string, RegExp]>([
  [{ input: [] }, 'input', /must not be empty/], [{ input: [1, 2] }, 'input', /no token ids; send text/], [{ input: [[1], [2]] }, 'input', /no token ids/],
  [{ input: Array.from({ length: 97 }, () => 'a') }, 'input', /up to 96 texts a request, but there are 97/], [{ input: [null] }, 'input[0]', /a string/],
  [{ input: undefined }, 'input', /missing/], [{ dimensions: 0 }, 'dimensions', /from 1/], [{ encoding_format: 'hex' }, 'encoding_format', /'float', 'base64'/],
  [{ input_type: 'image' }, 'input_type', /search_document/], [{ truncate: 'LEFT' }, 'truncate', /NONE/],
])('a 400 that says what is allowed: %j', (request, param, message) => {
  expect(() => embed(request)).toThrow(expect.objectContaining({ status: 400, param, message: expect.stringMatching(message) as string }));
});

test('G1 B32 vectors in the form that was asked for, at every cut', () => {
  for (const chunks of everySplit(cohereFixture('embed.json'))) {
    const { text, usage, failure } = replay(embed({ model: 'mine' }, { upstreamModel: 'theirs' }).response, 200, JSON_TYPE, chunks);
    expect(JSON.parse(text)).toEqual({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [0.5, -0.25, 1] }, { object: 'embedding', index: 1, embedding: [0.125, 0, -2] }],
      model: 'mine',
      usage: { prompt_tokens: 2, total_tokens: 2 },
    });
    expect([usage?.inputTokens, failure]).toEqual([2, undefined]);
  }
  const { data } = JSON.parse(replay(embed({ encoding_format: 'base64' }).response, 200, JSON_TYPE, [cohereFixture('embed.json')]).text) as { data: Array<{ embedding: string }> };
  expect(data.map(({ embedding }) => embedding)).toEqual(['AAAAPwAAgL4AAIA/', 'AAAAPgAAAAAAAADA']);
});

test.each(['', '{}', '{"embeddings":{"float":[[1]]}}', '{"embeddings":{"float":[[1],["a"]]}}', '{"embeddings":{"float":[[1],[]]}}', '{"embeddings":null}', 'null'])(
  'an answer without one vector for every text is an error: %s', (body) => {
    const { text, failure } = replay(embed({}).response, 200, JSON_TYPE, [bytesOf(body)]);
    expect([JSON.parse(text), failure]).toMatchObject([{ error: { code: 'upstream_broke_off' } }, { status: 502 }]);
  });

test('G13 errors keep their status', () => {
  expect(replay(embed({}).response, 400, JSON_TYPE, [bytesOf('{"message":"bad input_type"}')]).failure).toEqual({ status: 400, code: null, message: 'bad input_type' });
});
