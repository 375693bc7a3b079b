import { clientRefusal } from './client-refusal';
import { ResponseHeadIn, ResponseHeadOut } from './exchange';
import { UpstreamFailure } from './upstream-client';
import { AttemptFailure } from '../routing/retry-on';
import { ClientError } from '../translate/input-dialect';

/** What Envoy would say of a provider that gave no answer: a call of the gateway's own fails in the same words. */
export function providerFailure(failure: UpstreamFailure): { readonly status: number; readonly codeDetails: string } {
  return PROVIDER_FAILURE[failure];
}

const PROVIDER_FAILURE: Readonly<Record<UpstreamFailure, { readonly status: number; readonly codeDetails: string }>> = {
  refused: { status: 503, codeDetails: 'upstream_reset_before_response_started{remote_connection_failure}' },
  dns: { status: 503, codeDetails: 'upstream_reset_before_response_started{connection_failure}' },
  tls: { status: 503, codeDetails: 'upstream_reset_before_response_started{connection_failure}' },
  reset: { status: 503, codeDetails: 'upstream_reset_before_response_started{connection_termination}' },
  // Only at the end of the whole request's time, or when nobody waits any more.
  aborted: { status: 504, codeDetails: 'response_timeout' },
  timeout: { status: 504, codeDetails: 'upstream_per_try_timeout' },
};

/** Whether a provider answered, by Envoy's `response.code_details`; absent where there is no Envoy. */
export function answeredByProvider(codeDetails: string | undefined): boolean {
  return codeDetails === undefined || codeDetails === '' || codeDetails === 'via_upstream';
}

/**
 * How the attempt ended for which Envoy answered; `undefined`: this is the gateway's own word (rate limit, access, no route), or the time for the
 * whole request is over (`response_timeout`), and no other backend would change that.
 */
export function attemptFailure(codeDetails: string): AttemptFailure | undefined {
  if (codeDetails.startsWith('upstream_reset_before_response_started')) return /connection_(failure|timeout)/.test(codeDetails) ? 'connect-failure' : 'reset';
  if (codeDetails.startsWith('upstream_per_try')) return 'timeout';
  if (codeDetails === 'no_healthy_upstream') return 'connect-failure';
  return codeDetails.startsWith('upstream_') && !/timeout|max_stream_duration/.test(codeDetails) ? 'reset' : undefined;
}

/** What Envoy's own reply means to a client. */
export function localReplyError(status: number, codeDetails: string): ClientError {
  return { status, ...clientRefusal(codeDetails) ?? localReplyWords(status, codeDetails) };
}

/** Envoy's own reply with this body instead; its other headers stay. */
export function localReplyHead(head: ResponseHeadIn, { contentType, body }: { readonly contentType: string; readonly body: Uint8Array }): ResponseHeadOut {
  // Seconds until the limit's window ends, as Envoy Gateway's rate limits say; clients wait by retry-after.
  const wait = head.header('x-ratelimit-reset') ?? '';
  const retryAfter = head.status === 429 && head.header('retry-after') === undefined && /^\d+$/.test(wait) ? [['retry-after', wait] as const] : [];
  return {
    status: head.status, setHeaders: [['content-type', contentType], ...retryAfter], removeHeaders: ['content-length'], bodyUnchanged: false, replaceBody: body,
  };
}

/** What a client is told of an answer that Envoy gave by itself. `details`: Envoy's response code details. */
export function localReplyWords(status: number, details: string): { message: string; code: string } {
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
