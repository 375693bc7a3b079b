import { ChatFinishReason } from '../openai/chat-chunk';
import { ResponseFailure } from '../translator';

/**
 * OpenAI's word for Cohere's `finish_reason`, which itself goes into `provider_finish_reason`. `undefined`: the generation failed.
 * https://docs.cohere.com/reference/chat
 */
export function finishReason(reason: string, hasToolCalls: boolean): ChatFinishReason | undefined {
  switch (reason) {
    case 'ERROR':
    case 'TIMEOUT':
      return undefined;
    case 'TOOL_CALL':
      return 'tool_calls';
    case 'MAX_TOKENS':
      return 'length';
    case 'COMPLETE':
    case 'STOP_SEQUENCE':
    default:
      // Clients look for tool calls only behind this word.
      return hasToolCalls ? 'tool_calls' : 'stop';
  }
}

/** `said`: the provider's own words, where it has any. */
export function failedGeneration(reason: string | undefined, said: string | null | undefined): ResponseFailure {
  return reason === 'TIMEOUT'
    ? { status: 504, code: 'generation_timeout', message: said || 'the provider stopped the answer because it took too long; try again' }
    : { status: 502, code: 'generation_failed', message: said || 'the provider could not finish the answer; try again' };
}
