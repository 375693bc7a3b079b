/** The window is this many slots, of which the newest is under way: counts are of at least `SLOTS - 1` of them. */
const SLOTS = 10;

/** Requests and failures of the last while, counted in slots of time: constant in memory, and nothing is allocated to count. */
export class FailureWindow {
  private readonly requests = new Uint32Array(SLOTS);
  private readonly failures = new Uint32Array(SLOTS);
  private readonly slotLength: number;
  /** Number of the newest slot, since the epoch. */
  private newest = 0;
  private requestSum = 0;
  private failureSum = 0;

  /** `length`: milliseconds. */
  constructor(length: number) {
    this.slotLength = length / SLOTS;
  }

  /** `now`: milliseconds since the epoch. */
  count(now: number, failed: boolean): void {
    this.advance(now);
    const place = this.newest % SLOTS;
    this.requests[place] += 1;
    this.requestSum += 1;
    if (!failed) return;
    this.failures[place] += 1;
    this.failureSum += 1;
  }

  /** Whether there were at least `minimum` requests, and at least this part of them failed; as of the last `count`. */
  reaches(ratio: number, minimum: number): boolean {
    return this.requestSum >= minimum && this.failureSum >= ratio * this.requestSum;
  }

  clear(): void {
    this.requests.fill(0);
    this.failures.fill(0);
    this.requestSum = 0;
    this.failureSum = 0;
  }

  /** Forgets what fell out of the window. A clock that was set back goes on counting where it was. */
  private advance(now: number): void {
    const slot = Math.floor(now / this.slotLength);
    for (let number = Math.max(this.newest + 1, slot - SLOTS + 1); number <= slot; number += 1) {
      const place = number % SLOTS;
      this.requestSum -= this.requests[place];
      this.failureSum -= this.failures[place];
      this.requests[place] = 0;
      this.failures[place] = 0;
    }
    this.newest = Math.max(this.newest, slot);
  }
}
