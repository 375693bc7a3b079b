import { failureReason } from './failure-reason';
import { Grant, SignIn, SignInDefect } from './sign-in';

/** What a `Renewal` goes by. All times in milliseconds. */
export interface RenewalOptions {
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Hears of every failure, of the same one again and again too. */
  onFailure?(reason: string): void;
  /** Hears of the first success after failures. */
  onRecovery?(): void;
}

/** Nothing could be had; the message says why and holds no secret. */
export class SignInError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SignInError';
  }
}

/** How long a request waits for the first grant. Envoy gives ExtProc 10 s for the whole decision. */
const WAIT = 5_000;
/** After that an attempt counts as failed; what it brings later is taken all the same. */
const ATTEMPT = 15_000;
const FIRST_RETRY = 1_000;
const LONGEST_RETRY = 30_000;
/** A grant is renewed when a fifth of its life is left, and at the latest at this. Metadata servers give the same token until about then. */
const LONGEST_MARGIN = 5 * 60_000;
/** The last of its life, in which it is not sent any more: a request takes a while to arrive, and clocks differ. */
const LONGEST_REST = 30_000;
/** `setTimeout` takes 24 days at most. */
const LONGEST_SLEEP = 12 * 3_600_000;

/** One credential that expires: got when it is started, renewed in the background before its end. Requests read what there is. */
export class Renewal<T> {
  private grant: Grant<T> | undefined;
  private usableUntil = -Infinity;
  private underway: Promise<void> | undefined;
  private abort: AbortController | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private reason = '';
  private stopped = true;

  constructor(private readonly signIn: SignIn<T>, private readonly options: RenewalOptions) {}

  get what(): string {
    return this.signIn.what;
  }

  /** Begins to keep it fresh. */
  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    if (this.current === undefined) void this.attempt();
    else this.schedule();
  }

  /** Renews no more. What is still valid can be read on, and requests that wait for the attempt under way get what it brings. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Stops, and gives up the attempt under way. */
  close(): void {
    this.stop();
    this.abort?.abort();
  }

  /** What is valid now. */
  get current(): T | undefined {
    return this.options.now() < this.usableUntil ? this.grant?.value : undefined;
  }

  /** Where there is nothing valid: what the attempt under way brings. Rejects with `SignInError`; at once where the last attempt failed. */
  async wait(): Promise<T> {
    // Of a configuration that was replaced, for a request that began with it.
    if (this.stopped && this.underway === undefined) void this.attempt();
    if (this.failures === 0 && this.underway !== undefined) await this.bounded(this.underway);
    const { current } = this;
    if (current !== undefined) return current;
    throw new SignInError(this.failures > 0 ? this.reason : `no answer within ${WAIT / 1_000} s`);
  }

  private async bounded(attempt: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([attempt, new Promise<void>((resolve) => { timer = setTimeout(resolve, WAIT); })]);
    clearTimeout(timer);
  }

  private attempt(): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    const attempt = new Promise<void>((done) => {
      const timer = setTimeout(() => {
        abort.abort();
        this.failed(`no answer within ${ATTEMPT / 1_000} s`);
        done();
      }, ATTEMPT);
      timer.unref();
      const settle = (take: () => void) => {
        clearTimeout(timer);
        take();
        done();
      };
      this.fetch(abort.signal).then(
        (grant) => settle(() => this.granted(grant)),
        // When it was given up, that was told already.
        (error: unknown) => settle(() => { if (!abort.signal.aborted) this.failed(failureReason(error), error instanceof SignInDefect); }),
      );
    }).finally(() => {
      if (this.underway === attempt) this.underway = undefined;
    });
    this.underway = attempt;
    return attempt;
  }

  private async fetch(signal: AbortSignal): Promise<Grant<T>> {
    return this.signIn.fetch(signal);
  }

  private granted(grant: Grant<T>): void {
    const left = (grant.expiresAt ?? Infinity) - this.options.now();
    if (!(left > 0)) return this.failed('what came is expired already; is the clock right?');
    // An attempt that was given up may come after a later one.
    if (this.grant?.expiresAt !== undefined && this.current !== undefined && (grant.expiresAt ?? Infinity) < this.grant.expiresAt) return;
    this.grant = grant;
    this.usableUntil = (grant.expiresAt ?? Infinity) - Math.min(LONGEST_REST, left / 10);
    if (this.failures > 0) this.options.onRecovery?.();
    this.failures = 0;
    this.schedule();
  }

  /** `final`: another attempt cannot end in another way. */
  private failed(reason: string, final = false): void {
    this.failures += 1;
    this.reason = reason;
    if (this.stopped) return;
    this.options.onFailure?.(reason);
    if (final) return;
    const delay = Math.min(FIRST_RETRY * 2 ** (this.failures - 1), LONGEST_RETRY);
    this.sleep(delay * (0.75 + this.options.random() / 2));
  }

  private schedule(): void {
    if (this.stopped || this.grant?.expiresAt === undefined) return;
    const left = this.grant.expiresAt - this.options.now();
    const margin = Math.min(LONGEST_MARGIN, left / 5);
    // Up to a fifth earlier: replicas that started together need not ask together.
    this.sleep(Math.max(left - margin * (1 + this.options.random() / 5), FIRST_RETRY));
  }

  private sleep(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.attempt(), Math.min(delay, LONGEST_SLEEP));
  }
}
