import { SignInDefect } from './sign-in';

/** RFC 6749 (5.2), RFC 8693 (2.2.2) and OpenID Connect. */
const OAUTH_ERRORS: ReadonlySet<string> = new Set([
  'invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope', 'invalid_target', 'access_denied',
  'temporarily_unavailable', 'server_error', 'invalid_resource', 'interaction_required',
]);
/** Of Node and its HTTP clients. */
const NETWORK_ERROR = /^(?:E[A-Z_]{3,30}|UND_ERR_[A-Z_]{3,30}|CERT_[A-Z_]{3,40}|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]{3,40})$/;
/** `ExpiredTokenException`, `AccessDenied`. */
const ERROR_NAME = /^[A-Z][A-Za-z]{2,59}$/;
/** What google-auth-library says where it finds none, in words of its own. */
const NO_DEFAULT_CREDENTIALS = 'Could not load the default credentials';
const DEEPEST = 5;

/**
 * Why a sign-in failed, in words that no server chose: what token endpoints and SDKs say may repeat what was sent to them. Codes are let through
 * by what they look like, messages never.
 */
export function failureReason(error: unknown): string {
  if (error instanceof SignInDefect) return error.message;
  const words = new Set<string>();
  collect(error, words, 0);
  return words.size === 0 ? 'unknown reason' : [...words].join(', ');
}

interface Failure {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly error?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
  readonly response?: { readonly status?: unknown; readonly data?: { readonly error?: unknown } };
  readonly errorResponse?: { readonly error?: unknown };
  readonly errors?: unknown;
}

function collect(error: unknown, words: Set<string>, depth: number): void {
  if (typeof error !== 'object' || error === null || depth > DEEPEST) return;
  const failure = error as Failure;
  for (const status of [failure.status, failure.statusCode, failure.$metadata?.httpStatusCode, failure.response?.status]) {
    if (typeof status === 'number' && status >= 300 && status < 600) words.add(`HTTP ${status}`);
  }
  for (const code of [failure.errorResponse?.error, failure.response?.data?.error, failure.error, failure.code]) {
    if (typeof code === 'string' && (OAUTH_ERRORS.has(code) || NETWORK_ERROR.test(code))) words.add(code);
  }
  const { message } = failure;
  if (typeof message === 'string' && message.startsWith(NO_DEFAULT_CREDENTIALS)) words.add('there are no application default credentials');
  if (typeof message === 'string') for (const [code] of message.matchAll(/\bAADSTS\d{3,9}\b/g)) words.add(code);
  if (typeof failure.name === 'string' && failure.name !== 'Error' && ERROR_NAME.test(failure.name)) words.add(failure.name);
  collect(failure.cause, words, depth + 1);
  if (Array.isArray(failure.errors)) for (const one of failure.errors) collect(one, words, depth + 1);
}
