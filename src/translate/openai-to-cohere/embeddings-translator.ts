import { failedAnswer } from './failed-answer';
import { COHERE_EMBEDDINGS_PARAMETERS } from './parameters';
import { coherePath } from '../cohere/cohere-path';
import { usageFromCohere } from '../cohere/cohere-usage';
import { CohereEmbedBody, CohereMeta, MOST_EMBED_TEXTS } from '../cohere/cohere-wire';
import { EMBED_EXTENSIONS, embedOptions } from '../cohere/embed-options';
import { embeddingTexts } from '../openai/embedding-texts';
import { asksForBase64, embeddingsAnswer } from '../openai/embeddings-answer';
import { openAiErrorBody } from '../openai/error-body';
import { Losses } from '../request/losses';
import { applyParameterPolicy } from '../request/parameter-policy';
import { RequestValue } from '../request/request-value';
import { ResponseByStatus } from '../response-by-status';
import { Translator } from '../translator';
import { utf8Bytes } from '../utf8-bytes';
import { WholeResponse } from '../whole-response';

/** OpenAI embeddings on Cohere's POST /v2/embed. */
export const openAiToCohereEmbeddings: Translator = {
  input: 'OpenAI',
  output: 'Cohere',
  endpoint: 'Embeddings',
  parameters: COHERE_EMBEDDINGS_PARAMETERS,

  translate(body, context) {
    const losses = new Losses(context.unsupportedParameters, 'Cohere');
    const json = body.json();
    applyParameterPolicy(json, COHERE_EMBEDDINGS_PARAMETERS, losses, 'no field of OpenAI\'s embeddings', EMBED_EXTENSIONS);
    const request = new RequestValue(json, '');
    const texts = embeddingTexts(request.member('input'), 'Cohere', MOST_EMBED_TEXTS);
    const asked = { model: context.requestedModel, count: texts.length, base64: asksForBase64(request.member('encoding_format')) };
    const dimensions = request.member('dimensions');
    const sent: CohereEmbedBody = {
      model: context.upstreamModel,
      texts,
      ...embedOptions(request),
      embedding_types: ['float'],
      ...dimensions.present && { output_dimension: dimensions.positiveInteger() },
    };
    const success = new WholeResponse((answer) => {
      const { embeddings, meta } = answer as { readonly embeddings?: { readonly float?: unknown }; readonly meta?: CohereMeta };
      return embeddingsAnswer(embeddings?.float, asked, usageFromCohere(meta));
    }, openAiErrorBody);
    return {
      method: 'POST',
      path: coherePath('embed', context.output.version),
      body: utf8Bytes(JSON.stringify(sent)),
      setHeaders: [['content-type', 'application/json'], ['accept', 'application/json']],
      removeHeaders: [],
      stream: false,
      dropped: losses.dropped,
      response: new ResponseByStatus(success, failedAnswer()),
    };
  },
};
