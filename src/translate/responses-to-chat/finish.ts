import type { Response } from 'openai/resources/responses/responses';

export interface Finish {
  readonly status: 'completed' | 'incomplete';
  readonly incompleteReason?: Response.IncompleteDetails['reason'];
}

/** The state in which a response ends by the `finish_reason` of a chat. */
export function finishOf(finishReason: string): Finish {
  switch (finishReason) {
    case 'length':
      return { status: 'incomplete', incompleteReason: 'max_output_tokens' };
    case 'content_filter':
      return { status: 'incomplete', incompleteReason: 'content_filter' };
    case 'stop':
    case 'tool_calls':
    case 'function_call':
    default:
      return { status: 'completed' };
  }
}
