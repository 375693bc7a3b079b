import { answeredByProvider, localReplyError } from '../../src/runtime/local-reply';

test.each<[string | undefined, boolean]>([
  [undefined, true], ['', true], ['via_upstream', true], ['request_rate_limited', false], ['rbac_access_denied_matched_policy[none]', false],
  ['upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused}', false], ['direct_response', false],
])('%s: a provider answered: %s', (details, provider) => {
  expect(answeredByProvider(details)).toBe(provider);
});

// Status and response.code_details as Envoy 1.40 gives them.
test.each<[number, string, string]>([
  [401, 'missing_api_key', 'missing_credential'],
  [401, 'unknown_api_key', 'invalid_credential'],
  [401, 'jwt_authn_access_denied{Jwt_is_missing}', 'missing_credential'],
  [401, 'jwt_authn_access_denied{Jwt_is_expired}', 'invalid_credential'],
  [401, 'jwt_authn_access_denied{Jwt_verification_fails}', 'invalid_credential'],
  [401, 'jwt_authn_access_denied{Jwks_remote_fetch_is_failed}', 'keys_unavailable'],
  [403, 'jwt_authn_access_denied{Audiences_in_Jwt_are_not_allowed}', 'invalid_credential'],
  [401, 'something_new', 'invalid_credential'],
  [403, 'rbac_access_denied_matched_policy[none]', 'permission_denied'],
  [404, 'route_not_found', 'not_found'],
  [404, 'direct_response', 'not_found'],
  [408, 'request_header_timeout', 'request_timeout'],
  [408, 'request_overall_timeout', 'request_timeout'],
  [413, 'request_payload_too_large', 'request_too_large'],
  [429, 'request_rate_limited', 'rate_limit_exceeded'],
  [503, 'no_healthy_upstream', 'upstream_unreachable'],
  [503, 'cluster_not_found', 'upstream_unreachable'],
  [503, 'upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused}', 'upstream_unreachable'],
  [503, 'upstream_reset_before_response_started{connection_termination}', 'upstream_reset'],
  [502, 'upstream_reset_before_response_started{protocol_error}', 'upstream_reset'],
  [504, 'upstream_response_timeout', 'upstream_timeout'],
  [504, 'response_timeout', 'upstream_timeout'],
  [504, 'upstream_per_try_timeout', 'upstream_timeout'],
  [500, 'ext_proc_error_gRPC_error_14', 'gateway_error'],
])('%d %s', (status, details, code) => {
  expect(localReplyError(status, details)).toEqual({ status, code, message: expect.stringMatching(/^[a-z][^\n]*[^.]$/) });
});
