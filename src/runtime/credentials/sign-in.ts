/** What a cloud gave. */
export interface Grant<T> {
  readonly value: T;
  /** Milliseconds since the epoch. Absent: it does not expire. */
  readonly expiresAt?: number;
}

/** A way to get a credential that a cloud gives for a while. */
export interface SignIn<T> {
  /** The same for the same identity and the same Secret's value, of which it has no more than a digest. */
  readonly id: string;
  /** `access token of Microsoft Entra ID`. */
  readonly what: string;
  /** What to look at when it fails, as in `check ...`. */
  readonly advice: string;
  /** Rejects with what the SDK says, which may hold secrets: it is shown by `failureReason` alone. Has given up soon after the signal. */
  fetch(signal: AbortSignal): Promise<Grant<T>>;
}

/** What is wrong with the configuration of a sign-in; its message holds no secret and may be shown. */
export class SignInDefect extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SignInDefect';
  }
}
