import { CHAT_COMPLETIONS_PARAMETERS, COMPLETIONS_PARAMETERS, EMBEDDINGS_PARAMETERS } from './parameters';
import { passThroughRequest } from './request';
import { PassThroughResponse } from './response';
import { ParameterTable } from '../parameter-table';
import { Endpoint, Translator } from '../translator';

export const openAiToOpenAiChat: Translator = passThrough('ChatCompletions', 'chat/completions', CHAT_COMPLETIONS_PARAMETERS, true);
export const openAiToOpenAiCompletions: Translator = passThrough('Completions', 'completions', COMPLETIONS_PARAMETERS, true);
export const openAiToOpenAiEmbeddings: Translator = passThrough('Embeddings', 'embeddings', EMBEDDINGS_PARAMETERS, false);

function passThrough(endpoint: Endpoint, resource: string, parameters: ParameterTable, streaming: boolean): Translator {
  return {
    input: 'OpenAI',
    output: 'OpenAI',
    endpoint,
    parameters,
    translate(body, context) {
      const stream = streaming && body.stream;
      const { body: changed, usageAdded } = passThroughRequest(body, context.upstreamModel, stream);
      return {
        method: 'POST',
        path: `${pathPrefix(context.output.version)}/${resource}`,
        ...changed && { body: changed },
        setHeaders: [['content-type', 'application/json']],
        removeHeaders: [],
        stream,
        dropped: [],
        response: new PassThroughResponse(stream, usageAdded),
      };
    },
  };
}

/** `version` may hold several segments, such as `openai/v1`; an empty one means no prefix. */
function pathPrefix(version = 'v1'): string {
  const segments = version.split('/').filter((segment) => segment !== '');
  return segments.map((segment) => `/${segment}`).join('');
}
