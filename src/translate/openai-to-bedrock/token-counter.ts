import { failedAnswer } from './failed-answer';
import { converseRequest } from './request';
import { foundationModel, modelSegment } from '../bedrock/model-segment';
import { calledModel } from '../catalog/called-model';
import { jsonBytes } from '../json-bytes';
import { ChatTokenCounter } from '../openai/chat-token-counter';

/**
 * Bedrock's CountTokens, which counts what Converse would send to the model.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html
 */
export const converseTokenCounter: ChatTokenCounter = {
  request(chat, context, losses) {
    const { knownAs } = calledModel(context);
    const { messages, system, toolConfig, additionalModelRequestFields } = converseRequest(chat, knownAs, losses).body;
    return {
      path: `/model/${modelSegment(foundationModel(knownAs))}/count-tokens`,
      body: jsonBytes({ input: { converse: { messages, system, toolConfig, additionalModelRequestFields } } }),
    };
  },
  count: ({ inputTokens }) => inputTokens,
  errors: failedAnswer,
};
