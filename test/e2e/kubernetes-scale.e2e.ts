import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiServer } from './kubernetes/api-server';
import { kubectl, kubectlMeanwhile, tryKubectl } from './kubernetes/cluster';
import { eventually, Program } from './process';
import { crdManifests } from '../../src/resources/crd/crd-manifests';
import { EnvoyClient } from '../extproc/envoy-client';

/**
 * One ExtProc on 2,000 LLMRoutes of 50 LLMBackends and on a route with 2,000 models, and one on a single route, side by side on one API
 * server: processes of the suite, whose time, memory and CPU can be measured. The test plays Envoy. What a noisy machine cannot decide is printed.
 */

const ROUTES = 2_000;
const BACKENDS = 50;
const RULES = 50;
const MODELS_A_RULE = 40;
/** Of a second, for each way in turn: the machine is not as fast at all times. */
const ROUNDS = 15;
const WARM_UP = 3;
const LARGE = 'scale';
const SMALL = 'small';

const meta = (namespace: string, name: string, more: object = {}) => ({ name, namespace, ...more });
const backendObjects = (namespace: string, count: number) => Array.from({ length: count }, (_, index) => [
  {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1', kind: 'Backend', metadata: meta(namespace, `backend-${index}`), spec: { endpoints: [{ fqdn: { hostname: `backend-${index}.example.com`, port: 80 } }] },
  },
  {
    apiVersion: 'aigateway.envoyproxy.io/v1alpha1',
    kind: 'LLMBackend',
    metadata: meta(namespace, `backend-${index}`),
    spec: { outputSchema: { schema: 'OpenAI' }, backendRef: { name: `backend-${index}` }, headers: { set: [{ name: 'x-team', value: `team-${index}` }] } },
  },
]).flat();
/** Without a parent: Envoy Gateway has nothing to do with them. */
const httpRoute = (namespace: string, name: string) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: meta(namespace, name, { labels: { 'aigateway.envoyproxy.io/llm-route': name } }),
  spec: { hostnames: [`${name}.example.com`], rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/v1' } }] }] },
});
const llmRoute = (namespace: string, name: string, rules: readonly unknown[]) => ({
  apiVersion: 'aigateway.envoyproxy.io/v1alpha1', kind: 'LLMRoute', metadata: meta(namespace, name), spec: { inputSchema: { schema: 'OpenAI' }, httpRouteRef: { name }, rules },
});
const rule = (models: readonly string[], first: number) => ({
  models: models.map((value) => ({ value })), backendRefs: [{ name: `backend-${first % BACKENDS}`, weight: 20 }, { name: `backend-${(first + 1) % BACKENDS}`, weight: 80 }],
});
const simpleRoute = (namespace: string, name: string, index: number, ...more: string[]) => llmRoute(namespace, name, [rule([`model-${index}`, ...more], index)]);
const catalog = llmRoute(LARGE, 'catalog', Array.from({ length: RULES }, (_, place) => rule(Array.from({ length: MODELS_A_RULE }, (__, index) => `catalog-${place * MODELS_A_RULE + index}`), place)));

const CLOCK_TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** `llmgw extproc` of one namespace. */
class ExtProc {
  readonly program: Program;
  readonly client: EnvoyClient;
  private readonly started = performance.now();

  constructor(readonly namespace: string, port: number, private readonly adminPort: number) {
    this.program = new Program(`extproc-${namespace}`, process.execPath, [
      join(__dirname, '..', '..', 'dist', 'llmgw.js'), 'extproc', '--source', 'kubernetes', '--namespace', namespace, '--lease', `${namespace}/extproc`,
      '--listen', `127.0.0.1:${port}`, '--admin-listen', `127.0.0.1:${adminPort}`, '--drain-delay', '0s',
    ], { log: join(process.env.LAB ?? '', 'log', `scale-extproc-${namespace}.log`) });
    this.client = new EnvoyClient(port);
  }

  /** Milliseconds from the start of the process to its readiness. */
  async ready(): Promise<number> {
    await eventually(`${this.program.name} is ready`, async () => (await fetch(`http://127.0.0.1:${this.adminPort}/readyz`)).ok, 60_000);
    return performance.now() - this.started;
  }

  async configuration(): Promise<{ generation: number; routes: unknown[]; problems: unknown[] }> {
    return await (await fetch(`http://127.0.0.1:${this.adminPort}/config`)).json() as { generation: number; routes: unknown[]; problems: unknown[] };
  }

  /** As Envoy does with a request and its answer. Returns the status of an answer of ExtProc's own, or 200. */
  async request(route: string, model: string): Promise<number> {
    const stream = this.client.stream();
    stream.requestHeaders({ 'content-type': 'application/json' }, { route: `httproute/${this.namespace}/${route}/rule/0/match/0/*` });
    await stream.reply();
    stream.requestBody(JSON.stringify({ model, messages: [{ role: 'user', content: WORDS }] }));
    const forward = await stream.reply();
    if (forward.immediateResponse !== undefined && forward.immediateResponse !== null) return forward.immediateResponse.status.code;
    stream.responseHeaders({ ':status': '200', 'content-type': 'application/json' });
    await stream.reply();
    stream.responseBody(ANSWER, true);
    await stream.body();
    stream.halfClose();
    await stream.ended();
    return 200;
  }

  cpuMilliseconds(): number {
    const fields = readFileSync(`/proc/${this.program.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 1_000 / CLOCK_TICKS;
  }

  megabytes(field: 'VmRSS' | 'VmHWM'): number {
    return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${this.program.pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.program.stop();
  }
}

const WORDS = 'the quick brown fox jumps over the lazy dog '.repeat(18);
const ANSWER = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: WORDS }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 200, completion_tokens: 200, total_tokens: 400 },
});

let api: ApiServer;
let large: ExtProc;
let small: ExtProc;

before(async () => {
  kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: crdManifests() }));
  kubectl(['wait', '--for=condition=Established', ...crdManifests().map(({ metadata }) => `crd/${metadata.name}`), '--timeout=30s']);
  for (const name of [LARGE, SMALL]) kubectl(['create', 'namespace', name]);
  api = new ApiServer();
  const names = Array.from({ length: ROUTES }, (_, index) => `route-${index}`);
  const started = performance.now();
  await api.create([
    ...backendObjects(SMALL, 2), httpRoute(SMALL, 'route-0'), llmRoute(SMALL, 'route-0', [rule(['model-0'], 0)]),
    ...backendObjects(LARGE, BACKENDS), ...names.map((name) => httpRoute(LARGE, name)), ...names.map((name, index) => simpleRoute(LARGE, name, index)),
    httpRoute(LARGE, 'catalog'), catalog,
  ]);
  console.log(`objects created in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
});
after(async () => {
  await Promise.all([large?.stop(), small?.stop()]);
  api?.close();
  for (const name of [LARGE, SMALL]) tryKubectl(['delete', 'namespace', name, '--wait=false']);
});

describe('2,000 LLMRoutes on 50 LLMBackends, and one with 2,000 models', () => {
  test('the first configuration within 5 s of the start of the process', async () => {
    small = new ExtProc(SMALL, 19_402, 19_403);
    const smallReady = await small.ready();
    large = new ExtProc(LARGE, 19_404, 19_405);
    const ready = await large.ready();
    console.log(`ready after ${ready.toFixed(0)} ms (one route: ${smallReady.toFixed(0)} ms)`);
    const { routes, problems } = await large.configuration();
    assert.equal(routes.length, ROUTES + 1);
    assert.deepEqual(problems, []);
    assert.ok(ready < 5_000, `ready after ${ready.toFixed(0)} ms`);
  });

  test('the status of all of them is written, and no configuration is built for that', async () => {
    const started = performance.now();
    const { generation } = await large.configuration();
    await eventually('every LLMRoute is Accepted and Programmed', async () => {
      const statuses = await kubectlMeanwhile(['get', 'llmroutes,llmbackends', '-n', LARGE, '-o', 'jsonpath={range .items[*]}{.status.conditions[*].status}{"\\n"}{end}']);
      return statuses.split('\n').filter((line) => line === 'True True True').length === ROUTES + 1 + BACKENDS;
    }, 120_000);
    console.log(`all status written in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
    assert.equal((await large.configuration()).generation, generation);
  });

  test('a change is live within a second of its acceptance', async () => {
    const delays: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const index = round * 250;
      assert.equal(await large.request(`route-${index}`, `new-${round}`), 404);
      await api.patch(simpleRoute(LARGE, `route-${index}`, index), { spec: { rules: [rule([`model-${index}`, `new-${round}`], index)] } });
      const accepted = performance.now();
      await eventually(`new-${round} is live`, async () => await large.request(`route-${index}`, `new-${round}`) === 200, 5_000);
      delays.push(performance.now() - accepted);
      await sleep(200);
    }
    console.log(`live after ${delays.map((delay) => delay.toFixed(0)).join(', ')} ms`);
    assert.ok(delays.sort((left, right) => left - right)[3] <= 1_000, `live after ${delays.join(', ')} ms`);
  });

  test('a storm of changes: few configurations, and requests are answered meanwhile', async () => {
    const { generation } = await large.configuration();
    let running = true;
    let longest = 0;
    const requests = (async () => {
      while (running) {
        const started = performance.now();
        assert.equal(await large.request('route-7', 'model-7'), 200);
        longest = Math.max(longest, performance.now() - started);
      }
    })();
    const started = performance.now();
    for (let change = 0; change < 400; change += 1) await api.patch(simpleRoute(LARGE, `route-${change}`, change), { spec: { rules: [rule([`model-${change}`, `storm-${change}`], change)] } });
    const seconds = (performance.now() - started) / 1_000;
    await eventually('the last change is live', async () => await large.request('route-399', 'storm-399') === 200, 10_000);
    running = false;
    await requests;
    const built = (await large.configuration()).generation - generation;
    console.log(`400 changes in ${seconds.toFixed(1)} s: ${built} configurations, longest request ${longest.toFixed(0)} ms`);
    assert.ok(built <= 100, `${built} configurations in ${seconds} s`);
  });

  test('a request costs what it costs with one route', async () => {
    const ways: ReadonlyArray<{ readonly name: string; readonly extProc: ExtProc; readonly next: () => readonly [route: string, model: string] }> = [
      { name: 'one route', extProc: small, next: () => ['route-0', 'model-0'] },
      { name: '2,000 routes', extProc: large, next: counted(ROUTES, (index) => [`route-${index}`, `model-${index}`]) },
      { name: '2,000 models', extProc: large, next: counted(RULES * MODELS_A_RULE, (index) => ['catalog', `catalog-${index}`]) },
    ];
    const results = ways.map(() => [] as number[]);
    for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
      for (const [way, { extProc, next }] of ways.entries()) {
        const cpu = await cpuOfRequest(extProc, next);
        if (round >= WARM_UP) results[way].push(cpu);
      }
    }
    const sorted = results.map((values) => values.sort((left, right) => left - right));
    const [base, ...others] = sorted.map((values) => values[Math.floor(ROUNDS / 2)]);
    for (const [way, { name }] of ways.entries()) {
      const [median, least] = [[base, ...others][way], sorted[way][0]];
      console.log(`${name}: ${median.toFixed(3)} ms CPU a request (${(median / base).toFixed(2)}x), at least ${least.toFixed(3)} (${(least / sorted[0][0]).toFixed(2)}x)`);
    }
    for (const [place, cpu] of others.entries()) assert.ok(cpu <= base * 1.5, `${ways[place + 1].name}: ${cpu} ms, with one route ${base} ms`);
  });

  test('memory stays below half of the limit that the Deployment has', () => {
    console.log(`memory: ${large.megabytes('VmRSS').toFixed(0)} MB, at most ${large.megabytes('VmHWM').toFixed(0)} MB (one route: ${small.megabytes('VmRSS').toFixed(0)} MB)`);
    assert.ok(large.megabytes('VmHWM') < 1_024);
  });
});

function counted<T>(count: number, of: (index: number) => T): () => T {
  let last = -1;
  return () => {
    last += 1;
    return of(last * 37 % count);
  };
}

/** Milliseconds of CPU a request, over many. */
async function cpuOfRequest(extProc: ExtProc, next: () => readonly [route: string, model: string]): Promise<number> {
  const earlier = extProc.cpuMilliseconds();
  const until = performance.now() + 1_000;
  let count = 0;
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (performance.now() < until) {
      assert.equal(await extProc.request(...next()), 200);
      count += 1;
    }
  }));
  return (extProc.cpuMilliseconds() - earlier) / count;
}
