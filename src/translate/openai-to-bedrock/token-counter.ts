import { ErrorResponse } from './error-response';
import { converseRequest } from './request';
import { foundationModel, modelSegment } from '../bedrock/model-segment';
import { ChatTokenCounter } from '../openai/chat-token-counter';

/**
 * Bedrock's CountTokens, which counts what Converse would send to the model.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html
 */
export const converseTokenCounter: ChatTokenCounter = {
  request(chat, { upstreamModel }, losses) {
    const { messages, system, toolConfig, additionalModelRequestFields } = converseRequest(chat, upstreamModel, losses).body;
    return {
      path: `/model/${modelSegment(foundationModel(upstreamModel))}/count-tokens`,
      body: { input: { converse: { messages, system, toolConfig, additionalModelRequestFields } } },
    };
  },
  count: ({ inputTokens }) => inputTokens,
  errors: () => new ErrorResponse(),
};
