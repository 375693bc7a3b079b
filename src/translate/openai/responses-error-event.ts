import { openAiError } from './error-body';
import { ClientError } from '../input-dialect';
import { utf8Bytes } from '../utf8-bytes';

/**
 * The error inside a stream of the Responses API: its documented `error` event, and the same in `error`, where OpenAI's own servers put it
 * and by which the official clients throw it at the caller.
 */
export function responsesErrorEvent(error: ClientError, sequenceNumber: number): Uint8Array {
  const detail = openAiError(error).error;
  const data = { type: 'error', sequence_number: sequenceNumber, code: detail.code, message: detail.message, param: detail.param, error: detail };
  return utf8Bytes(`event: error\ndata: ${JSON.stringify(data)}\n\n`);
}
