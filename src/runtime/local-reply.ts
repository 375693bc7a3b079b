import { ClientError } from '../translate/input-dialect';

/** Whether a provider answered, by Envoy's `response.code_details`; absent where there is no Envoy. */
export function answeredByProvider(codeDetails: string | undefined): boolean {
  return codeDetails === undefined || codeDetails === '' || codeDetails === 'via_upstream';
}

/** What Envoy's own reply means to a client. */
export function localReplyError(status: number, codeDetails: string): ClientError {
  return { status, ...describe(status, codeDetails) };
}

function describe(status: number, details: string): { message: string; code: string } {
  if (status === 408) return { message: 'the request did not arrive in time', code: 'request_timeout' };
  if (/timeout/.test(details)) return { message: 'the provider did not answer in time', code: 'upstream_timeout' };
  if (/connection_failure|no_healthy_upstream|no_cluster|cluster_not_found/.test(details)) return { message: 'the provider cannot be reached', code: 'upstream_unreachable' };
  if (details.startsWith('upstream_')) return { message: 'the provider broke off before it answered', code: 'upstream_reset' };
  switch (status) {
    case 401: return { message: 'the credential of this request is missing or not valid', code: 'invalid_credential' };
    case 403: return { message: 'this caller may not use this model', code: 'permission_denied' };
    case 404: return { message: 'no route of this gateway takes this request', code: 'not_found' };
    case 413: return { message: 'the request body is larger than this gateway takes', code: 'request_too_large' };
    case 429: return { message: 'the limit of this caller is used up; try again later', code: 'rate_limit_exceeded' };
    default: return { message: `the gateway answered ${status}`, code: 'gateway_error' };
  }
}
