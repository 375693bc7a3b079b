import { openAiDialect } from '../../../src/translate/openai/dialect';
import { textOf } from '../replay';

test.each([
  ['POST', '/v1/chat/completions', 'ChatCompletions'],
  ['POST', '/v1/chat/completions?api-version=1', 'ChatCompletions'],
  ['POST', '/v1/completions', 'Completions'],
  ['POST', '/v1/embeddings', 'Embeddings'],
  ['GET', '/v1/models', 'Models'],
  ['GET', '/v1/models?limit=2', 'Models'],
  ['HEAD', '/v1/models', 'Models'],
  ['HEAD', '/v1/chat/completions', undefined],
  ['GET', '/v1/models/gpt-5.4', 'Models'],
  ['GET', '/v1/models/meta-llama/Llama-3-70b?x=1', 'Models'],
  ['GET', '/v1/models/', undefined],
  ['GET', '/v1/modelsgpt', undefined],
  ['DELETE', '/v1/models/gpt-5.4', undefined],
  ['GET', '/v1/chat/completions', undefined],
  ['POST', '/v1/models', undefined],
  ['POST', '/v1/chat/completions/', undefined],
  ['POST', '/v1/responses', 'Responses'],
  ['POST', '/v1/responses/input_tokens', 'ResponseInputTokens'],
  ['POST', '/v1/images/generations', 'ImageGenerations'],
  ['POST', '/v1/audio/speech', 'Speech'],
  ['POST', '/v1/audio/transcriptions', 'Transcriptions'],
  ['POST', '/v1/audio/translations', 'Translations'],
  ['POST', '/tokenize', 'Tokenize'],
  ['POST', '/v1/tokenize', undefined],
  ['GET', '/v1/responses', undefined],
  ['GET', '/v1/responses/resp_1', undefined],
  ['POST', '/v1/images/edits', undefined],
  ['POST', '', undefined],
])('%s %s is %s', (method, path, endpoint) => {
  expect(openAiDialect.endpoint(method, path)).toBe(endpoint);
});

test('every exact path lies under a prefix and is an endpoint', () => {
  for (const path of openAiDialect.paths) {
    expect(openAiDialect.pathPrefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))).toBe(true);
    expect(openAiDialect.endpoint('POST', path) ?? openAiDialect.endpoint('GET', path)).toBeDefined();
  }
});

test.each([
  [400, 'invalid_request_error', null],
  [401, 'authentication_error', null],
  [403, 'permission_error', null],
  [404, 'invalid_request_error', 'not_found'],
  [413, 'invalid_request_error', 'request_too_large'],
  [422, 'invalid_request_error', null],
  [429, 'rate_limit_error', 'rate_limit_exceeded'],
  [500, 'server_error', null],
  [503, 'server_error', null],
])('an error of status %d is of type %s and code %s', (status, type, code) => {
  const { contentType, body } = openAiDialect.error({ status, message: 'why' });
  expect(contentType).toBe('application/json');
  expect(textOf(body)).toBe(JSON.stringify({ error: { message: 'why', type, param: null, code } }));
});

test('an error keeps its own type, code and param; a code of null stays null', () => {
  const own = openAiDialect.error({ status: 404, message: 'no such model', code: 'model_not_found', param: 'model', type: 'requests' });
  expect(JSON.parse(textOf(own.body))).toEqual({ error: { message: 'no such model', type: 'requests', param: 'model', code: 'model_not_found' } });
  expect(textOf(openAiDialect.error({ status: 429, message: '', code: null }).body)).toContain('"code":null');
});

test('an error inside a stream is one event, whatever the message holds', () => {
  expect(textOf(openAiDialect.errorEvent({ status: 502, message: 'a\n\nb' })))
    .toBe('data: {"error":{"message":"a\\n\\nb","type":"server_error","param":null,"code":null}}\n\n');
});

test('the model list', () => {
  expect(JSON.parse(textOf(openAiDialect.models([{ id: 'llama3-70b', created: 1741569952, ownedBy: 'kserve' }], '/v1/models?limit=2')!))).toEqual({
    object: 'list', data: [{ id: 'llama3-70b', object: 'model', created: 1741569952, owned_by: 'kserve' }],
  });
  expect(textOf(openAiDialect.models([], '/v1/models')!)).toBe('{"object":"list","data":[]}');
});

test.each<[string, string | undefined]>([
  ['/v1/models/a', 'a'], ['/v1/models/meta/llama?x=1', 'meta/llama'], ['/v1/models/meta%2Fllama', 'meta/llama'], ['/v1/models/50%', '50%'], ['/v1/models/b', undefined], ['/v1/models/A', undefined],
])('one model: %s', (path, id) => {
  const models = ['a', 'meta/llama', '50%'].map((name) => ({ id: name, created: 1741569952, ownedBy: 'kserve' }));
  const answer = openAiDialect.models(models, path);
  expect(answer && JSON.parse(textOf(answer))).toEqual(id && { id, object: 'model', created: 1741569952, owned_by: 'kserve' });
});
