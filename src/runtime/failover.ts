import { Choice, FailoverChoice, FailoverRule } from './configuration';
import { OutlierMemory } from './outlier-memory';
import { ObjectKey } from '../resources/object-meta';
import { failoverPlan } from '../routing/failover-plan';
import { AttemptFailure, retriesFailure, retriesStatus } from '../routing/retry-on';

/** How one attempt ended. */
export type AttemptReason =
  /** The client got its answer. */
  | 'answered'
  /** It answered with an error's status. */
  | 'status'
  /** It gave no answer. */
  | AttemptFailure
  /** The status said success, the body did not. */
  | 'broken-answer'
  /** No request could be made for it: no credential, no such backend, parameters that it refuses. */
  | 'not-sent'
  /** The client left before it ended. */
  | 'abandoned';

export interface AttemptRecord {
  /** LLMBackend, `<namespace>/<name>`. */
  readonly backend: ObjectKey;
  readonly reason: AttemptReason;
  /** Absent: no answer came. */
  readonly status?: number;
}

/** What the requests of an engine share. */
export interface FailoverServices {
  readonly outliers: OutlierMemory;
  /** In [0, 1). */
  random(): number;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** One request's way through the backends of its rule. */
export class Failover {
  readonly attempts: AttemptRecord[] = [];
  private readonly plan: readonly FailoverChoice[];
  private place = 0;

  /** `first`: chooses the first attempt, in [0, 1). `deadline`: when the whole request must be over, milliseconds since the epoch. */
  constructor(private readonly rule: FailoverRule, first: number, private readonly deadline: number, private readonly services: FailoverServices) {
    const { outliers } = services;
    this.plan = failoverPlan(rule.choices, { first, random: () => services.random(), attempts: rule.attempts, usable: ({ id }) => outliers.usable(id) });
    this.services.outliers.began(this.current.id);
  }

  /** The attempt that is under way. */
  get choice(): Choice {
    return this.current.choice;
  }

  /** Its number, from 1. */
  get attempt(): number {
    return this.place + 1;
  }

  /** Milliseconds that the attempt's answer may take to begin. */
  get headTimeout(): number {
    return Math.max(1, Math.min(this.rule.perAttemptTimeout ?? Infinity, this.timeLeft));
  }

  /** Milliseconds that are left for the whole request. */
  get timeLeft(): number {
    return this.deadline - this.services.now();
  }

  /** The attempt that is under way has ended. True: `retryOn` names this, and there is another backend and time to try it. */
  settle(reason: AttemptReason, status?: number, retryAfter?: string): boolean {
    const { outliers } = this.services;
    const { choice, id } = this.current;
    if (this.attempts.length > this.place) return false;
    this.attempts.push({ backend: choice.target.key, reason, ...(status === undefined ? {} : { status }) });
    const failed = this.failed(reason, status);
    if (failed && reason !== 'not-sent') outliers.failed(id, waitOf(retryAfter, this.services.now()));
    else if (reason === 'answered' || reason === 'status') outliers.succeeded(id);
    return failed && this.place + 1 < this.plan.length && this.timeLeft > 0;
  }

  /** Goes on to the next backend of the plan, after `settle` said that there is one. */
  advance(): Choice {
    this.place += 1;
    this.services.outliers.began(this.current.id);
    return this.choice;
  }

  private failed(reason: AttemptReason, status: number | undefined): boolean {
    switch (reason) {
      case 'answered':
      case 'abandoned': return false;
      case 'not-sent': return true;
      case 'status':
      case 'broken-answer': return retriesStatus(this.rule.retryOn, status ?? 502);
      default: return retriesFailure(this.rule.retryOn, reason);
    }
  }

  private get current(): FailoverChoice {
    return this.plan[this.place];
  }
}

/** Milliseconds of a Retry-After header: seconds or a date (RFC 9110, section 10.2.3). */
function waitOf(retryAfter: string | undefined, now: number): number {
  if (retryAfter === undefined) return 0;
  const wait = /^\d+$/.test(retryAfter.trim()) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : 0;
}
