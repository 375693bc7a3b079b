import { ChatFinishReason } from '../openai/chat-chunk';

/**
 * OpenAI's word for Converse's `stopReason`, which itself goes into `provider_finish_reason`. `undefined`: the model wrote something that
 * is no answer (a tool call that cannot be read), so the generation failed.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export function finishReason(stopReason: string, hasToolCalls: boolean): ChatFinishReason | undefined {
  switch (stopReason) {
    case 'malformed_tool_use':
    case 'malformed_model_output':
      return undefined;
    case 'tool_use':
      return 'tool_calls';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'guardrail_intervened':
    case 'content_filtered':
      return 'content_filter';
    case 'end_turn':
    case 'stop_sequence':
    default:
      // Some models end their turn with tool calls in it; clients look for the calls only behind this word.
      return hasToolCalls ? 'tool_calls' : 'stop';
  }
}
