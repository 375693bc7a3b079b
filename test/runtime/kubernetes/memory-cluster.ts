import { parseAllDocuments } from 'yaml';
import { ClusterClient, ClusterError, ClusterObject, Following, FollowListener, Lease, ResourceKind } from '../../../src/runtime/kubernetes/cluster-client';

interface Watch {
  readonly resource: ResourceKind;
  readonly namespace: string;
  readonly name?: string;
  readonly listener: FollowListener;
  synced: boolean;
  objects: ClusterObject[];
}

interface Written {
  readonly object: string;
  readonly status: unknown;
}

/** An API server in memory. What is followed is answered in the next turn, unless it is held back or refused. */
export class MemoryCluster implements ClusterClient {
  /** Every status that was written, in order. */
  readonly written: Written[] = [];
  readonly watches: Watch[] = [];
  lease: Lease | undefined;
  /** Throws for the calls that must fail; may wait for those that must hang. */
  intercept: (call: 'patchStatus' | 'readLease' | 'writeLease', object: string) => void | Promise<void> = () => undefined;
  /** What lists of this are not answered yet. */
  held: (resource: ResourceKind, name: string | undefined) => boolean = () => false;
  /** What may not be read, by its name. */
  refused: (resource: ResourceKind, name: string | undefined) => boolean = () => false;
  /** Whether a written status comes back to those who follow the object. */
  echo = true;
  private readonly objects = new Map<string, ClusterObject>();
  private version = 0;

  follow(resource: ResourceKind, namespace: string, name: string | undefined, listener: FollowListener): Following {
    const watch: Watch = { resource, namespace, ...name === undefined ? {} : { name }, listener, synced: false, objects: [] };
    this.watches.push(watch);
    setImmediate(() => this.answer(watch));
    return {
      get synced() { return watch.synced; },
      objects: () => watch.objects,
      stop: () => void this.watches.splice(this.watches.indexOf(watch), 1),
    };
  }

  async patchStatus(resource: ResourceKind, namespace: string, name: string, status: unknown): Promise<void> {
    const id = idOf(resource, namespace, name);
    await this.intercept('patchStatus', id);
    const object = this.objects.get(id);
    if (object === undefined) throw new ClusterError(`${id} not found`, 404);
    this.written.push({ object: id, status });
    this.objects.set(id, { ...object, metadata: { ...object.metadata, resourceVersion: this.next() }, status });
    if (this.echo) this.refresh(false);
  }

  async readLease(): Promise<Lease | undefined> {
    await this.intercept('readLease', 'lease');
    return this.lease;
  }

  async writeLease(_namespace: string, _name: string, lease: Lease): Promise<boolean> {
    await this.intercept('writeLease', lease.holder);
    if (lease.resourceVersion !== this.lease?.resourceVersion) return false;
    this.lease = { ...lease, resourceVersion: this.next() };
    return true;
  }

  /** Creates or replaces the objects of a text of YAML documents. Tells those who follow, as a watch would: one event an object. */
  apply(text: string): void {
    for (const document of parseAllDocuments(text)) {
      const manifest = document.toJS() as { kind: string; metadata: ClusterObject['metadata'] } | null;
      if (manifest === null) continue;
      const { name, namespace = 'default' } = manifest.metadata;
      const id = `${manifest.kind} ${namespace}/${name}`;
      const before = this.objects.get(id);
      const version = this.next();
      // Secrets and ConfigMaps have none.
      const generation = ['Secret', 'ConfigMap'].includes(manifest.kind) ? {} : { generation: (before?.metadata.generation ?? 0) + 1 };
      this.objects.set(id, {
        ...manifest, status: before?.status, metadata: { ...manifest.metadata, namespace, ...generation, resourceVersion: version },
      });
      this.refresh(true, id);
    }
  }

  delete(kind: string, name: string): void {
    const id = `${kind} default/${name}`;
    this.objects.delete(id);
    this.refresh(true, id);
  }

  /** Answers what was held back. */
  release(): void {
    this.held = () => false;
    for (const watch of [...this.watches]) if (!watch.synced) this.answer(watch);
  }

  conditions(object: string): Array<{ type: string; status: string; reason: string; message: string; observedGeneration: number }> {
    return (this.objects.get(object)?.status as { conditions?: [] } | undefined)?.conditions ?? [];
  }

  /** Somebody else writes the status. */
  overwriteStatus(object: string, status: unknown): void {
    const before = this.objects.get(object)!;
    this.objects.set(object, { ...before, metadata: { ...before.metadata, resourceVersion: this.next() }, status });
    this.refresh(false);
  }

  private answer(watch: Watch): void {
    if (!this.watches.includes(watch) || this.held(watch.resource, watch.name)) return;
    if (this.refused(watch.resource, watch.name)) watch.listener.failed(new ClusterError(`${watch.resource.plural} is forbidden`, 403));
    else this.fill(watch);
    // A list of a whole kind that is refused is not answered; of one object a refusal says that there is nothing.
    if (watch.name === undefined && this.refused(watch.resource, watch.name)) return;
    watch.synced = true;
    watch.listener.changed();
  }

  /** `id`: only who follows this one is told. A status is nobody's change. */
  private refresh(tell: boolean, id = ''): void {
    for (const watch of [...this.watches]) {
      if (!watch.synced || this.refused(watch.resource, watch.name)) continue;
      this.fill(watch);
      if (!tell) watch.listener.statusChanged?.();
      const concerned = id.startsWith(`${watch.resource.kind} ${watch.namespace}/`) && (watch.name === undefined || id.endsWith(`/${watch.name}`));
      if (tell && concerned) watch.listener.changed();
    }
  }

  private fill(watch: Watch): void {
    watch.objects = [...this.objects].filter(([id]) => id.startsWith(`${watch.resource.kind} ${watch.namespace}/`))
      .map(([, object]) => object).filter(({ metadata }) => watch.name === undefined || metadata.name === watch.name);
  }

  private next(): string {
    this.version += 1;
    return String(this.version);
  }
}

function idOf({ kind }: ResourceKind, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}
