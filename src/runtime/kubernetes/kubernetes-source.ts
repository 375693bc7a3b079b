import { ClusterClient, ClusterError, ClusterObject, Following, ResourceKind } from './cluster-client';
import { markOf } from './object-mark';
import { objectKey } from '../../resources/object-meta';
import { ManifestDocument, ParseMemory, parseSteps } from '../../resources/parse';
import { ResourceSet } from '../../resources/resource-set';
import { Steps } from '../../resources/steps';
import { buildSteps } from '../build-configuration';
import { BuildMemory } from '../build-memory';
import { Configuration, ConfigurationEvent, ConfigurationSource } from '../configuration';
import { SlicedWork } from '../sliced-work';

export const LLM_ROUTES: ResourceKind = { group: 'aigateway.envoyproxy.io', version: 'v1alpha1', plural: 'llmroutes', kind: 'LLMRoute' };
export const LLM_BACKENDS: ResourceKind = { group: 'aigateway.envoyproxy.io', version: 'v1alpha1', plural: 'llmbackends', kind: 'LLMBackend' };
export const BACKEND_TLS_POLICIES: ResourceKind = { group: 'gateway.networking.k8s.io', version: 'v1', plural: 'backendtlspolicies', kind: 'BackendTLSPolicy' };
const SECRETS: ResourceKind = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret' };
const CONFIG_MAPS: ResourceKind = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap' };

/** Followed as a whole in every namespace; Secrets and ConfigMaps only by the names that these refer to. */
const KINDS: readonly ResourceKind[] = [
  LLM_ROUTES, LLM_BACKENDS,
  { group: 'gateway.networking.k8s.io', version: 'v1', plural: 'httproutes', kind: 'HTTPRoute' },
  BACKEND_TLS_POLICIES,
  { group: 'gateway.networking.k8s.io', version: 'v1beta1', plural: 'referencegrants', kind: 'ReferenceGrant' },
  { group: 'gateway.envoyproxy.io', version: 'v1alpha1', plural: 'backends', kind: 'Backend' },
];

export interface KubernetesSourceOptions {
  readonly client: ClusterClient;
  readonly namespaces: readonly string[];
  /** Milliseconds without a change before a configuration is built: an apply changes several objects. Ten times that is the longest wait. @default 30 */
  readonly settle?: number;
  /** Milliseconds for which a configuration is built before everything else that is due gets its turn. @default 5 */
  readonly slice?: number;
  /** The API server cannot be reached, or refuses something. What was read stays in use. */
  onFailure?(where: string, error: ClusterError): void;
}

/** What is followed: a kind in a namespace, or one object of it. */
interface Followed {
  readonly resource: ResourceKind;
  readonly namespace: string;
  readonly following: Following;
}

const SETTLE_MILLISECONDS = 30;
const LONGEST_WAIT = 10;
/** Of the time that a configuration took to build, how much follows without another one: changes may take a third of a core. */
const REST = 2;
/** A change has to be live within a second. */
const LONGEST_REST = 300;

/** An object as routing knows it: the same for as long as nothing but its status changes. */
interface KnownObject {
  readonly mark: string;
  readonly document: ManifestDocument;
}

/** What one configuration is built from, as it was at one moment. */
type Snapshot = ReadonlyArray<readonly [resource: ResourceKind, object: ClusterObject]>;

/**
 * Configurations from the API server. The first is built when everything was listed once, Secrets included. Each change gives a new one as a
 * whole; while the API server is away, the last one stays. One is built in slices, between which requests go on; what changes meanwhile is
 * in the next.
 */
export class KubernetesSource implements ConfigurationSource {
  private readonly listeners: Array<(event: ConfigurationEvent) => void> = [];
  private readonly statusListeners: Array<() => void> = [];
  private readonly followed = new Map<string, Followed>();
  private readonly parsed: ParseMemory = new WeakMap();
  private readonly compiled = new BuildMemory();
  private readonly settle: number;
  private configuration: Configuration | undefined;
  /** As last read, by kind and object. */
  private read: ReadonlyMap<string, KnownObject> = new Map();
  /** Of the configuration in use. */
  private known: ReadonlyMap<string, KnownObject> = new Map();
  private building: SlicedWork<Configuration | undefined> | undefined;
  private changedMeanwhile = false;
  private timer: NodeJS.Timeout | undefined;
  private firstChange: number | undefined;
  private restsUntil = 0;
  private closed = false;

  constructor(private readonly options: KubernetesSourceOptions) {
    this.settle = options.settle ?? SETTLE_MILLISECONDS;
  }

  get current(): Configuration | undefined {
    return this.configuration;
  }

  onChange(listener: (event: ConfigurationEvent) => void): void {
    this.listeners.push(listener);
  }

  /** The status of an LLMRoute or LLMBackend changed, and nothing else: no new configuration follows. */
  onStatusChange(listener: () => void): void {
    this.statusListeners.push(listener);
  }

  /** Begins to follow. Does not wait: an API server that is away at the start is waited for. */
  start(): void {
    for (const namespace of this.options.namespaces) {
      for (const resource of KINDS) this.follow(resource, namespace, undefined);
    }
  }

  close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    this.building?.cancel();
    for (const { following } of this.followed.values()) following.stop();
    return Promise.resolve();
  }

  /** Objects of this kind as they were read, valid or not; for their status. */
  objects({ plural, group }: ResourceKind): ClusterObject[] {
    return [...this.followed.values()].filter(({ resource }) => resource.plural === plural && resource.group === group).flatMap(({ following }) => following.objects());
  }

  /** Whether the configuration in use was built from what this object says now: a newer one is on its way otherwise. */
  isInUse(resource: ResourceKind, object: ClusterObject): boolean {
    return this.known.get(idOf(resource, object))?.mark === markOf(object);
  }

  private follow(resource: ResourceKind, namespace: string, name: string | undefined): void {
    const key = keyOf(resource, namespace, name);
    if (this.followed.has(key)) return;
    const following = this.options.client.follow(resource, namespace, name, {
      changed: () => this.schedule(),
      statusChanged: resource === LLM_ROUTES || resource === LLM_BACKENDS ? () => this.statusListeners.forEach((listener) => listener()) : undefined,
      failed: (error) => this.options.onFailure?.(key, error),
    });
    this.followed.set(key, { resource, namespace, following });
  }

  private schedule(): void {
    if (this.closed) return;
    this.firstChange ??= Date.now();
    if (this.timer !== undefined && Date.now() - this.firstChange > this.settle * LONGEST_WAIT) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.firstChange = undefined;
      this.build();
    }, Math.max(this.settle, this.restsUntil - Date.now()));
  }

  /** Builds a configuration, unless something that it needs has not been read yet: its arrival calls again. */
  private build(): void {
    if (this.building !== undefined) {
      this.changedMeanwhile = true;
      return;
    }
    if (!this.allSynced()) return;
    const began = Date.now();
    const known = new Map<string, KnownObject>();
    this.building = new SlicedWork(this.steps(this.snapshot(), known), (configuration) => {
      this.building = undefined;
      if (configuration !== undefined) this.swap(configuration, known);
      this.restsUntil = Date.now() + Math.min((Date.now() - began) * REST, LONGEST_REST);
      if (this.changedMeanwhile) this.schedule();
      this.changedMeanwhile = false;
    }, this.options.slice);
    this.building.start();
  }

  /** `known`: is filled. */
  private* steps(snapshot: Snapshot, known: Map<string, KnownObject>): Steps<Configuration | undefined> {
    const documents = yield* this.documents(snapshot, known);
    const resources = yield* parseSteps(documents, this.parsed);
    this.followReferences(resources);
    if (!this.allSynced()) return undefined;
    return yield* buildSteps(resources, (this.configuration?.generation ?? 0) + 1, {}, this.compiled);
  }

  private swap(configuration: Configuration, known: ReadonlyMap<string, KnownObject>): void {
    this.configuration = configuration;
    this.known = known;
    for (const listener of this.listeners) listener({ kind: 'swapped', configuration });
  }

  private allSynced(): boolean {
    for (const { following } of this.followed.values()) if (!following.synced) return false;
    return true;
  }

  private snapshot(): Snapshot {
    return [...this.followed.values()].flatMap(({ resource, following }) => following.objects().map((object) => [resource, object] as const));
  }

  private* documents(snapshot: Snapshot, known: Map<string, KnownObject>): Steps<ManifestDocument[]> {
    const documents: ManifestDocument[] = [];
    for (const [resource, object] of snapshot) {
      const id = idOf(resource, object);
      const mark = markOf(object);
      const before = this.read.get(id);
      const document = before?.mark === mark ? before.document : documentOf(resource, object);
      known.set(id, { mark, document });
      documents.push(document);
      yield;
    }
    this.read = known;
    return documents;
  }

  /** Follows the Secrets and ConfigMaps that are referred to now, and no others. */
  private followReferences(resources: ResourceSet): void {
    const wanted = new Map<string, readonly [resource: ResourceKind, namespace: string, name: string]>();
    for (const [resource, namespace, name] of references(resources)) wanted.set(keyOf(resource, namespace, name), [resource, namespace, name]);
    for (const [key, { resource, following }] of this.followed) {
      if (resource.group !== '' || wanted.has(key)) continue;
      following.stop();
      this.followed.delete(key);
    }
    for (const reference of wanted.values()) this.follow(...reference);
  }
}

function* references({ llmBackends, backends, backendTlsPolicies }: ResourceSet): Generator<readonly [resource: ResourceKind, namespace: string, name: string]> {
  for (const { metadata: { namespace }, spec: { credential } } of llmBackends.values()) {
    for (const kind of ['apiKey', 'aws', 'azure', 'gcp'] as const) {
      const reference = credential?.[kind]?.secretRef;
      if (reference !== undefined) yield [SECRETS, namespace, reference.name];
    }
  }
  for (const { metadata: { namespace }, spec } of backends.values()) yield* authorities(namespace, spec.tls?.caCertificateRefs);
  for (const { metadata: { namespace }, spec } of backendTlsPolicies.values()) yield* authorities(namespace, spec.validation?.caCertificateRefs);
}

function* authorities(namespace: string, found: unknown): Generator<readonly [resource: ResourceKind, namespace: string, name: string]> {
  for (const { kind, name } of Array.isArray(found) ? found as ReadonlyArray<{ readonly kind?: string; readonly name?: unknown }> : []) {
    if (typeof name === 'string') yield [kind === 'Secret' ? SECRETS : CONFIG_MAPS, namespace, name];
  }
}

function keyOf({ plural }: ResourceKind, namespace: string, name: string | undefined): string {
  return name === undefined ? `${plural} in ${namespace}` : `${plural} ${objectKey(namespace, name)}`;
}

function idOf({ kind }: ResourceKind, { metadata: { name, namespace = 'default' } }: ClusterObject): string {
  return `${kind} ${objectKey(namespace, name)}`;
}

/** Lists leave out the kind. */
function documentOf({ group, version, kind }: ResourceKind, object: ClusterObject): ManifestDocument {
  return { source: 'cluster', value: { ...object, apiVersion: group === '' ? version : `${group}/${version}`, kind } };
}
