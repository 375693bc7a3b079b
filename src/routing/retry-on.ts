import { Failover, RetryTrigger } from '../resources/llm-route';

/** How an attempt ended that gave no answer. */
export type AttemptFailure = 'reset' | 'connect-failure' | 'timeout';

/** Whether the next backend is tried after a provider answered with this status; triggers as Envoy Gateway defines them. */
export function retriesStatus({ triggers, httpStatusCodes }: Failover['retryOn'], status: number): boolean {
  return httpStatusCodes.includes(status)
    || (triggers.includes('5xx') && status >= 500 && status <= 599)
    || (triggers.includes('gateway-error') && status >= 502 && status <= 504);
}

/** Statuses by which Envoy answers for an upstream that gave no answer: in Envoy, `5xx` and `gateway-error` hold for these too. */
const COVERED_BY: readonly RetryTrigger[] = ['5xx', 'gateway-error'];

/** Whether the next backend is tried after an attempt that gave no answer. */
export function retriesFailure({ triggers }: Failover['retryOn'], failure: AttemptFailure): boolean {
  return triggers.some((trigger) => trigger === failure || COVERED_BY.includes(trigger));
}
