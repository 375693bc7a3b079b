/** Envoy's words for why it refused a client (`response.code_details`), in words for the client; `undefined`: it did not. */
export function clientRefusal(details: string): { readonly message: string; readonly code: string } | undefined {
  if (details === 'missing_api_key') return { message: 'the request needs an API key', code: 'missing_credential' };
  if (details === 'unknown_api_key') return { message: 'the API key of this request is not known', code: 'invalid_credential' };
  const [, reason] = /^jwt_authn_access_denied\{(.*)\}$/.exec(details) ?? [];
  return reason === undefined ? undefined : tokenRefusal(reason.replaceAll('_', ' '));
}

function tokenRefusal(reason: string): { readonly message: string; readonly code: string } {
  switch (reason) {
    case 'Jwt is missing': return { message: 'the request needs a token (JWT) as Authorization: Bearer', code: 'missing_credential' };
    case 'Jwt is expired': return { message: 'the token of this request is expired', code: 'invalid_credential' };
    case 'Audiences in Jwt are not allowed': return { message: 'the token of this request was issued for another audience', code: 'invalid_credential' };
    // Not the client's fault; the status is Envoy's.
    case 'Jwks remote fetch is failed': return { message: 'the keys that tokens are checked with cannot be fetched; try again shortly', code: 'keys_unavailable' };
    default: return { message: `the token of this request is not valid: ${reason}`, code: 'invalid_credential' };
  }
}
