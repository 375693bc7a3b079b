import { Agent, request as httpsRequest, RequestOptions } from 'node:https';
import type { KubeConfig, KubernetesObject, ListWatch } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { ClusterClient, ClusterError, ClusterObject, Following, FollowListener, Lease, ResourceKind } from './cluster-client';
import { markOf } from './object-mark';

const FIRST_RETRY = 200;
const LONGEST_RETRY = 10_000;
const REQUEST_TIMEOUT = 15_000;
const LEASES: ResourceKind = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', kind: 'Lease' };

/** The library is an ES module, which CommonJS loads only when it runs. */
type Library = typeof import('./client-library.mjs', { with: { 'resolution-mode': 'import' } });

interface ObjectList {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly items: KubernetesObject[];
}

interface LeaseObject {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly spec?: { readonly holderIdentity?: string; readonly leaseDurationSeconds?: number; readonly renewTime?: string; readonly leaseTransitions?: number };
}

/** The Kubernetes API: configuration, authentication and watches by its official client, whose typed calls would bring the types of all of Kubernetes along. */
export class KubernetesClient implements ClusterClient {
  private agent: Agent | undefined;

  private constructor(private readonly library: Library, private readonly config: KubeConfig) {}

  /** What KUBECONFIG names, or the pod's own ServiceAccount. Rejects when neither is there. */
  static async fromEnvironment(): Promise<KubernetesClient> {
    const library = await import('./client-library.mjs');
    const config = new library.KubeConfig();
    if (process.env.KUBECONFIG === undefined && process.env.KUBERNETES_SERVICE_HOST !== undefined) config.loadFromCluster();
    else config.loadFromDefault();
    // What the library falls back to where there is no configuration.
    if (config.getCurrentCluster()?.server === 'http://localhost:8080') throw new Error('there is no kubeconfig');
    return new KubernetesClient(library, config);
  }

  follow(resource: ResourceKind, namespace: string, name: string | undefined, listener: FollowListener): Following {
    const path = pathOf(resource, namespace);
    const query = name === undefined ? '' : `?fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`;
    return new ListWatchFollowing(this.library, this.config, path, name, async () => await this.call('GET', `${path}${query}`) as ObjectList, listener);
  }

  async patchStatus(resource: ResourceKind, namespace: string, name: string, status: unknown): Promise<void> {
    await this.call('PATCH', `${pathOf(resource, namespace)}/${name}/status`, { status }, 'application/merge-patch+json');
  }

  async readLease(namespace: string, name: string): Promise<Lease | undefined> {
    try {
      const { metadata, spec } = await this.call('GET', `${pathOf(LEASES, namespace)}/${name}`) as LeaseObject;
      return {
        holder: spec?.holderIdentity ?? '',
        durationSeconds: spec?.leaseDurationSeconds ?? 0,
        renewTime: Date.parse(spec?.renewTime ?? '') || 0,
        transitions: spec?.leaseTransitions ?? 0,
        resourceVersion: metadata?.resourceVersion,
      };
    } catch (error) {
      if ((error as ClusterError).status === 404) return undefined;
      throw error;
    }
  }

  async writeLease(namespace: string, name: string, { holder, durationSeconds, renewTime, transitions, resourceVersion }: Lease): Promise<boolean> {
    const body = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: LEASES.kind,
      metadata: { name, namespace, resourceVersion },
      // A MicroTime has six digits.
      spec: { holderIdentity: holder, leaseDurationSeconds: durationSeconds, renewTime: new Date(renewTime).toISOString().replace('Z', '000Z'), leaseTransitions: transitions },
    };
    try {
      if (resourceVersion === undefined) await this.call('POST', pathOf(LEASES, namespace), body);
      // A patch with a resourceVersion holds for that alone, and leaves labels and annotations as they are.
      else await this.call('PATCH', `${pathOf(LEASES, namespace)}/${name}`, body, 'application/merge-patch+json');
      return true;
    } catch (error) {
      if ((error as ClusterError).status === 409) return false;
      throw error;
    }
  }

  /** Throws `ClusterError` for all but success. */
  private async call(method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<unknown> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const options: RequestOptions = {
      method, timeout: REQUEST_TIMEOUT, headers: { accept: 'application/json', ...text === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(text) } },
    };
    await this.config.applyToHTTPSOptions(options);
    options.agent = this.kept(options.agent);
    return new Promise((resolve, reject) => {
      const request = httpsRequest(new URL(path, this.config.getCurrentCluster()?.server), options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => reject(clusterError(error)));
        response.on('end', () => {
          const answer = parsed(Buffer.concat(chunks).toString('utf8'));
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(answer);
          else reject(new ClusterError(String((answer as { message?: unknown } | undefined)?.message ?? `the API server answered ${status}`), status));
        });
      });
      request.on('timeout', () => request.destroy(new Error(`no answer within ${REQUEST_TIMEOUT} ms`)));
      request.on('error', (error) => reject(clusterError(error)));
      request.end(text);
    });
  }

  /** One agent for all calls: the library makes a new one for each, and with it a TLS handshake. Proxies' agents stay as they are. */
  private kept(made: RequestOptions['agent']): RequestOptions['agent'] {
    if (!(made instanceof Agent)) return made;
    const same = this.agent !== undefined && (['ca', 'cert', 'key'] as const).every((name) => String(made.options[name]) === String(this.agent?.options[name]));
    if (!same) {
      this.agent?.destroy();
      this.agent = new Agent({ ...made.options, keepAlive: true });
    }
    return this.agent;
  }
}

function pathOf({ group, version, plural }: ResourceKind, namespace: string): string {
  return `${group === '' ? `/api/${version}` : `/apis/${group}/${version}`}/namespaces/${namespace}/${plural}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

class ListWatchFollowing implements Following {
  synced = false;
  private readonly informer: ListWatch<KubernetesObject>;
  private readonly marks = new Map<string, string>();
  private retry = FIRST_RETRY;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private readonly single: boolean;

  constructor(
    { ListWatch: Informer, Watch }: Library, config: KubeConfig, path: string, name: string | undefined,
    list: () => Promise<ObjectList>, private readonly listener: FollowListener,
  ) {
    const listed = async (): Promise<ObjectList> => {
      const answer = await list();
      this.retry = FIRST_RETRY;
      // The informer takes the items over in this same turn.
      setImmediate(() => this.answered());
      return answer;
    };
    this.single = name !== undefined;
    const selector = name === undefined ? undefined : `metadata.name=${name}`;
    this.informer = new Informer(path, new Watch(config), listed as never, false, undefined, selector);
    const seen = (object: KubernetesObject): void => {
      const { metadata } = object;
      // Nobody reads it, and it is larger than most objects.
      delete metadata?.managedFields;
      const mark = markOf(object);
      if (this.marks.get(metadata?.name ?? '') === mark) {
        if (this.synced) listener.statusChanged?.();
        return;
      }
      this.marks.set(metadata?.name ?? '', mark);
      if (this.synced) listener.changed();
    };
    this.informer.on('add', seen);
    this.informer.on('update', seen);
    this.informer.on('delete', ({ metadata }) => {
      this.marks.delete(metadata?.name ?? '');
      if (this.synced) listener.changed();
    });
    this.informer.on('error', (error: unknown) => this.failed(error));
    this.begin();
  }

  objects(): readonly ClusterObject[] {
    return this.informer.list() as unknown as readonly ClusterObject[];
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    void this.informer.stop();
  }

  private begin(): void {
    this.informer.start().catch((error: unknown) => this.failed(error));
  }

  private answered(): void {
    if (this.stopped) return;
    this.synced = true;
    this.listener.changed();
  }

  private failed(error: unknown): void {
    if (this.stopped) return;
    const known = clusterError(error);
    this.listener.failed(known);
    // Of one object a refusal is an answer: what may not be read is not there, and everything else goes on.
    if (known.status === 403 && this.single && !this.synced) this.answered();
    clearTimeout(this.timer);
    // Not all at the same moment, when an API server comes back.
    this.timer = setTimeout(() => this.begin(), this.retry * (0.5 + Math.random() / 2));
    this.retry = Math.min(this.retry * 2, LONGEST_RETRY);
  }
}

/** Of the library's errors only what helps. */
function clusterError(error: unknown): ClusterError {
  if (error instanceof ClusterError) return error;
  const { code, statusCode, message } = error as { code?: unknown; statusCode?: unknown; message?: unknown };
  const status = typeof statusCode === 'number' ? statusCode : typeof code === 'number' ? code : undefined;
  return new ClusterError(String(message).split('\n')[0].slice(0, 300), status);
}
