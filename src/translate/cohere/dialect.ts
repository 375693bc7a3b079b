import { cohereErrorBody } from './cohere-error';
import { InputDialect, ListedModel } from '../input-dialect';
import { encodeSseEvent } from '../sse/sse-event';
import { utf8Bytes } from '../utf8-bytes';

const RERANK_PATH = '/v2/rerank';

/** Cohere's rerank, https://docs.cohere.com/reference/rerank. */
export const cohereDialect: InputDialect = {
  schema: 'Cohere',
  pathPrefixes: [RERANK_PATH],
  paths: [RERANK_PATH],

  endpoint(method: string, path: string) {
    return method === 'POST' && path.split('?', 1)[0] === RERANK_PATH ? 'Rerank' : undefined;
  },

  error(error) {
    return { contentType: 'application/json', body: cohereErrorBody(error) };
  },

  errorEvent(error) {
    return encodeSseEvent({ event: 'error', data: new TextDecoder().decode(cohereErrorBody(error)) });
  },

  models(models: readonly ListedModel[]): Uint8Array {
    return utf8Bytes(JSON.stringify({ models: models.map(({ id }) => ({ name: id, endpoints: ['rerank'] })) }));
  },
};
