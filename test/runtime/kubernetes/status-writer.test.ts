import { setImmediate as turn } from 'node:timers/promises';
import { MemoryCluster } from './memory-cluster';
import { ClusterError } from '../../../src/runtime/kubernetes/cluster-client';
import { KubernetesSource } from '../../../src/runtime/kubernetes/kubernetes-source';
import { StatusWriter } from '../../../src/runtime/kubernetes/status-writer';

const HTTP_ROUTE = '---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: chat}\nspec: {rules: [{matches: [{path: {value: /v1}}]}]}\n';
const backend = (name: string, more = '') => `---
apiVersion: aigateway.envoyproxy.io/v1alpha1
kind: LLMBackend
metadata: {name: ${name}}
spec: {outputSchema: {schema: OpenAI}, backendRef: {kind: Service, name: ${name}, port: 80}${more}}
`;
const route = (rules: string) => `---
apiVersion: aigateway.envoyproxy.io/v1alpha1
kind: LLMRoute
metadata: {name: chat}
spec: {inputSchema: {schema: OpenAI}, httpRouteRef: {name: chat}${rules === '' ? '' : `, rules: ${rules}`}}
`;
const GOOD = HTTP_ROUTE + backend('a') + route('[{backendRefs: [{name: a}]}]');

let cluster: MemoryCluster;
let source: KubernetesSource;
let writer: StatusWriter;
let failures: Array<readonly [object: string, error: ClusterError]>;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  cluster = new MemoryCluster();
  failures = [];
  source = new KubernetesSource({ client: cluster, namespaces: ['default'] });
  writer = new StatusWriter({ client: cluster, source, onFailure: (object, error) => failures.push([object, error]) });
  source.onChange(() => writer.update());
  source.onStatusChange(() => writer.updateSoon());
});
afterEach(async () => {
  writer.stop();
  await source.close();
  jest.useRealTimers();
});

async function settle(): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    await turn();
    jest.advanceTimersByTime(30);
  }
  await turn();
}

async function started(objects: string): Promise<void> {
  cluster.apply(objects);
  source.start();
  writer.start();
  await settle();
}

const written = () => cluster.written.splice(0).map(({ object }) => object).sort();
const statusOf = (object: string, type: string) => cluster.conditions(object).find((one) => one.type === type);
const forbidden = () => { throw new ClusterError('llmroutes is forbidden', 403); };

test('of a change that no configuration has yet nothing is said', async () => {
  await started(GOOD);
  jest.advanceTimersByTime(2_000);
  await turn();
  written();
  cluster.overwriteStatus('LLMRoute default/chat', { conditions: [] });
  jest.advanceTimersByTime(1_999);
  // Refers to nothing now; 30 ms later there is a configuration that knows.
  cluster.apply(route('[{backendRefs: [{name: none}]}]'));
  jest.advanceTimersByTime(1);
  await turn();
  expect(written()).toEqual([]);
  await settle();
  expect(statusOf('LLMRoute default/chat', 'ResolvedRefs')).toMatchObject({ status: 'False', observedGeneration: 2 });
  expect(cluster.written).toHaveLength(1);
});

test('each LLMRoute and LLMBackend gets its conditions, with the generation that they are about', async () => {
  await started(GOOD + backend('b', ', credential: {apiKey: {secretRef: {name: none, key: k}}}'));
  expect(written()).toEqual(['LLMBackend default/a', 'LLMBackend default/b', 'LLMRoute default/chat']);
  expect(cluster.conditions('LLMRoute default/chat').map(({ type, status, observedGeneration }) => [type, status, observedGeneration]))
    .toEqual([['Accepted', 'True', 1], ['ResolvedRefs', 'True', 1], ['Programmed', 'True', 1]]);
  expect(statusOf('LLMBackend default/b', 'ResolvedRefs')).toMatchObject({ status: 'False', reason: 'SecretNotFound', message: expect.stringContaining('there is no Secret default/none with key k; create it') });
});

test('a fault shows, and clears when it is mended', async () => {
  await started(GOOD);
  cluster.apply(route('[{backendRefs: [{name: nowhere}]}]'));
  await settle();
  expect(statusOf('LLMRoute default/chat', 'ResolvedRefs')).toMatchObject({ status: 'False', reason: 'BackendNotFound', observedGeneration: 2 });
  cluster.apply(backend('nowhere'));
  await settle();
  expect(statusOf('LLMRoute default/chat', 'ResolvedRefs')).toMatchObject({ status: 'True', observedGeneration: 2 });
});

test('an object that does not parse is not accepted, and says why', async () => {
  await started(backend('a', ', body: {set: [{path: a, value: "{"}]}'));
  expect(statusOf('LLMBackend default/a', 'Accepted')).toMatchObject({ status: 'False', reason: 'Invalid', message: expect.stringMatching(/^spec\.body\.set\[0\]\.value: must be JSON text/) });
  expect(statusOf('LLMBackend default/a', 'Programmed')).toMatchObject({ status: 'False' });
});

test('without rules, what is wrong with the HTTPRoute is wrong with the LLMRoute', async () => {
  await started(HTTP_ROUTE.replace('{value: /v1}}]}', '{value: /v1}}], backendRefs: [{name: nobody, port: 80}]}') + route(''));
  expect(statusOf('LLMRoute default/chat', 'ResolvedRefs'))
    .toMatchObject({ status: 'False', reason: 'BackendNotFound', message: expect.stringMatching(/^spec\.rules\[0\]\.backendRefs\[0\]: HTTPRoute default\/chat: no LLMBackend/) });
});

describe('nothing is written twice', () => {
  test('what the cluster says already, after a restart', async () => {
    await started(GOOD);
    expect(written()).toHaveLength(2);
    writer.stop();
    jest.advanceTimersByTime(60_000);
    writer.start();
    await settle();
    expect(written()).toEqual([]);
  });

  test('for a change of another object', async () => {
    await started(GOOD);
    written();
    cluster.apply(backend('b'));
    await settle();
    expect(written()).toEqual(['LLMBackend default/b']);
  });

  test('what was written and has not come back yet', async () => {
    cluster.echo = false;
    await started(GOOD);
    expect(written()).toHaveLength(2);
    for (let round = 0; round < 5; round += 1) {
      writer.update();
      await settle();
    }
    expect(written()).toEqual([]);
  });

  test('while writes are under way, changes are gathered', async () => {
    let go: () => void = () => undefined;
    cluster.intercept = () => new Promise((resolve) => { go = resolve; });
    await started(HTTP_ROUTE + backend('a'));
    for (let change = 0; change < 10; change += 1) {
      cluster.apply(backend('b'));
      await settle();
    }
    cluster.intercept = () => undefined;
    go();
    await settle();
    expect(written()).toEqual(['LLMBackend default/a', 'LLMBackend default/b']);
    expect(statusOf('LLMBackend default/b', 'Accepted')?.observedGeneration).toBe(10);
  });
});

test('a status that somebody else changed is mended at the next change', async () => {
  await started(GOOD);
  written();
  cluster.overwriteStatus('LLMRoute default/chat', { conditions: [] });
  cluster.apply(backend('b'));
  await settle();
  expect(written()).toEqual(['LLMBackend default/b', 'LLMRoute default/chat']);
});

test('an object that was deleted and made again gets its status, though it says the same', async () => {
  await started(GOOD);
  cluster.delete('LLMRoute', 'chat');
  await settle();
  written();
  cluster.apply(route('[{backendRefs: [{name: a}]}]'));
  await settle();
  expect(written()).toEqual(['LLMRoute default/chat']);
  expect(statusOf('LLMRoute default/chat', 'Accepted')).toMatchObject({ status: 'True', observedGeneration: 1 });
});

test('an object that was deleted meanwhile is no failure', async () => {
  cluster.intercept = (_, object) => { if (object === 'LLMBackend default/a') throw new ClusterError('not found', 404); };
  await started(GOOD);
  expect(written()).toEqual(['LLMRoute default/chat']);
  expect(failures).toEqual([]);
  jest.advanceTimersByTime(60_000);
  await settle();
  expect(written()).toEqual([]);
});

test('what failed is told and tried again until it succeeds; the rest is not written again', async () => {
  let attempts = 0;
  cluster.intercept = (_, object) => {
    if (object !== 'LLMRoute default/chat') return;
    attempts += 1;
    if (attempts < 4) forbidden();
  };
  await started(GOOD);
  expect(written()).toEqual(['LLMBackend default/a']);
  for (let second = 0; second < 60 && attempts < 4; second += 1) {
    jest.advanceTimersByTime(1_000);
    await settle();
  }
  expect(written()).toEqual(['LLMRoute default/chat']);
  expect(failures).toEqual(Array(3).fill(['LLMRoute default/chat', expect.objectContaining({ status: 403 })]));
});

test('what fails for good is tried ever more seldom', async () => {
  let attempts = 0;
  cluster.intercept = () => {
    attempts += 1;
    forbidden();
  };
  await started(GOOD);
  for (let second = 0; second < 600; second += 1) {
    jest.advanceTimersByTime(1_000);
    await turn();
  }
  // Two objects: at first every 2 s, then once a minute.
  expect(attempts).toBeGreaterThan(2 * 8);
  expect(attempts).toBeLessThan(2 * 20);
});

describe('only the leader writes', () => {
  test('nothing before it leads, and everything then', async () => {
    cluster.apply(GOOD);
    source.start();
    await settle();
    expect(written()).toEqual([]);
    writer.start();
    await settle();
    expect(written()).toEqual(['LLMBackend default/a', 'LLMRoute default/chat']);
  });

  test('nothing once it does not lead, not even the rest of a round, nor what failed', async () => {
    let go: () => void = () => undefined;
    const blocked = new Promise<void>((resolve) => { go = resolve; });
    cluster.intercept = async () => {
      await blocked;
      forbidden();
    };
    await started(HTTP_ROUTE + Array.from({ length: 50 }, (_, index) => backend(`b${index}`)).join(''));
    writer.stop();
    cluster.intercept = () => undefined;
    go();
    await settle();
    cluster.apply(backend('late'));
    jest.advanceTimersByTime(120_000);
    await settle();
    expect(written()).toEqual([]);
  });

  test('one that leads again writes what has changed meanwhile', async () => {
    await started(GOOD);
    writer.stop();
    written();
    cluster.apply(route('[{backendRefs: [{name: nowhere}]}]'));
    await settle();
    expect(written()).toEqual([]);
    writer.start();
    await settle();
    expect(written()).toEqual(['LLMRoute default/chat']);
  });
});

test('a thousand objects are written a few at a time', async () => {
  let open = 0;
  let most = 0;
  cluster.intercept = async () => {
    open += 1;
    most = Math.max(most, open);
    await turn();
    open -= 1;
  };
  await started(Array.from({ length: 1_000 }, (_, index) => backend(`b${index}`)).join(''));
  while (cluster.written.length < 1_000) await turn();
  expect(most).toBe(8);
});

describe('a status that somebody else overwrote', () => {
  const overwrite = () => cluster.overwriteStatus('LLMRoute default/chat', { conditions: [] });
  const pass = async (milliseconds: number) => {
    jest.advanceTimersByTime(milliseconds);
    await settle();
  };

  test('is mended without a change of anything else', async () => {
    await started(GOOD);
    written();
    overwrite();
    await pass(2_000);
    expect(written()).toEqual(['LLMRoute default/chat']);
    expect(statusOf('LLMRoute default/chat', 'Accepted')).toMatchObject({ status: 'True' });
  });

  test('again and again is mended every other second, and no more', async () => {
    await started(GOOD);
    await pass(4_000);
    written();
    for (let time = 0; time < 10_000; time += 200) {
      overwrite();
      await pass(80);
    }
    expect(written().length).toBeLessThanOrEqual(6);
  });

  test('is left alone by a replica that does not lead', async () => {
    await started(GOOD);
    writer.stop();
    written();
    overwrite();
    await pass(10_000);
    expect(written()).toEqual([]);
  });

  test('what was written itself is not written again', async () => {
    await started(GOOD);
    written();
    await pass(30_000);
    expect(written()).toEqual([]);
  });
});

describe('what an LLMBackend stands on', () => {
  const onBackend = `---
apiVersion: aigateway.envoyproxy.io/v1alpha1
kind: LLMBackend
metadata: {name: a}
spec: {outputSchema: {schema: OpenAI}, backendRef: {group: gateway.envoyproxy.io, kind: Backend, name: a}}
`;
  const egBackend = (endpoint: string) => `---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: a}
spec: {endpoints: [${endpoint}]}
`;
  const GOOD_ENDPOINT = '{fqdn: {hostname: a.example.com, port: 443}}';
  const policy = (name: string) => `---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: a-tls}
spec: {targetRefs: [{group: gateway.envoyproxy.io, kind: Backend, name: a}], validation: {hostname: a.example.com, ${name}}}
`;

  test('a broken Backend shows there, and clears when it is mended', async () => {
    await started(GOOD + onBackend + egBackend('{unix: {path: /run/a.sock}}'));
    expect(statusOf('LLMBackend default/a', 'ResolvedRefs')).toMatchObject({
      status: 'False', reason: 'InvalidBackend', message: expect.stringMatching(/^spec\.backendRef: Backend default\/a: spec\.endpoints\[0\]: must have fqdn/),
    });
    cluster.apply(egBackend(GOOD_ENDPOINT));
    await settle();
    expect(statusOf('LLMBackend default/a', 'ResolvedRefs')).toMatchObject({ status: 'True' });
  });

  test('a BackendTLSPolicy whose authorities are missing does too', async () => {
    await started(GOOD + onBackend + egBackend(GOOD_ENDPOINT) + policy('caCertificateRefs: [{group: "", kind: ConfigMap, name: none}]'));
    expect(statusOf('LLMBackend default/a', 'ResolvedRefs')).toMatchObject({
      status: 'False', reason: 'InvalidBackend', message: expect.stringMatching(/^spec\.backendRef: BackendTLSPolicy default\/a-tls: spec\.validation\.caCertificateRefs\[0\]: there is no ConfigMap default\/none/),
    });
    cluster.apply(policy('wellKnownCACertificates: System'));
    await settle();
    expect(statusOf('LLMBackend default/a', 'ResolvedRefs')).toMatchObject({ status: 'True' });
  });
});
