/** Codes of the gateway's own errors, as docs/operations.md explains them. Providers have codes of their own, without end. */
const CODES: ReadonlySet<string> = new Set([
  'backend_credential', 'backend_incomplete', 'backend_not_found', 'broken_answer', 'credential_timeout', 'gateway_error', 'generation_failed',
  'generation_timeout', 'invalid_credential', 'invalid_header', 'invalid_json', 'invalid_multipart', 'invalid_request', 'invalid_type', 'invalid_value',
  'keys_unavailable', 'malformed_function_call', 'malformed_model_output', 'method_not_allowed', 'missing_body', 'missing_claim', 'missing_credential',
  'missing_header', 'missing_required_parameter', 'model_not_found', 'not_found', 'not_ready', 'permission_denied', 'rate_limit_exceeded', 'request_timeout',
  'request_too_large', 'unknown_endpoint', 'unsupported_content_encoding', 'unsupported_content_type', 'unsupported_endpoint', 'unsupported_model',
  'unsupported_parameter', 'unusable_answer', 'upstream_broke_off', 'upstream_error', 'upstream_reset', 'upstream_timeout', 'upstream_unreachable',
]);

/** The code where it is one of the gateway's, or else `other`: safe as a metric label. */
export function errorCodeLabel(code: string): string {
  return CODES.has(code) ? code : 'other';
}
