import { FailureWindow } from './failure-window';

/** When a backend is set aside and for how long. */
export interface OutlierLimits {
  /** Failures in a row. @default 5 */
  readonly consecutiveFailures: number;
  /** Part of the requests of the window that failed, up to 1. @default 0.5 */
  readonly failureRatio: number;
  /** Requests in the window from which on `failureRatio` counts. @default 20 */
  readonly minimumRequests: number;
  /** Milliseconds over which `failureRatio` is taken. One that was back for as long is new again: its next time is `base`. @default 60000 */
  readonly window: number;
  /** Milliseconds for the first time; doubled with every failed probe. @default 10000 */
  readonly base: number;
  /** Longest time, in milliseconds. @default 300000 */
  readonly longest: number;
}

const DEFAULT_LIMITS: OutlierLimits = { consecutiveFailures: 5, failureRatio: 0.5, minimumRequests: 20, window: 60_000, base: 10_000, longest: 300_000 };

/** Entries from which on those are looked for that nobody asked for in a while. */
const FIRST_SWEEP = 1_000;

interface Entry {
  readonly window: FailureWindow;
  /** In a row. */
  failures: number;
  /** How often it was set aside without having been back for long in between. */
  ejections: number;
  /** Counts up whenever it is set aside: attempts that began in an earlier one say nothing new. */
  epoch: number;
  /** Milliseconds since the epoch; 0: it is in use. */
  until: number;
  /** Since when it is in use again; milliseconds since the epoch. */
  returned: number;
  /** Half open: since when one request probes whether it works again. */
  probe: number | undefined;
  /** Until when it asked to be left alone; milliseconds since the epoch. */
  retryAt: number;
  /** Milliseconds since the epoch. */
  lastUse: number;
}

/**
 * Which backends failed again and again of late: so many times in a row, or so large a part of their requests. One that did is set aside; after a
 * while a single request may probe it: an answer brings it back, a failure sets it aside for twice as long. Its users decide what is a failure.
 */
export class OutlierMemory {
  private readonly entries = new Map<string, Entry>();
  private readonly limits: OutlierLimits;
  private sweepAt = FIRST_SWEEP;

  /** `now`: milliseconds since the epoch. */
  constructor(private readonly now: () => number, limits: Partial<OutlierLimits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** Whether it may be used like any other: not set aside, or due for a probe that nobody makes yet. */
  usable(id: string): boolean {
    const entry = this.entries.get(id);
    if (entry === undefined || entry.until === 0) return true;
    const now = this.now();
    // A probe that never came to an end (the client left) does not keep others from probing.
    return now >= entry.until && (entry.probe === undefined || now - entry.probe >= this.limits.base);
  }

  /** An attempt begins: where a probe is due, this is it. Returns what `succeeded` or `failed` need to know of it. */
  began(id: string): number {
    const entry = this.entries.get(id) ?? this.add(id);
    entry.lastUse = this.now();
    if (entry.until !== 0 && entry.lastUse >= entry.until) entry.probe = entry.lastUse;
    return entry.epoch;
  }

  /** `began`: as the attempt's `began` returned it. */
  succeeded(id: string, began: number): void {
    const entry = this.entries.get(id);
    if (entry === undefined || began !== entry.epoch) return;
    const now = this.now();
    if (entry.until !== 0) {
      entry.until = 0;
      entry.returned = now;
      entry.probe = undefined;
      entry.retryAt = 0;
      entry.window.clear();
    }
    entry.failures = 0;
    entry.window.count(now, false);
  }

  /** `began`: as the attempt's `began` returned it; `retryAfter`: milliseconds that the backend asked to be left alone. */
  failed(id: string, began: number, retryAfter = 0): void {
    const entry = this.entries.get(id);
    if (entry === undefined) return;
    const now = this.now();
    if (began === entry.epoch) this.countFailure(entry, now);
    if (retryAfter <= 0) return;
    entry.retryAt = Math.max(entry.retryAt, now + Math.min(retryAfter, this.limits.longest));
    if (entry.until === 0) entry.epoch += 1;
    entry.until = Math.max(entry.until, entry.retryAt);
  }

  /** Milliseconds for which it asked to be left alone. */
  wait(id: string): number {
    const entry = this.entries.get(id);
    return entry === undefined ? 0 : Math.max(0, entry.retryAt - this.now());
  }

  private countFailure(entry: Entry, now: number): void {
    const { consecutiveFailures, failureRatio, minimumRequests } = this.limits;
    if (entry.until !== 0) {
      // Tried although it is set aside, as all are: its time runs on.
      if (now >= entry.until) this.setAside(entry, now);
      return;
    }
    entry.failures += 1;
    entry.window.count(now, true);
    if (entry.failures >= consecutiveFailures || entry.window.reaches(failureRatio, minimumRequests)) this.setAside(entry, now);
  }

  private setAside(entry: Entry, now: number): void {
    const { base, longest, window } = this.limits;
    if (entry.until === 0 && now - entry.returned >= window) entry.ejections = 0;
    entry.until = now + Math.min(base * 2 ** entry.ejections, longest);
    entry.ejections += 1;
    entry.epoch += 1;
    entry.failures = 0;
    entry.probe = undefined;
  }

  private add(id: string): Entry {
    if (this.entries.size >= this.sweepAt) this.sweep();
    const entry: Entry = {
      window: new FailureWindow(this.limits.window), failures: 0, ejections: 0, epoch: 0, until: 0, returned: 0, probe: undefined, retryAt: 0, lastUse: 0,
    };
    this.entries.set(id, entry);
    return entry;
  }

  /** Forgets the backends of configurations that are long gone: those that nobody used for as long as they could be set aside. */
  private sweep(): void {
    const oldest = this.now() - Math.max(this.limits.longest, this.limits.window);
    for (const [id, { lastUse, until }] of this.entries) if (lastUse < oldest && until < this.now()) this.entries.delete(id);
    this.sweepAt = Math.max(FIRST_SWEEP, this.entries.size * 2);
  }
}
