import { ChatFinishReason } from '../openai/chat-chunk';

/**
 * OpenAI's word for Claude's `stop_reason`, which itself goes into `provider_finish_reason`.
 * https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
 */
export function finishReason(stopReason: string, hasToolCalls: boolean): ChatFinishReason {
  switch (stopReason) {
    case 'tool_use':
      return 'tool_calls';
    case 'max_tokens':
    case 'model_context_window_exceeded':
    // A long turn of the host's own tools that the client may go on with.
    case 'pause_turn':
      return 'length';
    case 'refusal':
      return 'content_filter';
    case 'end_turn':
    case 'stop_sequence':
    default:
      // Clients look for tool calls only behind this word.
      return hasToolCalls ? 'tool_calls' : 'stop';
  }
}

/** What Claude says of its refusal, in words that are not stable. */
export function refusalText(stopDetails: unknown): string | null {
  const explanation = typeof stopDetails === 'object' && stopDetails !== null ? (stopDetails as { readonly explanation?: unknown }).explanation : undefined;
  return typeof explanation === 'string' && explanation !== '' ? explanation : null;
}
