import { openAiErrorBody, openAiErrorEvent } from './error-body';
import { InputDialect } from '../input-dialect';
import { isModelsPath, MODELS_PATH, modelsAnswer } from '../models-path';
import { Endpoint } from '../translator';
import { utf8Bytes } from '../utf8-bytes';

const POST_ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['/v1/chat/completions', 'ChatCompletions'],
  ['/v1/responses', 'Responses'],
  ['/v1/responses/input_tokens', 'ResponseInputTokens'],
  ['/v1/completions', 'Completions'],
  ['/v1/embeddings', 'Embeddings'],
  ['/v1/images/generations', 'ImageGenerations'],
  ['/v1/audio/speech', 'Speech'],
  ['/v1/audio/transcriptions', 'Transcriptions'],
  ['/v1/audio/translations', 'Translations'],
  // vLLM's, https://docs.vllm.ai/en/stable/serving/openai_compatible_server/#tokenizer-api
  ['/tokenize', 'Tokenize'],
]);

/** OpenAI's paths, errors and model list, https://platform.openai.com/docs/api-reference. */
export const openAiDialect: InputDialect = {
  schema: 'OpenAI',
  pathPrefixes: ['/v1', '/tokenize'],
  paths: [...POST_ENDPOINTS.keys(), MODELS_PATH],

  endpoint(method: string, path: string): Endpoint | undefined {
    const query = path.indexOf('?');
    const bare = query < 0 ? path : path.slice(0, query);
    if (method === 'GET' || method === 'HEAD') {
      return isModelsPath(bare) ? 'Models' : undefined;
    }
    return method === 'POST' ? POST_ENDPOINTS.get(bare) : undefined;
  },

  error(error) {
    return { contentType: 'application/json', body: openAiErrorBody(error) };
  },

  errorEvent: openAiErrorEvent,

  models(models, path) {
    const answer = modelsAnswer(models, path, ({ id, created, ownedBy }) => ({ id, object: 'model', created, owned_by: ownedBy }), (data) => ({ object: 'list', data }));
    return answer && utf8Bytes(JSON.stringify(answer));
  },
};
