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
  private renewed = 0;
  private seen: { readonly resourceVersion?: string; readonly at: number } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private readonly leaseMilliseconds: number;

  constructor(private readonly options: LeaderElectionOptions) {
    this.leaseMilliseconds = (options.leaseSeconds ?? LEASE_SECONDS) * 1_000;
  }

  get isLeader(): boolean {
    return this.leading;
  }

  start(): void {
    void this.round();
  }

  /** Gives the Lease back, so that another process need not wait for its end. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    if (!this.leading) return;
    this.lead(false);
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
    // Two thirds: the others see the end of the Lease later than this process sees its own.
    if (this.leading && Date.now() - this.renewed > this.leaseMilliseconds * 2 / 3) this.lead(false);
    if (!this.stopped) this.timer = setTimeout(() => void this.round(), this.options.interval ?? INTERVAL);
  }

  private async attempt(): Promise<void> {
    const { client, namespace, name, identity } = this.options;
    const lease = await client.readLease(namespace, name);
    const now = Date.now();
    if (lease !== undefined && lease.holder !== identity && lease.holder !== '') {
      if (lease.resourceVersion !== this.seen?.resourceVersion) this.seen = { resourceVersion: lease.resourceVersion, at: now };
      if (now - (this.seen?.at ?? now) < lease.durationSeconds * 1_000) return this.lead(false);
    }
    const mine = lease?.holder === identity;
    const written = await client.writeLease(namespace, name, {
      holder: identity,
      durationSeconds: this.leaseMilliseconds / 1_000,
      renewTime: now,
      transitions: (lease?.transitions ?? 0) + (mine || lease === undefined ? 0 : 1),
      resourceVersion: lease?.resourceVersion,
    });
    if (this.stopped) return;
    if (written) this.renewed = now;
    this.lead(written || (mine && this.leading));
  }

  private lead(leading: boolean): void {
    if (leading === this.leading) return;
    this.leading = leading;
    this.options.onChange(leading);
  }
}
