import { exceptionName, exceptionStatus } from './bedrock-exception';
import { EventStreamMessage } from './event-stream-decoder';
import { ResponseFailure } from '../translator';

const text = new TextDecoder();

/**
 * The failure that a frame tells, `undefined` for the others. `exception` frames carry a modelled exception with a JSON message, `error`
 * frames a code and a message in their headers.
 */
export function eventStreamFailure(message: EventStreamMessage): ResponseFailure | undefined {
  const { headers } = message;
  const type = headers.get(':message-type');
  if (type !== 'exception' && type !== 'error') {
    return undefined;
  }
  const name = headers.get(':exception-type') ?? headers.get(':error-code') ?? '';
  let said: unknown;
  try {
    said = (JSON.parse(text.decode(message.payload)) as { readonly message?: unknown } | null)?.message;
  } catch {
    said = undefined;
  }
  const told = typeof said === 'string' && said !== '' ? said : headers.get(':error-message');
  return {
    status: exceptionStatus(name),
    code: name === '' ? null : exceptionName(name),
    message: told ?? 'the provider ended the stream with an error and no message',
  };
}
