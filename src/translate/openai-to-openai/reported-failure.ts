import { openAiErrorType } from '../openai/error-body';
import { ResponseFailure } from '../translator';

/** `code` of a response that failed, https://platform.openai.com/docs/api-reference/responses/object; those not here are the request's fault. */
const RESPONSE_ERROR_STATUS: ReadonlyMap<unknown, number> = new Map([['server_error', 500], ['rate_limit_exceeded', 429], ['vector_store_timeout', 504]]);

/** What an error that came inside a 200 answer says of itself. `error`: the error's own object, or its text. */
export function reportedFailure(error: unknown): ResponseFailure {
  const { message, code, type } = typeof error === 'object' && error !== null
    ? error as Readonly<Record<string, unknown>>
    : { message: error, code: null, type: null };
  return {
    status: failureStatus(code, type),
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : null,
    message: typeof message === 'string' ? message : 'the provider sent an error inside its answer',
  };
}

/** Servers put the HTTP status into `code`, or let the code's name or the type say it. */
function failureStatus(code: unknown, type: unknown): number {
  const status = Number(code);
  if (Number.isInteger(status) && status >= 400 && status <= 599) {
    return status;
  }
  return RESPONSE_ERROR_STATUS.get(code) ?? [400, 401, 403, 429, 500].find((known) => openAiErrorType(known) === type) ?? 502;
}
