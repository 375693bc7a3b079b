import { embeddingModel } from './embedding-model';
import { BEDROCK_EMBEDDINGS_PARAMETERS } from './parameters';
import { modelSegment } from '../bedrock/model-segment';
import { calledModel } from '../catalog/called-model';
import { embeddingTexts } from '../openai/embedding-texts';
import { asksForBase64, embeddingsAnswer } from '../openai/embeddings-answer';
import { openAiErrorBody } from '../openai/error-body';
import { failedAnswer } from '../openai-to-bedrock/failed-answer';
import { Losses } from '../request/losses';
import { applyParameterPolicy } from '../request/parameter-policy';
import { RequestValue } from '../request/request-value';
import { ResponseByStatus } from '../response-by-status';
import { Translator } from '../translator';
import { Usage } from '../usage';
import { utf8Bytes } from '../utf8-bytes';
import { WholeResponse } from '../whole-response';

/** OpenAI embeddings on AWS Bedrock's InvokeModel, for Amazon Titan and Cohere Embed. */
export const openAiToBedrockEmbeddings: Translator = {
  input: 'OpenAI',
  output: 'AWSBedrock',
  endpoint: 'Embeddings',
  parameters: BEDROCK_EMBEDDINGS_PARAMETERS,

  translate(body, context) {
    const losses = new Losses(context.unsupportedParameters, 'AWS Bedrock');
    const json = body.json();
    const model = embeddingModel(calledModel(context).knownAs);
    applyParameterPolicy(json, BEDROCK_EMBEDDINGS_PARAMETERS, losses, 'no field of OpenAI\'s embeddings', model.extensions);
    const request = new RequestValue(json, '');
    const texts = embeddingTexts(request.member('input'), model.provider, model.limit);
    const asked = { model: context.requestedModel, count: texts.length, base64: asksForBase64(request.member('encoding_format')) };
    const success = new WholeResponse((answer, header) => embeddingsAnswer(model.vectors(answer), asked, usageOf(answer, header)), openAiErrorBody);
    return {
      method: 'POST',
      path: `/model/${modelSegment(context.upstreamModel)}/invoke`,
      body: utf8Bytes(JSON.stringify(model.body(texts, request, losses))),
      setHeaders: [['content-type', 'application/json'], ['accept', 'application/json']],
      removeHeaders: [],
      stream: false,
      dropped: losses.dropped,
      response: new ResponseByStatus(success, failedAnswer()),
    };
  },
};

/** Titan tells the tokens of its text; of every model Bedrock tells them in a header. */
function usageOf(answer: unknown, header: (name: string) => string | undefined): Usage | undefined {
  const told = (answer as { readonly inputTextTokenCount?: unknown }).inputTextTokenCount ?? Number(header('x-amzn-bedrock-input-token-count') ?? NaN);
  if (typeof told !== 'number' || !Number.isSafeInteger(told) || told < 0) {
    return undefined;
  }
  return { inputTokens: told, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 0, reasoningTokens: 0, totalTokens: told };
}
