import { Duration } from 'cdk8s';

/** A kind of failure after which the next target is tried; as Envoy Gateway's retry triggers. */
export enum FailoverTrigger {
  /** Status 500 to 599, and no answer at all. */
  SERVER_ERROR = '5xx',
  /** Status 502, 503 or 504, and no answer at all. */
  GATEWAY_ERROR = 'gateway-error',
  /** The connection broke before the answer began. */
  RESET = 'reset',
  /** No connection could be made. */
  CONNECT_FAILURE = 'connect-failure',
  /** The answer did not begin within `perAttemptTimeout`. */
  TIMEOUT = 'timeout',
}

/** After which failures the next target is tried. */
export interface FailoverConditions {
  /**
   * Kinds of failure.
   *
   * @default - SERVER_ERROR, RESET, CONNECT_FAILURE and TIMEOUT
   */
  readonly triggers?: FailoverTrigger[];

  /**
   * Statuses of the answer, 400 to 599.
   *
   * @default - 429
   */
  readonly httpStatusCodes?: number[];
}

/**
 * What follows when a target fails before the client got anything of its answer: within the same request, the gateway asks the other targets of
 * the same priority, then those of the next. A target that fails again and again is set aside for a while.
 */
export interface FailoverOptions {
  /**
   * Attempts in all, 2 to 10. A target is asked again only after the time that it named in Retry-After, when all others failed.
   *
   * @default 3
   */
  readonly attempts?: number;

  /**
   * Time to the first byte of one attempt's answer. All attempts together must fit into the route's `timeouts.request`.
   *
   * The first attempt is Envoy's, which has one such time for all rules of a route: the longest of them.
   *
   * @default - as long as the whole request may take
   */
  readonly perAttemptTimeout?: Duration;

  /**
   * After which failures the next target is tried.
   *
   * @default - server errors, no answer, and status 429
   */
  readonly retryOn?: FailoverConditions;
}
