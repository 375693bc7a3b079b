import { cohereDialect } from '../../../src/translate/cohere/dialect';
import { textOf } from '../replay';

test.each([['POST', '/v2/rerank', 'Rerank'], ['POST', '/v2/rerank?x=1', 'Rerank'], ['GET', '/v2/rerank', undefined], ['POST', '/v2/chat', undefined], ['POST', '/v1/rerank', undefined]])(
  '%s %s is %s', (method, path, endpoint) => {
    expect(cohereDialect.endpoint(method, path)).toBe(endpoint);
  });

test('every path is under a prefix of the route', () => {
  expect(cohereDialect.paths.every((path) => cohereDialect.pathPrefixes.some((prefix) => path.startsWith(prefix)))).toBe(true);
});

test('errors have a message, and what says more to a program', () => {
  const { contentType, body } = cohereDialect.error({ status: 404, message: 'no such model', code: 'model_not_found', param: 'model' });
  expect([contentType, JSON.parse(textOf(body))]).toEqual(['application/json', { message: 'no such model', code: 'model_not_found', param: 'model' }]);
  expect(JSON.parse(textOf(cohereDialect.error({ status: 500, message: 'x', code: null }).body))).toEqual({ message: 'x' });
  expect(textOf(cohereDialect.errorEvent({ status: 502, message: 'x' }))).toBe('event: error\ndata: {"message":"x"}\n\n');
});

test('the list of models is Cohere\'s', () => {
  expect(JSON.parse(textOf(cohereDialect.models([{ id: 'rerank-v3.5', created: 1, ownedBy: 'a' }], '/v1/models')!))).toEqual({ models: [{ name: 'rerank-v3.5', endpoints: ['rerank'] }] });
});
