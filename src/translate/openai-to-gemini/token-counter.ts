import { failedAnswer } from './failed-answer';
import { geminiRequest } from './request';
import { calledModel } from '../catalog/called-model';
import { geminiPath } from '../gemini/gemini-path';
import { jsonBytes } from '../json-bytes';
import { ChatTokenCounter } from '../openai/chat-token-counter';

/**
 * Gemini's countTokens. The Gemini API takes all but `contents` only inside the request that would be sent.
 * https://ai.google.dev/api/tokens, https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/count-tokens
 */
export const geminiTokenCounter: ChatTokenCounter = {
  request(chat, context, losses) {
    const { upstreamModel, gcp } = context;
    const { contents, systemInstruction, tools } = geminiRequest(chat, calledModel(context).knownAs, gcp, losses).body;
    const prompt = { contents, systemInstruction, tools };
    const path = geminiPath(upstreamModel, 'countTokens', gcp);
    return { path, body: jsonBytes(gcp ? prompt : { generateContentRequest: { model: path.slice('/v1beta/'.length, -':countTokens'.length), ...prompt } }) };
  },
  // Without content there is no member.
  count: ({ totalTokens = 0 }) => totalTokens,
  errors: failedAnswer,
};
