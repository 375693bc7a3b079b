import type { MessageCountTokensParams } from '@anthropic-ai/sdk/resources/messages';
import { failedAnswer } from './failed-answer';
import { MessagesRequest } from './messages-request';
import { messagesRequest } from './request';
import { betasOf } from '../anthropic/betas';
import { hostedRequest } from '../anthropic/hosted-request';
import { ClaudeHost } from '../anthropic/hosted-target';
import { calledModel } from '../catalog/called-model';
import { ChatTokenCounter } from '../openai/chat-token-counter';

/** Stands for the limit that a count does not have, and is not sent: above every budget of thinking that it could cut. */
const ANY_LIMIT = 1_000_000;

/** Anthropic's count_tokens, and what its hosts have of it. https://docs.anthropic.com/en/api/messages-count-tokens */
export function messagesTokenCounter(host: ClaudeHost): ChatTokenCounter {
  return {
    request(chat, context, losses) {
      const { upstreamModel, output, gcp, clientHeader } = context;
      const { body } = messagesRequest({ max_completion_tokens: ANY_LIMIT, ...chat }, host, calledModel(context), losses);
      const { messages, system, tools, tool_choice, thinking, output_config } = body;
      const counted: Omit<MessageCountTokensParams, 'messages' | 'system' | 'model'> & Pick<MessagesRequest, 'messages' | 'system'> = { messages, system, tools: tools as MessageCountTokensParams['tools'], tool_choice, thinking, output_config };
      return hostedRequest(host, {
        model: upstreamModel, stream: false, version: output.version, betas: betasOf(clientHeader('anthropic-beta')), gcp, countTokens: true,
      }, counted);
    },
    // Anthropic and Vertex AI; Bedrock.
    count: ({ input_tokens: tokens, inputTokens }) => tokens ?? inputTokens,
    errors: failedAnswer,
  };
}
