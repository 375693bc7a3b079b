import { backendCredential, BackendCredential } from './backend-credential';
import { HeaderPairs } from './header-pairs';
import { Renewal } from './renewal';
import { SignIn } from './sign-in';
import { SignableRequest } from './signable-request';
import { ObjectKey } from '../../resources/object-meta';
import { BackendConfiguration, Configuration } from '../configuration';

/** A cloud gave no credential, or gives one again. Holds no secret. */
export interface SignInEvent {
  readonly backends: readonly ObjectKey[];
  /** `access token of Microsoft Entra ID`. */
  readonly what: string;
  /** Why it failed; absent: it is well again. */
  readonly reason?: string;
  /** What to look at. */
  readonly advice: string;
}

export interface CredentialsOptions {
  /** Milliseconds since the epoch. @default Date.now */
  now?(): number;
  /** In [0, 1). @default Math.random */
  random?(): number;
  /** Hears of every failure and of the end of failures. */
  onSignIn?(event: SignInEvent): void;
}

interface KeptRenewal {
  readonly renewal: Renewal<unknown>;
  backends: readonly ObjectKey[];
}

/**
 * Credentials for upstream requests. What a cloud gives for a while is got when a configuration is loaded and renewed in the background, each by
 * itself: a request with a valid one waits for nothing, and one that has none waits for its own cloud alone.
 */
export class Credentials {
  private readonly byBackend = new WeakMap<BackendConfiguration, BackendCredential>();
  private readonly renewals = new Map<string, KeptRenewal>();
  private readonly now: () => number;
  private readonly random: () => number;
  private closed = false;

  constructor(private readonly options: CredentialsOptions = {}) {
    this.now = options.now ?? Date.now;
    this.random = options.random ?? Math.random;
  }

  /** Signs in for the backends of a new configuration and stops what none of them needs. A Secret that did not change keeps what it gave. */
  follow(configuration: Configuration): void {
    if (this.closed) return;
    const users = new Map<Renewal<unknown>, ObjectKey[]>();
    for (const backend of configuration.backends.values()) {
      const { renewal } = this.credentialOf(backend);
      if (renewal === undefined) continue;
      const known = users.get(renewal);
      if (known === undefined) users.set(renewal, [backend.key]);
      else known.push(backend.key);
    }
    for (const [id, kept] of this.renewals) {
      kept.backends = users.get(kept.renewal) ?? [];
      if (kept.backends.length > 0) continue;
      kept.renewal.stop();
      this.renewals.delete(id);
    }
    for (const renewal of users.keys()) renewal.start();
  }

  /** Headers to set, at once wherever there is a valid credential. Throws (or rejects with) `CredentialError`. */
  headers(backend: BackendConfiguration, request: SignableRequest): HeaderPairs | Promise<HeaderPairs> {
    return this.credentialOf(backend).headers(request);
  }

  /** Ends what is done in the background. */
  close(): void {
    this.closed = true;
    for (const { renewal } of this.renewals.values()) renewal.close();
    this.renewals.clear();
  }

  private credentialOf(backend: BackendConfiguration): BackendCredential {
    let credential = this.byBackend.get(backend);
    if (credential === undefined) {
      credential = backendCredential(backend, { now: () => new Date(this.now()), renewal: (signIn) => this.renewal(signIn) });
      this.byBackend.set(backend, credential);
    }
    return credential;
  }

  private renewal<T>(signIn: SignIn<T>): Renewal<T> {
    const { id, what, advice } = signIn;
    const known = this.renewals.get(id);
    // One id is always of one kind of grant: it begins with the cloud's name.
    if (known !== undefined) return known.renewal as Renewal<T>;
    const event = () => ({ backends: this.renewals.get(id)?.backends ?? [], what, advice });
    const renewal = new Renewal(signIn, {
      now: this.now,
      random: this.random,
      onFailure: (reason) => this.options.onSignIn?.({ ...event(), reason }),
      onRecovery: () => this.options.onSignIn?.(event()),
    });
    this.renewals.set(id, { renewal, backends: [] });
    return renewal;
  }
}
