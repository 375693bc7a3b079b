/** When a backend is set aside and for how long. */
export interface OutlierLimits {
  /** Failures in a row. @default 5 */
  readonly consecutiveFailures: number;
  /** Milliseconds for the first time; doubled with every failed probe. @default 10000 */
  readonly base: number;
  /** Longest time, in milliseconds. @default 300000 */
  readonly longest: number;
}

const DEFAULT_LIMITS: OutlierLimits = { consecutiveFailures: 5, base: 10_000, longest: 300_000 };

interface Entry {
  /** In a row. */
  failures: number;
  /** How often in a row it was set aside. */
  ejections: number;
  /** Milliseconds since the epoch; 0: it is in use. */
  until: number;
  /** Half open: since when one request probes whether it works again. */
  probe: number | undefined;
  /** Until when it asked to be left alone; milliseconds since the epoch. */
  retryAt: number;
}

/**
 * Which backends failed again and again of late. One that did is set aside; after a while a single request may probe it: an answer brings it
 * back, a failure sets it aside for twice as long. Only what failed takes memory. Its users decide what is a failure.
 */
export class OutlierMemory {
  private readonly entries = new Map<string, Entry>();
  private readonly limits: OutlierLimits;

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

  /** An attempt begins: where a probe is due, this is it. */
  began(id: string): void {
    const entry = this.entries.get(id);
    if (entry !== undefined && entry.until !== 0 && this.now() >= entry.until) entry.probe = this.now();
  }

  succeeded(id: string): void {
    this.entries.delete(id);
  }

  /** `retryAfter`: milliseconds that the backend asked to be left alone. */
  failed(id: string, retryAfter = 0): void {
    const entry = this.entries.get(id) ?? { failures: 0, ejections: 0, until: 0, probe: undefined, retryAt: 0 };
    this.entries.set(id, entry);
    const { consecutiveFailures, base, longest } = this.limits;
    const now = this.now();
    const probed = entry.until !== 0 && now >= entry.until;
    entry.failures += 1;
    // Requests that were under way when it was set aside say nothing new.
    if (probed || (entry.until === 0 && entry.failures >= consecutiveFailures)) {
      entry.until = now + Math.min(base * 2 ** entry.ejections, longest);
      entry.ejections += 1;
      entry.probe = undefined;
    }
    if (retryAfter <= 0) return;
    entry.retryAt = Math.max(entry.retryAt, now + Math.min(retryAfter, longest));
    entry.until = Math.max(entry.until, entry.retryAt);
  }

  /** Milliseconds for which it asked to be left alone. */
  wait(id: string): number {
    const entry = this.entries.get(id);
    return entry === undefined ? 0 : Math.max(0, entry.retryAt - this.now());
  }
}
