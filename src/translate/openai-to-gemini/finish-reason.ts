import { ChatFinishReason } from '../openai/chat-chunk';
import { malformedOutput } from '../response-failure';
import { ResponseFailure } from '../translator';

/**
 * OpenAI's word for Gemini's `finishReason`, which itself goes into `provider_finish_reason`, or the failure that it is: the model wrote
 * something that is no answer. https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/GenerateContentResponse#FinishReason
 */
export function finishReason(reason: string, hasToolCalls: boolean): ChatFinishReason | ResponseFailure {
  switch (reason) {
    case 'MALFORMED_FUNCTION_CALL':
    case 'UNEXPECTED_TOOL_CALL':
      return malformedOutput('malformed_tool_use');
    case 'MALFORMED_RESPONSE':
    case 'TOO_MANY_TOOL_CALLS':
      return malformedOutput('malformed_model_output');
    case 'MAX_TOKENS':
    case 'CONTINUATION':
      return 'length';
    case 'SAFETY':
    case 'RECITATION':
    case 'LANGUAGE':
    case 'BLOCKLIST':
    case 'PROHIBITED_CONTENT':
    case 'SPII':
    case 'MODEL_ARMOR':
    case 'IMAGE_SAFETY':
    case 'IMAGE_PROHIBITED_CONTENT':
    case 'IMAGE_RECITATION':
      return 'content_filter';
    case 'STOP':
    case 'OTHER':
    case 'NO_IMAGE':
    case 'IMAGE_OTHER':
    default:
      // Gemini says STOP at calls, too; clients look for the calls only behind the other word.
      return hasToolCalls ? 'tool_calls' : 'stop';
  }
}
