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

/** Milliseconds since the epoch. */
export interface Deadlines {
  /** When the answer must have begun: afterwards nobody waits for it. */
  readonly head: number;
  /** When it must be complete. */
  readonly request: number;
}

/** Milliseconds; an attempt that would get less is not made. */
const SHORTEST_ATTEMPT = 100;
/** Milliseconds; the official client libraries do not wait longer for a Retry-After either. */
const LONGEST_WAIT = 60_000;

/** The deadlines of a request that began at `started`, by the time that it may take and the time that its client waits for it; milliseconds. */
export function deadlinesOf(started: number, requestTimeout: number, patience: number | undefined): Deadlines {
  // Both end with somebody else's timer, so an error of ours has to be there a little earlier.
  const early = (time: number): number => time - Math.min(1_000, time / 10);
  return { head: started + early(Math.min(requestTimeout, patience ?? Infinity)), request: started + requestTimeout };
}

/** One request's way through the backends of its rule. */
export class Failover {
  readonly attempts: AttemptRecord[] = [];
  private readonly plan: FailoverChoice[];
  private place = 0;
  /** What the memory of outliers calls the attempt that is under way. */
  private began: number;
  /** Backends that want to be asked again later, and when. */
  private readonly later: Array<{ readonly choice: FailoverChoice; readonly at: number }> = [];

  /** `first`: chooses the first attempt, in [0, 1). */
  constructor(private readonly rule: FailoverRule, first: number, private readonly deadlines: Deadlines, private readonly services: FailoverServices) {
    const { outliers } = services;
    this.plan = failoverPlan(rule.choices, { first, random: () => services.random(), attempts: rule.attempts, usable: ({ id }) => outliers.usable(id) });
    this.began = outliers.began(this.current.id);
  }

  /** The attempt that is under way. */
  get choice(): Choice {
    return this.current.choice;
  }

  /** Its number, from 1. */
  get attempt(): number {
    return this.place + 1;
  }

  /** Milliseconds that the attempt's answer may take to begin, and that it may then be silent while nothing of it went out. */
  get headTimeout(): number {
    return Math.max(1, Math.min(this.rule.perAttemptTimeout ?? Infinity, this.deadlines.head - this.services.now()));
  }

  /** Milliseconds that are left for the whole request. */
  get timeLeft(): number {
    return this.deadlines.request - this.services.now();
  }

  /** Milliseconds to wait before the attempt is made, since its backend asked to be left alone so long. */
  get wait(): number {
    const wait = this.services.outliers.wait(this.current.id);
    return this.fits(wait) ? wait : 0;
  }

  /** The attempt that is under way has ended. True: `retryOn` names this, and there is another backend and time to try it. */
  settle(reason: AttemptReason, status?: number, retryAfter?: string): boolean {
    const { outliers } = this.services;
    const { choice, id } = this.current;
    if (this.attempts.length > this.place) return false;
    this.attempts.push({ backend: choice.target.key, reason, ...(status === undefined ? {} : { status }) });
    const failed = this.failed(reason, status);
    if (failed && reason !== 'not-sent') {
      const now = this.services.now();
      const wait = waitOf(retryAfter, now);
      if (wait > 0) this.later.push({ choice: this.current, at: now + wait });
      outliers.failed(id, this.began, wait);
    } else if (reason === 'answered' || reason === 'status') {
      outliers.succeeded(id, this.began);
    }
    return failed && this.hasNext();
  }

  /** Goes on to the next backend of the plan, after `settle` said that there is one. */
  advance(): Choice {
    this.place += 1;
    this.began = this.services.outliers.began(this.current.id);
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

  private hasNext(): boolean {
    if (!this.fits(0)) return false;
    if (this.place + 1 === this.plan.length && this.plan.length < this.rule.attempts) this.planAgain();
    return this.place + 1 < this.plan.length;
  }

  /** All were asked, and attempts are left: the next is for the backend that can be asked again first. */
  private planAgain(): void {
    const now = this.services.now();
    const [soonest] = this.later.filter(({ at }) => this.fits(at - now)).sort((left, right) => left.at - right.at);
    if (soonest === undefined) return;
    this.later.splice(this.later.indexOf(soonest), 1);
    this.plan.push(soonest.choice);
  }

  /** Whether an attempt after this wait, in milliseconds, can still have an answer in time. */
  private fits(wait: number): boolean {
    const shortest = Math.min(SHORTEST_ATTEMPT, this.rule.perAttemptTimeout ?? Infinity);
    return wait <= LONGEST_WAIT && this.services.now() + wait + shortest <= this.deadlines.head;
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
