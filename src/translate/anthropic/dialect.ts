import { anthropicErrorBody, anthropicErrorEvent } from './error-body';
import { InputDialect, ListedModel } from '../input-dialect';
import { Endpoint } from '../translator';
import { utf8Bytes } from '../utf8-bytes';

const POST_ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['/v1/messages', 'Messages'],
  ['/v1/messages/count_tokens', 'CountTokens'],
]);

/** Not among `paths`: on a host that serves OpenAI's clients as well, the list is theirs. */
const MODELS_PATH = '/v1/models';

/** Anthropic's paths, errors and model list, https://docs.anthropic.com/en/api. */
export const anthropicDialect: InputDialect = {
  schema: 'Anthropic',
  pathPrefixes: ['/v1/messages'],
  paths: [...POST_ENDPOINTS.keys()],

  /** The query (`?beta=true`) says nothing that header `anthropic-beta` does not. */
  endpoint(method: string, path: string): Endpoint | undefined {
    const query = path.indexOf('?');
    const bare = query < 0 ? path : path.slice(0, query);
    if (method === 'GET' || method === 'HEAD') {
      return bare === MODELS_PATH ? 'Models' : undefined;
    }
    return method === 'POST' ? POST_ENDPOINTS.get(bare) : undefined;
  },

  error(error) {
    return { contentType: 'application/json', body: anthropicErrorBody(error) };
  },

  errorEvent: (error) => anthropicErrorEvent(error),

  /** https://docs.anthropic.com/en/api/models-list: one page. */
  models(models: readonly ListedModel[]): Uint8Array {
    const data = models.map(({ id, created }) => ({ type: 'model', id, display_name: id, created_at: new Date(created * 1000).toISOString() }));
    return utf8Bytes(JSON.stringify({ data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null }));
  },
};
