import { setImmediate as turn } from 'node:timers/promises';
import { MemoryCluster } from './memory-cluster';
import { Configuration } from '../../../src/runtime/configuration';
import { ClusterError } from '../../../src/runtime/kubernetes/cluster-client';
import { KubernetesSource } from '../../../src/runtime/kubernetes/kubernetes-source';

const backend = (name: string, credential = 'credential: {apiKey: {secretRef: {name: keys, key: k}}}') => `---
apiVersion: aigateway.envoyproxy.io/v1alpha1
kind: LLMBackend
metadata: {name: ${name}}
spec: {outputSchema: {schema: OpenAI}, backendRef: {kind: Service, name: ${name}, port: 80}, ${credential}}
`;
const secret = (name: string, value = 'sk-1') => `---\napiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\ndata: {k: ${Buffer.from(value).toString('base64')}}\n`;

let cluster: MemoryCluster;
let source: KubernetesSource;
let builds: Configuration[];
let failures: Array<readonly [where: string, error: ClusterError]>;

beforeEach(() => {
  // setImmediate stays real: the cluster in memory answers in it.
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  cluster = new MemoryCluster();
  builds = [];
  failures = [];
});
afterEach(async () => {
  await source.close();
  jest.useRealTimers();
});

function start(): void {
  source = new KubernetesSource({ client: cluster, namespaces: ['default'], onFailure: (where, error) => failures.push([where, error]) });
  source.onChange((event) => { if (event.kind === 'swapped') builds.push(event.configuration); });
  source.start();
}

/** Until the lists are answered and what follows from them is built. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await turn();
    jest.advanceTimersByTime(30);
  }
}

const followed = () => cluster.watches.filter(({ name }) => name !== undefined).map(({ resource, name }) => `${resource.kind} ${name}`).sort();
const key = (name: string) => Buffer.from(source.current?.backends.get(`default/${name}`)?.secret('keys', 'k') ?? []).toString();

describe('the first configuration', () => {
  test('has everything at once, with the Secrets', async () => {
    cluster.apply(backend('a') + secret('keys'));
    start();
    await settle();
    expect(builds.map(({ generation, problems }) => [generation, problems])).toEqual([[1, []]]);
    expect(key('a')).toBe('sk-1');
  });

  test.each(['LLMRoute', 'LLMBackend', 'HTTPRoute', 'BackendTLSPolicy', 'ReferenceGrant', 'Backend', 'Secret'])('waits for %s', async (kind) => {
    cluster.apply(backend('a') + secret('keys'));
    cluster.held = (resource) => resource.kind === kind;
    start();
    await settle();
    jest.advanceTimersByTime(60_000);
    await settle();
    expect(source.current).toBeUndefined();
    cluster.release();
    await settle();
    expect(builds).toHaveLength(1);
    expect(key('a')).toBe('sk-1');
  });

  test('of an empty cluster', async () => {
    start();
    await settle();
    expect([builds.length, source.current?.routes.size, source.current?.problems]).toEqual([1, 0, []]);
  });

  test('of several namespaces waits for all of them', async () => {
    source = new KubernetesSource({ client: cluster, namespaces: ['default', 'other'] });
    source.start();
    expect(cluster.watches.map(({ namespace }) => namespace).sort()).toEqual([...Array<string>(6).fill('default'), ...Array<string>(6).fill('other')]);
    await settle();
    expect(source.current?.generation).toBe(1);
  });
});

describe('Secrets and ConfigMaps', () => {
  test('only those that are referred to are followed, and only while they are', async () => {
    cluster.apply(backend('a') + secret('keys') + secret('others'));
    start();
    await settle();
    expect(followed()).toEqual(['Secret keys']);
    cluster.apply(backend('b', 'credential: {aws: {region: eu-west-1, secretRef: {name: aws, key: credentials}}}'));
    await settle();
    expect(followed()).toEqual(['Secret aws', 'Secret keys']);
    cluster.apply(backend('a', 'headers: {}'));
    await settle();
    expect(followed()).toEqual(['Secret aws']);
    cluster.delete('LLMBackend', 'b');
    await settle();
    expect(followed()).toEqual([]);
  });

  test('authorities of Backends and of BackendTLSPolicies', async () => {
    cluster.apply(`---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: a}
spec: {endpoints: [{fqdn: {hostname: a.example, port: 443}}], tls: {caCertificateRefs: [{kind: ConfigMap, name: ca}, {kind: Secret, name: secret-ca}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: a}
spec: {targetRefs: [{group: '', kind: Service, name: a}], validation: {hostname: a, caCertificateRefs: [{kind: ConfigMap, name: policy-ca}]}}
`);
    start();
    await settle();
    expect(followed()).toEqual(['ConfigMap ca', 'ConfigMap policy-ca', 'Secret secret-ca']);
  });

  test('a new reference waits for its Secret; until then the last configuration stays', async () => {
    start();
    await settle();
    cluster.held = (resource) => resource.kind === 'Secret';
    cluster.apply(backend('a') + secret('keys'));
    await settle();
    expect([builds.length, source.current?.backends.size]).toEqual([1, 0]);
    cluster.release();
    await settle();
    expect([builds.length, key('a')]).toEqual([2, 'sk-1']);
    expect(source.current?.problems).toEqual([]);
  });

  test('a rotated Secret is a new configuration; another one\'s change is none', async () => {
    cluster.apply(backend('a') + secret('keys') + secret('others'));
    start();
    await settle();
    cluster.apply(secret('keys', 'sk-2'));
    await settle();
    expect([builds.length, key('a')]).toEqual([2, 'sk-2']);
    cluster.apply(secret('others', 'sk-3'));
    await settle();
    expect(builds).toHaveLength(2);
  });

  test('one that is refused holds up nothing: it is a problem of its backend alone', async () => {
    cluster.refused = (resource, name) => resource.kind === 'Secret' && name === 'forbidden';
    cluster.apply(backend('a') + secret('keys') + backend('b', 'credential: {apiKey: {secretRef: {name: forbidden, key: k}}}') + secret('forbidden'));
    start();
    await settle();
    expect([builds.length, key('a')]).toEqual([1, 'sk-1']);
    expect(source.current?.problems.map(({ object, path }) => [object, path])).toEqual([['LLMBackend default/b', 'spec.credential.apiKey.secretRef']]);
    expect(failures).toEqual([['secrets default/forbidden', expect.objectContaining({ status: 403 })]]);
    expect(JSON.stringify(source.current?.problems)).not.toContain(Buffer.from('sk-1').toString('base64'));
  });

  test('a whole kind that is refused is waited for, and named', async () => {
    cluster.refused = (resource) => resource.kind === 'LLMRoute';
    start();
    await settle();
    expect(source.current).toBeUndefined();
    expect(failures).toEqual([['llmroutes in default', expect.objectContaining({ status: 403 })]]);
  });
});

describe('many changes', () => {
  test('of one apply are one configuration', async () => {
    start();
    await settle();
    cluster.apply(Array.from({ length: 500 }, (_, index) => backend(`b${index}`, 'headers: {}')).join(''));
    await settle();
    expect(builds.map(({ backends }) => backends.size)).toEqual([0, 500]);
  });

  test('that do not end are not waited for without end, and give few configurations', async () => {
    cluster.apply(secret('keys'));
    start();
    await settle();
    // A change every 10 ms for 6 s: never the 30 ms of quiet.
    for (let change = 0; change < 600; change += 1) {
      cluster.apply(backend(`b${change % 20}`));
      await turn();
      jest.advanceTimersByTime(10);
    }
    const during = builds.length - 1;
    expect(during).toBeGreaterThanOrEqual(10);
    expect(during).toBeLessThanOrEqual(20);
    await settle();
    expect(source.current?.backends.size).toBe(20);
  });

  test('that take long to build leave most of the time to requests, and one alone is built at once', async () => {
    cluster.apply(secret('keys'));
    start();
    await settle();
    // Each configuration takes 100 ms.
    source.onChange(() => jest.setSystemTime(Date.now() + 100));
    const beginning = Date.now();
    while (Date.now() - beginning < 6_000) {
      cluster.apply(backend('b'));
      await turn();
      jest.advanceTimersByTime(40);
    }
    const during = builds.length - 1;
    expect(during).toBeGreaterThanOrEqual(10);
    expect(during).toBeLessThanOrEqual(6_000 / 300 + 1);
    jest.advanceTimersByTime(1_000);
    const before = builds.length;
    cluster.apply(backend('alone', 'headers: {}'));
    jest.advanceTimersByTime(30);
    expect(builds).toHaveLength(before + 1);
  });

  test('an object that becomes invalid is left out and named, the rest goes on', async () => {
    cluster.apply(backend('a') + backend('b') + secret('keys'));
    start();
    await settle();
    cluster.apply(backend('a').replace('schema: OpenAI', 'schema: Nonsense'));
    await settle();
    expect([...source.current?.backends.keys() ?? []]).toEqual(['default/b']);
    expect(source.current?.problems.map(({ object }) => object)).toEqual(['LLMBackend default/a']);
  });

  test('after the end there are none', async () => {
    cluster.apply(backend('a') + secret('keys'));
    start();
    await settle();
    cluster.apply(secret('keys', 'sk-2'));
    await source.close();
    await settle();
    expect([builds.length, cluster.watches.length]).toEqual([1, 0]);
  });
});

describe('built in slices', () => {
  const backends = (count: number, more = 'headers: {}') => Array.from({ length: count }, (_, index) => backend(`b${index}`, more)).join('');

  async function startSliced(): Promise<void> {
    // Every object is a slice of its own.
    source = new KubernetesSource({ client: cluster, namespaces: ['default'], slice: 0 });
    source.onChange((event) => { if (event.kind === 'swapped') builds.push(event.configuration); });
    source.start();
    await turn();
    jest.advanceTimersByTime(30);
    while (builds.length === 0) await turn();
  }

  test('everything else goes on meanwhile, with the last configuration, and the next one comes as a whole', async () => {
    await startSliced();
    cluster.apply(backends(20));
    jest.advanceTimersByTime(30);
    let turns = 0;
    while (builds.length === 1) {
      expect(source.current?.backends.size).toBe(0);
      await turn();
      turns += 1;
    }
    expect(turns).toBeGreaterThanOrEqual(40);
    expect(source.current?.backends.size).toBe(20);
  });

  test('what changes meanwhile is in the next, in order', async () => {
    await startSliced();
    cluster.apply(backends(20));
    jest.advanceTimersByTime(30);
    await turn();
    cluster.apply(backend('b0', 'headers: {remove: [x-late]}') + backend('late', 'headers: {}'));
    jest.advanceTimersByTime(300);
    while (builds.length === 1) await turn();
    expect([builds[1].backends.size, builds[1].backends.get('default/b0')?.resource.spec.headers]).toEqual([20, expect.not.objectContaining({ remove: ['x-late'] })]);
    jest.advanceTimersByTime(300);
    while (builds.length === 2) await turn();
    expect(builds.map(({ generation, backends: { size } }) => [generation, size])).toEqual([[1, 0], [2, 20], [3, 21]]);
    expect(builds[2].backends.get('default/b0')?.resource.spec.headers?.remove).toEqual(['x-late']);
  });

  test('after the end nothing more is built', async () => {
    await startSliced();
    cluster.apply(backends(20));
    jest.advanceTimersByTime(30);
    for (let count = 0; count < 50; count += 1) await turn();
    await source.close();
    for (let count = 0; count < 100; count += 1) await turn();
    expect(builds).toHaveLength(1);
  });

  test('what did not change is not compiled again, also when a status was written', async () => {
    cluster.apply(backends(2));
    start();
    await settle();
    await cluster.patchStatus(cluster.watches.find(({ resource }) => resource.kind === 'LLMBackend')!.resource, 'default', 'b0', { conditions: [] });
    cluster.apply('apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: other}\nspec: {}\n');
    await settle();
    expect(builds).toHaveLength(2);
    expect(builds[1].backends.get('default/b0')).toBe(builds[0].backends.get('default/b0'));
  });
});
