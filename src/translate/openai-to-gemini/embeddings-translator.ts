import { GEMINI_EMBEDDINGS_PARAMETERS } from './embeddings-parameters';
import { failedAnswer } from './failed-answer';
import { embedAnswer } from '../gemini/embed-answer';
import { embedRequest, mostTexts } from '../gemini/embed-request';
import { jsonBytes } from '../json-bytes';
import { embeddingTexts } from '../openai/embedding-texts';
import { asksForBase64, embeddingsAnswer } from '../openai/embeddings-answer';
import { openAiErrorBody } from '../openai/error-body';
import { Losses } from '../request/losses';
import { applyParameterPolicy } from '../request/parameter-policy';
import { RequestValue } from '../request/request-value';
import { ResponseByStatus } from '../response-by-status';
import { Translator } from '../translator';
import { WholeResponse } from '../whole-response';

/** OpenAI embeddings on the embedding models of Vertex AI and of the Gemini API. */
export const openAiToGeminiEmbeddings: Translator = {
  input: 'OpenAI',
  output: 'GCPVertexAI',
  endpoint: 'Embeddings',
  parameters: GEMINI_EMBEDDINGS_PARAMETERS,

  translate(body, { upstreamModel, requestedModel, gcp, unsupportedParameters }) {
    const losses = new Losses(unsupportedParameters, 'Google Gemini');
    applyParameterPolicy(body.json(), GEMINI_EMBEDDINGS_PARAMETERS, losses, 'no field of OpenAI\'s embeddings');
    const request = new RequestValue(body.json(), '');
    const texts = embeddingTexts(request.member('input'), 'Google Gemini', mostTexts(upstreamModel, gcp));
    const asked = { model: requestedModel, count: texts.length, base64: asksForBase64(request.member('encoding_format')) };
    const dimensions = request.member('dimensions');
    const { path, body: converted } = embedRequest(upstreamModel, texts, dimensions.present ? dimensions.positiveInteger() : undefined, gcp);
    const success = new WholeResponse((json) => {
      const answer = embedAnswer(json);
      return answer && embeddingsAnswer(answer.vectors, asked, answer.usage);
    }, openAiErrorBody);
    return {
      method: 'POST',
      path,
      body: jsonBytes(converted),
      setHeaders: [['content-type', 'application/json'], ['accept', 'application/json']],
      removeHeaders: [],
      stream: false,
      dropped: losses.dropped,
      response: new ResponseByStatus(success, failedAnswer()),
    };
  },
};
