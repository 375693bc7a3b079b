import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterClient, ClusterObject, Following, FollowListener, ResourceKind } from '../src/runtime/kubernetes/cluster-client';
import { KubernetesSource } from '../src/runtime/kubernetes/kubernetes-source';
import { StatusWriter } from '../src/runtime/kubernetes/status-writer';

/**
 * `npx ts-node -T -P tsconfig.dev.json bench/configuration.ts [--routes 2000]`: how long the event loop is held, and how long a change takes to be
 * live, while configurations of many LLMRoutes are built. Every request in flight waits for as long as the loop is held. The API server is one in memory.
 */
const BACKENDS = 50;
const ROUNDS = 10;
const ROUTES = process.argv.includes('--routes') ? Number(process.argv[process.argv.indexOf('--routes') + 1]) : 2_000;

const AI = 'aigateway.envoyproxy.io/v1alpha1';

class ScaleCluster implements ClusterClient {
  private readonly listeners = new Map<string, FollowListener[]>();
  private readonly objects = new Map<string, Map<string, ClusterObject>>();
  private version = 0;

  put(kind: string, name: string, body: object, more: object = {}): void {
    const ofKind = this.objects.get(kind) ?? new Map<string, ClusterObject>();
    this.objects.set(kind, ofKind.set(name, {
      ...ofKind.get(name), ...body, metadata: { ...more, name, namespace: 'scale', uid: `${kind} ${name}`, ...this.next(kind, true, ofKind.get(name)) },
    }));
    for (const listener of this.listeners.get(kind) ?? []) listener.changed();
  }

  follow({ kind }: ResourceKind, _namespace: string, name: string | undefined, listener: FollowListener): Following {
    this.listeners.set(kind, [...this.listeners.get(kind) ?? [], listener]);
    const following = {
      synced: false,
      objects: () => [...this.objects.get(kind)?.values() ?? []].filter(({ metadata }) => name === undefined || metadata.name === name),
      stop: () => undefined,
    };
    setImmediate(() => {
      following.synced = true;
      listener.changed();
    });
    return following;
  }

  async patchStatus({ kind }: ResourceKind, _namespace: string, name: string, status: object): Promise<void> {
    await sleep(1);
    const object = this.objects.get(kind)?.get(name);
    if (object === undefined) return;
    this.objects.get(kind)?.set(name, { ...object, metadata: { ...object.metadata, ...this.next(kind, false, object) }, status });
    for (const listener of this.listeners.get(kind) ?? []) listener.statusChanged?.();
  }

  readLease(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  writeLease(): Promise<boolean> {
    return Promise.resolve(false);
  }

  private next(kind: string, changed: boolean, before: ClusterObject | undefined): object {
    this.version += 1;
    const generation = (before?.metadata.generation ?? 0) + (changed ? 1 : 0);
    return { resourceVersion: String(this.version), ...kind === 'Secret' ? {} : { generation } };
  }
}

const cluster = new ScaleCluster();
const rule = (model: string, index: number) => ({
  models: [{ value: model }], backendRefs: [{ name: `backend-${index % BACKENDS}`, weight: 20 }, { name: `backend-${(index + 1) % BACKENDS}`, weight: 80 }],
});
const putRoute = (index: number, model: string) => cluster.put('LLMRoute', `route-${index}`, {
  apiVersion: AI, spec: { inputSchema: { schema: 'OpenAI' }, httpRouteRef: { name: `route-${index}` }, rules: [rule(model, index)] },
});
const putSecret = (value: string) => cluster.put('Secret', 'keys', { apiVersion: 'v1', data: { apiKey: Buffer.from(value).toString('base64') } });

function putAll(): void {
  putSecret('first');
  for (let index = 0; index < BACKENDS; index += 1) {
    cluster.put('Backend', `backend-${index}`, { apiVersion: 'gateway.envoyproxy.io/v1alpha1', spec: { endpoints: [{ fqdn: { hostname: `backend-${index}.example.com`, port: 443 } }], tls: {} } });
    cluster.put('LLMBackend', `backend-${index}`, {
      apiVersion: AI, spec: { outputSchema: { schema: 'OpenAI' }, backendRef: { name: `backend-${index}` }, credential: { apiKey: { secretRef: { name: 'keys', key: 'apiKey' } } } },
    });
  }
  for (let index = 0; index < ROUTES; index += 1) {
    cluster.put('HTTPRoute', `route-${index}`, {
      apiVersion: 'gateway.networking.k8s.io/v1', spec: { hostnames: [`route-${index}.example.com`], rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/v1' } }] }] },
    }, { labels: { 'aigateway.envoyproxy.io/llm-route': `route-${index}` } });
    putRoute(index, `model-${index}`);
  }
}

const source = new KubernetesSource({ client: cluster, namespaces: ['scale'] });
const status = new StatusWriter({ client: cluster, source });

async function built(change: () => void): Promise<number> {
  const began = performance.now();
  const done = new Promise<void>((resolve) => { heard = resolve; });
  change();
  await done;
  return performance.now() - began;
}

let heard: () => void = () => undefined;
source.onChange(() => {
  heard();
  status.update();
});

/** Prints how long the loop was held at most, and how long it took until each change was live. */
async function measured(what: string, change: (round: number) => void, rounds = ROUNDS): Promise<void> {
  const held: number[] = [];
  const live: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    live.push(await built(() => change(round)));
    await sleep(500);
    delay.disable();
    held.push(delay.max / 1e6);
  }
  const median = (values: number[]) => values.sort((left, right) => left - right)[Math.floor(values.length / 2)].toFixed(0);
  console.log(`${what.padEnd(34)} loop held ${median(held)} ms, at most ${Math.max(...held).toFixed(0)} ms; live after ${median(live)} ms, at most ${Math.max(...live).toFixed(0)} ms`);
}

async function main(): Promise<void> {
  putAll();
  await measured('first configuration', () => source.start(), 1);
  await measured('one LLMRoute changed', (round) => putRoute(round, `new-${round}`));
  await measured('one LLMBackend changed', (round) => cluster.put('LLMBackend', 'backend-0', {
    apiVersion: AI, spec: { outputSchema: { schema: 'OpenAI' }, backendRef: { name: 'backend-0' }, headers: { set: [{ name: 'x-round', value: String(round) }] } },
  }));
  await measured('the Secret of all LLMBackends', (round) => putSecret(`round-${round}`));
  status.start();
  await measured('status of all, and one LLMRoute', (round) => putRoute(round, `later-${round}`));
  status.stop();
  await source.close();
}

void main();
