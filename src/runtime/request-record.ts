import { AttemptRecord } from './failover';
import { Usage } from '../translate/usage';

/** What is known of one request when it is over; for log lines and metrics. Never holds a body or a credential. */
export interface RequestRecord {
  /** LLMRoute, `<namespace>/<name>`. */
  readonly route?: string;
  readonly endpoint?: string;
  /** What the client asked for. */
  readonly model?: string;
  /** Whether a rule names this model: safe as a metric label. */
  readonly modelKnown: boolean;
  readonly upstreamModel?: string;
  readonly rule?: string;
  /** LLMBackend, `<namespace>/<name>`. */
  readonly backend?: string;
  readonly stream: boolean;
  /** HTTP status that the client got; 0: none. */
  readonly status: number;
  readonly outcome: 'completed' | 'aborted';
  /** Of rules with failover: every attempt, the last being that of `backend`. */
  readonly attempts?: readonly AttemptRecord[];
  /** Stable word for what went wrong. */
  readonly errorCode?: string;
  readonly usage?: Usage;
  /** By the provider's public price list, in US dollars; absent: the provider or the model is in no list. */
  readonly cost?: number;
  /** The route counts money, and this request could not be counted. */
  readonly unpriced: boolean;
  readonly droppedParameters: readonly string[];
  /** Milliseconds from the request's head to the response's head, and to the end. */
  readonly timeToFirstByte?: number;
  readonly duration: number;
}
