import { ErrorResponse } from './error-response';
import { RERANK_PARAMETERS } from './parameters';
import { RerankResponse } from './rerank-response';
import { coherePath } from '../cohere/cohere-path';
import { passThroughRequest } from '../openai-to-openai/request';
import { pathPrefix } from '../path-prefix';
import { ResponseByStatus } from '../response-by-status';
import { TranslationContext, Translator } from '../translator';

/** Cohere's rerank on Cohere. */
export const cohereToCohereRerank: Translator = rerank('Cohere', ({ output }) => coherePath('rerank', output.version));

/** Cohere's rerank on servers that have it beside OpenAI's API: vLLM, Jina, Together, ... */
export const cohereToOpenAiRerank: Translator = rerank('OpenAI', ({ output }) => `${pathPrefix(output.version)}/rerank`);

function rerank(output: 'Cohere' | 'OpenAI', path: (context: TranslationContext) => string): Translator {
  return {
    input: 'Cohere',
    output,
    endpoint: 'Rerank',
    parameters: RERANK_PARAMETERS,
    translate(body, context) {
      const { body: changed } = passThroughRequest(body, context.upstreamModel, false);
      return {
        method: 'POST',
        path: path(context),
        ...changed && { body: changed },
        setHeaders: [['content-type', 'application/json']],
        removeHeaders: [],
        stream: false,
        dropped: [],
        response: new ResponseByStatus(new RerankResponse(), new ErrorResponse()),
      };
    },
  };
}
