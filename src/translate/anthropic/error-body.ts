import { ClientError } from '../input-dialect';
import { utf8Bytes } from '../utf8-bytes';

/** Anthropic's error envelope, https://docs.anthropic.com/en/api/errors. */
export interface AnthropicErrorEnvelope {
  readonly type: 'error';
  readonly error: { readonly type: string; readonly message: string; readonly details?: { readonly error_code: string } };
  readonly request_id?: string;
}

/** `type` of an error by its HTTP status. */
export function anthropicErrorType(status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error';
    case 402:
      return 'billing_error';
    case 403:
      return 'permission_error';
    case 404:
      return 'not_found_error';
    case 409:
      return 'conflict_error';
    case 413:
      return 'request_too_large';
    case 429:
      return 'rate_limit_error';
    case 408:
    case 504:
      return 'timeout_error';
    case 503:
    case 529:
      return 'overloaded_error';
    case 424:
      // Bedrock: the model failed, not the request.
      return 'api_error';
    default:
      return status >= 500 ? 'api_error' : 'invalid_request_error';
  }
}

const STATUS: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** HTTP status that an error inside a stream stands for; 502 for a type that nobody has documented. */
export function anthropicErrorStatus(type: string): number {
  return Object.hasOwn(STATUS, type) ? STATUS[type] : 502;
}

/** The stable code of an error stands where Anthropic's own codes do, which the official clients read as `errorCode`. */
export function anthropicError(error: ClientError, requestId?: string): AnthropicErrorEnvelope {
  const type = error.type ?? anthropicErrorType(error.status);
  const code = error.code ?? undefined;
  return {
    type: 'error',
    error: { type, message: error.message, ...code !== undefined && code !== type && { details: { error_code: code } } },
    ...requestId !== undefined && { request_id: requestId },
  };
}

export function anthropicErrorBody(error: ClientError, requestId?: string): Uint8Array {
  return utf8Bytes(JSON.stringify(anthropicError(error, requestId)));
}

/** The error inside a stream that has begun: the official clients throw it at the caller. No `message_stop` follows. */
export function anthropicErrorEvent(error: ClientError, requestId?: string): Uint8Array {
  return utf8Bytes(anthropicErrorEventText(error, requestId));
}

/** As `anthropicErrorEvent`, for writers of text. */
export function anthropicErrorEventText(error: ClientError, requestId?: string): string {
  return `event: error\ndata: ${JSON.stringify(anthropicError(error, requestId))}\n\n`;
}
