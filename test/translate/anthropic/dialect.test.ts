import { anthropicDialect } from '../../../src/translate/anthropic/dialect';
import { inputDialect } from '../../../src/translate/registry';
import { textOf } from '../replay';

test('is what clients of the Anthropic schema speak', () => {
  expect(inputDialect('Anthropic')).toBe(anthropicDialect);
});

test.each([
  ['POST', '/v1/messages', 'Messages'],
  ['POST', '/v1/messages?beta=true', 'Messages'],
  ['POST', '/v1/messages/count_tokens', 'CountTokens'],
  ['POST', '/v1/messages/count_tokens?beta=true', 'CountTokens'],
  ['GET', '/v1/models?limit=20', 'Models'],
  ['GET', '/v1/messages', undefined],
  ['GET', '/v1/models/claude-opus-5', 'Models'],
  ['POST', '/v1/models', undefined],
  ['POST', '/v1/messages/', undefined],
  ['POST', '/v1/messages/batches', undefined],
  ['POST', '', undefined],
])('%s %s is %s', (method, path, endpoint) => {
  expect(anthropicDialect.endpoint(method, path)).toBe(endpoint);
});

test('every exact path lies under a prefix and is an endpoint', () => {
  for (const path of anthropicDialect.paths) {
    expect(anthropicDialect.pathPrefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))).toBe(true);
    expect(anthropicDialect.endpoint('POST', path)).toBeDefined();
  }
});

test.each([
  [400, 'invalid_request_error'], [401, 'authentication_error'], [402, 'billing_error'], [403, 'permission_error'], [404, 'not_found_error'], [408, 'timeout_error'],
  [409, 'conflict_error'], [413, 'request_too_large'], [422, 'invalid_request_error'], [424, 'api_error'], [429, 'rate_limit_error'], [500, 'api_error'],
  [502, 'api_error'], [503, 'overloaded_error'], [504, 'timeout_error'], [529, 'overloaded_error'],
])('an error of status %d is of type %s', (status, type) => {
  const { contentType, body } = anthropicDialect.error({ status, message: 'why' });
  expect(contentType).toBe('application/json');
  expect(textOf(body)).toBe(JSON.stringify({ type: 'error', error: { type, message: 'why' } }));
});

test('an error keeps its own type, and its code where clients look for one', () => {
  const { body } = anthropicDialect.error({ status: 404, message: 'no such model', code: 'model_not_found', param: 'model', type: 'requests' });
  expect(JSON.parse(textOf(body))).toEqual({ type: 'error', error: { type: 'requests', message: 'no such model', details: { error_code: 'model_not_found' } } });
  expect(textOf(anthropicDialect.error({ status: 429, message: '', code: null }).body)).not.toContain('details');
});

test('an error inside a stream is one event, whatever the message holds', () => {
  expect(textOf(anthropicDialect.errorEvent({ status: 502, message: 'a\n\nb' })))
    .toBe('event: error\ndata: {"type":"error","error":{"type":"api_error","message":"a\\n\\nb"}}\n\n');
});

test('one model', () => {
  const models = [{ id: 'claude-opus-5', created: 1741569952, ownedBy: 'aws' }];
  expect(JSON.parse(textOf(anthropicDialect.models(models, '/v1/models/claude-opus-5')!)))
    .toEqual({ type: 'model', id: 'claude-opus-5', display_name: 'claude-opus-5', created_at: '2025-03-10T01:25:52.000Z' });
  expect(anthropicDialect.models(models, '/v1/models/claude')).toBeUndefined();
});

test('the model list', () => {
  const models = [{ id: 'claude-opus-5', created: 1741569952, ownedBy: 'aws' }, { id: 'b', created: 0, ownedBy: 'aws' }];
  expect(JSON.parse(textOf(anthropicDialect.models(models, '/v1/models?limit=20')!))).toEqual({
    data: [
      { type: 'model', id: 'claude-opus-5', display_name: 'claude-opus-5', created_at: '2025-03-10T01:25:52.000Z' },
      { type: 'model', id: 'b', display_name: 'b', created_at: '1970-01-01T00:00:00.000Z' },
    ],
    has_more: false,
    first_id: 'claude-opus-5',
    last_id: 'b',
  });
  expect(textOf(anthropicDialect.models([], '/v1/models')!)).toBe('{"data":[],"has_more":false,"first_id":null,"last_id":null}');
});
