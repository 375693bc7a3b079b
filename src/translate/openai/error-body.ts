import { ClientError } from '../input-dialect';
import { utf8Bytes } from '../utf8-bytes';

/** OpenAI's error envelope, https://platform.openai.com/docs/guides/error-codes. */
export interface OpenAiErrorEnvelope {
  readonly error: { readonly message: string; readonly type: string; readonly param: string | null; readonly code: string | null };
}

/** `type` of an error by its HTTP status. */
export function openAiErrorType(status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error';
    case 403:
      return 'permission_error';
    case 429:
      return 'rate_limit_error';
    default:
      return status >= 500 ? 'server_error' : 'invalid_request_error';
  }
}

/** `code` of an error that has none of its own. */
function openAiErrorCode(status: number): string | null {
  switch (status) {
    case 404:
      return 'not_found';
    case 413:
      return 'request_too_large';
    case 429:
      return 'rate_limit_exceeded';
    default:
      return null;
  }
}

/** `code` absent (not null) is worked out from the status. */
export function openAiError(error: ClientError): OpenAiErrorEnvelope {
  return {
    error: {
      message: error.message,
      type: error.type ?? openAiErrorType(error.status),
      param: error.param ?? null,
      code: error.code === undefined ? openAiErrorCode(error.status) : error.code,
    },
  };
}

export function openAiErrorBody(error: ClientError): Uint8Array {
  return utf8Bytes(JSON.stringify(openAiError(error)));
}

/** The error inside a stream that has begun: the official clients throw it at the caller. No `[DONE]` follows. */
export function openAiErrorEvent(error: ClientError): Uint8Array {
  return utf8Bytes(openAiErrorEventText(error));
}

/** As `openAiErrorEvent`, for writers of text. */
export function openAiErrorEventText(error: ClientError): string {
  return `data: ${JSON.stringify(openAiError(error))}\n\n`;
}
