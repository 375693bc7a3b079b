import { ClusterClient, ClusterError } from './cluster-client';
import { KubernetesSource } from './kubernetes-source';
import { LeaderElection } from './leader-election';
import { StatusWriter } from './status-writer';
import { Configuration, ConfigurationEvent, ConfigurationSource } from '../configuration';

export interface ClusterConfigurationOptions {
  readonly client: ClusterClient;
  /** Namespaces to read. */
  readonly namespaces: readonly string[];
  /** Lease by which the replicas agree on who writes status; absent: nobody does. */
  readonly lease?: { readonly namespace: string; readonly name: string };
  /** Of this process, for the Lease. */
  readonly identity: string;
  onLeading?(leading: boolean): void;
  onFailure?(where: string, error: ClusterError): void;
}

/** Configurations from a cluster, and the status of its objects in return. */
export class ClusterConfiguration implements ConfigurationSource {
  private readonly source: KubernetesSource;
  private readonly status: StatusWriter;
  private readonly election: LeaderElection | undefined;

  constructor(options: ClusterConfigurationOptions) {
    const { client, namespaces, lease, identity } = options;
    this.source = new KubernetesSource({ client, namespaces, onFailure: options.onFailure });
    this.status = new StatusWriter({ client, source: this.source, onFailure: (object, error) => options.onFailure?.(`status of ${object}`, error) });
    this.source.onChange(() => this.status.update());
    this.source.onStatusChange(() => this.status.updateSoon());
    this.election = lease && new LeaderElection({
      client,
      ...lease,
      identity,
      onChange: (leading) => {
        if (leading) this.status.start();
        else this.status.stop();
        options.onLeading?.(leading);
      },
      onFailure: (error) => options.onFailure?.(`lease ${lease.namespace}/${lease.name}`, error),
    });
  }

  get current(): Configuration | undefined {
    return this.source.current;
  }

  onChange(listener: (event: ConfigurationEvent) => void): void {
    this.source.onChange(listener);
  }

  start(): Promise<void> {
    this.source.start();
    this.election?.start();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.election?.stop();
    this.status.stop();
    await this.source.close();
  }
}
