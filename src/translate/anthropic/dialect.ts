import { anthropicErrorBody, anthropicErrorEvent } from './error-body';
import { InputDialect } from '../input-dialect';
import { isModelsPath, modelsAnswer } from '../models-path';
import { Endpoint } from '../translator';
import { utf8Bytes } from '../utf8-bytes';

const POST_ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['/v1/messages', 'Messages'],
  ['/v1/messages/count_tokens', 'CountTokens'],
]);

/** Anthropic's paths, errors and model list, https://docs.anthropic.com/en/api. */
export const anthropicDialect: InputDialect = {
  schema: 'Anthropic',
  pathPrefixes: ['/v1/messages'],
  // Without that of the models: on a host that serves OpenAI's clients as well, the list is theirs.
  paths: [...POST_ENDPOINTS.keys()],

  /** The query (`?beta=true`) says nothing that header `anthropic-beta` does not. */
  endpoint(method: string, path: string): Endpoint | undefined {
    const query = path.indexOf('?');
    const bare = query < 0 ? path : path.slice(0, query);
    if (method === 'GET' || method === 'HEAD') {
      return isModelsPath(bare) ? 'Models' : undefined;
    }
    return method === 'POST' ? POST_ENDPOINTS.get(bare) : undefined;
  },

  error(error) {
    return { contentType: 'application/json', body: anthropicErrorBody(error) };
  },

  errorEvent: (error) => anthropicErrorEvent(error),

  /** https://docs.anthropic.com/en/api/models-list: one page. */
  models(models, path) {
    const answer = modelsAnswer(models, path, ({ id, created }) => ({ type: 'model', id, display_name: id, created_at: new Date(created * 1000).toISOString() }),
      (data) => ({ data, has_more: false, first_id: models[0]?.id ?? null, last_id: models.at(-1)?.id ?? null }));
    return answer && utf8Bytes(JSON.stringify(answer));
  },
};
