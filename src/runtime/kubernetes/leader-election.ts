import { ClusterClient, ClusterError } from './cluster-client';

export interface LeaderElectionOptions {
  readonly client: ClusterClient;
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** Of this process; differs from every other's. */
  readonly identity: string;
  /** Seconds after which a leader that does not renew has lost it. @default 15 */
  readonly leaseSeconds?: number;
  /** Milliseconds between attempts to get or to renew. @default 2000 */
  readonly interval?: number;
  /** Called when this process becomes the leader, and when it ceases to be. */
  onChange(leading: boolean): void;
  onFailure?(error: ClusterError): void;
}

const LEASE_SECONDS = 15;
const INTERVAL = 2_000;

/**
 * One of several processes leads: the holder of a Lease that it renews. Others go by when they last saw it change, never by its clock. A
 * leader that cannot renew in time stops leading before another one begins.
 */
export class LeaderElection {
  private leading = false;
  /** The Lease was last seen to be this process's. */
  private held = false;
  private seen: { readonly resourceVersion?: string; readonly at: number } | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** When this process would have to stop leading. */
  private end: NodeJS.Timeout | undefined;
  private underWay = Promise.resolve();
  private stopped = false;
  private readonly leaseMilliseconds: number;

  constructor(private readonly options: LeaderElectionOptions) {
    this.leaseMilliseconds = (options.leaseSeconds ?? LEASE_SECONDS) * 1_000;
  }

  get isLeader(): boolean {
    return this.leading;
  }

  start(): void {
    this.underWay = this.round();
  }

  /** Gives the Lease back, so that another process need not wait for its end. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.lead(false);
    // An attempt under way may still get the Lease.
    await this.underWay;
    if (!this.held) return;
    const { client, namespace, name, identity } = this.options;
    try {
      const lease = await client.readLease(namespace, name);
      if (lease?.holder === identity) await client.writeLease(namespace, name, { ...lease, holder: '', durationSeconds: 1 });
    } catch (error) {
      this.options.onFailure?.(error as ClusterError);
    }
  }

  private async round(): Promise<void> {
    try {
      await this.attempt();
    } catch (error) {
      this.options.onFailure?.(error as ClusterError);
    }
    if (!this.stopped) this.timer = setTimeout(() => this.start(), this.options.interval ?? INTERVAL);
  }

  private async attempt(): Promise<void> {
    const { client, namespace, name, identity } = this.options;
    const lease = await client.readLease(namespace, name);
    const now = Date.now();
    if (lease !== undefined && lease.holder !== identity && lease.holder !== '') {
      if (lease.resourceVersion !== this.seen?.resourceVersion) this.seen = { resourceVersion: lease.resourceVersion, at: now };
      if (now - (this.seen?.at ?? now) < lease.durationSeconds * 1_000) {
        this.held = false;
        return this.lead(false);
      }
    }
    const mine = lease?.holder === identity;
    const written = await client.writeLease(namespace, name, {
      holder: identity,
      durationSeconds: this.leaseMilliseconds / 1_000,
      renewTime: now,
      transitions: (lease?.transitions ?? 0) + (mine || lease === undefined ? 0 : 1),
      resourceVersion: lease?.resourceVersion,
    });
    if (written) this.leadFrom(now);
    else if (!mine) this.lead(false);
  }

  /** `renewed`: when the Lease was asked for. */
  private leadFrom(renewed: number): void {
    this.held = true;
    if (this.stopped) return;
    // Two thirds: the others see the end of the Lease later than this process sees its own.
    const left = renewed + this.leaseMilliseconds * 2 / 3 - Date.now();
    clearTimeout(this.end);
    this.end = setTimeout(() => this.lead(false), Math.max(left, 0));
    this.lead(left > 0);
  }

  private lead(leading: boolean): void {
    if (!leading) clearTimeout(this.end);
    if (leading === this.leading) return;
    this.leading = leading;
    this.options.onChange(leading);
  }
}
