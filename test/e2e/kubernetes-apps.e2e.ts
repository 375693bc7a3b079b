import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { errorCode } from './error-shape';
import { Manifest } from './file-mode-manifests';
import { apply, condition, conditionIs, createNamespaces, deleteNamespaces, get, kubectl, kubectlMeanwhile, list, logs } from './kubernetes/cluster';
import { ClusterApp, reachable } from './kubernetes/cluster-app';
import { comparable, otherTeam, startSite, THEIR_REQUESTS, THEIR_STATUSES } from './other-team';
import { eventually } from './process';
import { chatBody, synthesized } from './running-app';
import { settledStreams } from './settled-streams';
import { crdManifests } from '../../src/resources/crd/crd-manifests';
import { crossNamespaceApp } from '../apps/cross-namespace';
import { httpRouteModeApp } from '../apps/http-route-mode';
import { sharedGatewayApp } from '../apps/shared-gateway';
import { FakeBedrock, startFakeBedrock } from '../providers/fake-bedrock';
import { FakeOpenAi, startFakeOpenAi } from '../providers/fake-openai';

/** Apps of test/apps side by side in one cluster: a user's own HTTPRoute, backends of other namespaces, a Gateway of another team. */

const MODEL = 'llama3-70b';
const NAMESPACES = ['llm', 'infra', 'models', 'team-a', 'web', 'ai'];

let kserve: FakeOpenAi;
let bedrock: FakeBedrock;
let shared: FakeOpenAi;
let own: FakeBedrock;
let vllm: FakeOpenAi;
let site: Server;
/** `llm`: a user's own HTTPRoute on a gateway of its own. */
let byHttpRoute: ClusterApp;
/** `team-a` on the gateway of `infra` and a backend of `models`. */
let crossNamespace: ClusterApp;

const nameOf = (manifests: readonly Manifest[], kind: string, namespace?: string) => {
  const found = manifests.find((one) => one.kind === kind && (namespace === undefined || one.metadata.namespace === namespace));
  assert.ok(found, `a ${kind}`);
  return found.metadata.name;
};
const ok = async (answer: Promise<{ status: number }>) => (await answer).status === 200;

before(async () => {
  const host = '0.0.0.0';
  [kserve, shared, vllm] = await Promise.all([startFakeOpenAi({ host }), startFakeOpenAi({ host }), startFakeOpenAi({ host })]);
  [bedrock, own] = await Promise.all([startFakeBedrock({ host }), startFakeBedrock({ host })]);
  site = await startSite(host);
  kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: crdManifests() }));
  kubectl(['wait', '--for=condition=Established', ...crdManifests().map(({ metadata }) => `crd/${metadata.name}`), '--timeout=30s']);
  await createNamespaces(...NAMESPACES);
  const first = reachable(synthesized(httpRouteModeApp()), { kserve: kserve.port, bedrock: bedrock.port });
  const second = synthesized(crossNamespaceApp());
  const ports = { [nameOf(second, 'Backend', 'models')]: shared.port, [nameOf(second, 'Backend', 'team-a')]: own.port };
  try {
    [byHttpRoute, crossNamespace] = await Promise.all([
      ClusterApp.start(first, { namespace: 'llm', name: nameOf(first, 'Gateway') }),
      ClusterApp.start(reachable(second, ports), { namespace: 'infra', name: nameOf(second, 'Gateway') }),
    ]);
    await eventually('both gateways answer', async () => await ok(byHttpRoute.chat('llm.example.com', chatBody(MODEL, 'hello'))) && await ok(crossNamespace.chat('any', chatBody(MODEL, 'hello'))), 60_000);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${logs('extproc')}\n${logs('envoy-gateway.log')}`);
  }
});
after(async () => {
  await Promise.all([kserve, bedrock, shared, own, vllm].map((provider) => provider?.close()));
  site?.closeAllConnections();
  site?.close();
  deleteNamespaces(...NAMESPACES);
});

describe('a user\'s own HTTPRoute, weights 20/80', () => {
  const share = async (total: number) => {
    const [atKserve, atBedrock] = [kserve.requests.length, bedrock.requests.length];
    let left = total;
    await Promise.all(Array.from({ length: 8 }, async () => {
      while (left > 0) {
        left -= 1;
        const answer = await byHttpRoute.chat('llm.example.com', chatBody(MODEL, 'hello'));
        assert.equal(answer.status, 200, answer.text);
      }
    }));
    return [kserve.requests.length - atKserve, bedrock.requests.length - atBedrock];
  };

  test('both routes are accepted, by Envoy Gateway and by ExtProc', async () => {
    for (const name of ['chat', 'chat-llm']) {
      const [parent] = get('httproute', 'llm', name).status?.parents as Array<{ conditions: Array<{ type: string; status: string; message: string }> }>;
      for (const one of parent.conditions) assert.equal(one.status, 'True', `${name}: ${one.type} ${one.message}`);
    }
    for (const type of ['Accepted', 'ResolvedRefs', 'Programmed']) await conditionIs('llmroute', 'llm', 'chat', type, 'True', 5_000);
  });

  test('the shares are within four standard deviations over 400 requests', async () => {
    const [atKserve, atBedrock] = await share(400);
    assert.equal(atKserve + atBedrock, 400);
    console.log(`kserve ${atKserve}, bedrock ${atBedrock} of 400`);
    assert.ok(Math.abs(atKserve - 80) <= 4 * Math.sqrt(400 * 0.2 * 0.8), `kserve got ${atKserve} of 400`);
  });

  test('the user changes the weights, and nothing else is to be done', async () => {
    const weights = (left: number, right: number) => [
      { op: 'replace', path: '/spec/rules/0/backendRefs/0/weight', value: left }, { op: 'replace', path: '/spec/rules/0/backendRefs/1/weight', value: right },
    ];
    const change = (left: number, right: number) => kubectlMeanwhile(['patch', 'httproute', '-n', 'llm', 'chat', '--type=json', '-p', JSON.stringify(weights(left, right))]);
    await change(1, 0);
    await eventually('all go to kserve', async () => (await share(20))[1] === 0, 5_000);
    await change(20, 80);
    await eventually('both answer again', async () => (await share(60)).every((count) => count > 0), 5_000);
  });

  test('the model header of a client is refused', async () => {
    const answer = await byHttpRoute.chat('llm.example.com', chatBody(MODEL, 'hello'), { 'x-envoy-ai-gateway-llm-model': MODEL });
    assert.equal(answer.status, 400);
    assert.equal(errorCode(answer), 'invalid_header');
  });

  test('a reference of the HTTPRoute that leads to no LLMBackend shows on the LLMRoute', async () => {
    const name = (value: string) => patchRule([{ op: 'replace', path: '/spec/rules/0/backendRefs/0/name', value }]);
    const patchRule = (change: unknown) => kubectl(['patch', 'httproute', '-n', 'llm', 'chat', '--type=json', '-p', JSON.stringify(change)]);
    name('nobody');
    const wrong = await conditionIs('llmroute', 'llm', 'chat', 'ResolvedRefs', 'False', 2_000);
    assert.match(wrong.message, /^spec\.rules\[0\]\.backendRefs\[0\]: HTTPRoute llm\/chat: no LLMBackend in namespace llm has a backendRef that equals this Backend nobody/);
    name('kserve');
    await conditionIs('llmroute', 'llm', 'chat', 'ResolvedRefs', 'True', 2_000);
    await eventually('both answer again', async () => (await share(60)).every((count) => count > 0), 10_000);
  });
});

describe('backends and a gateway of other namespaces', () => {
  const chat = (model: string) => crossNamespace.chat('any.example.com', chatBody(model, 'hello'));
  const grant = (namespace: string, from: string) => {
    const found = crossNamespace.manifests.find((one) => one.kind === 'ReferenceGrant' && one.metadata.namespace === namespace
      && (one.spec as { from: ReadonlyArray<{ kind: string }> }).from.some(({ kind }) => kind === from));
    assert.ok(found, `a grant for ${from} in ${namespace}`);
    return found;
  };
  const without = async (one: Manifest, check: () => Promise<void>) => {
    kubectl(['delete', 'referencegrant', '-n', one.metadata.namespace ?? '', one.metadata.name]);
    try {
      await check();
    } finally {
      apply(one);
    }
    await eventually('with the grant it answers again', () => ok(chat(MODEL)), 20_000);
  };

  test('answer where ReferenceGrants let them', async () => {
    const [atShared, atOwn] = [shared.requests.length, own.requests.length];
    assert.equal((await chat(MODEL)).status, 200);
    assert.equal((await chat('nova-pro')).status, 200);
    assert.deepEqual([shared.requests.length - atShared, own.requests.length - atOwn], [1, 1]);
    assert.equal(condition('llmroute', 'team-a', 'chat', 'ResolvedRefs')?.status, 'True');
    assert.equal(condition('llmbackend', 'models', nameOf(crossNamespace.manifests, 'LLMBackend', 'models'), 'Accepted')?.status, 'True');
  });

  test('without the grant for LLMRoutes: ExtProc refuses, says so, and the team\'s own backend still answers', () => without(grant('models', 'LLMRoute'), async () => {
    const wrong = await conditionIs('llmroute', 'team-a', 'chat', 'ResolvedRefs', 'False', 2_000);
    assert.equal(wrong.reason, 'RefNotPermitted');
    const known = shared.requests.length;
    const answer = await chat(MODEL);
    assert.equal(answer.status, 503, answer.text);
    errorCode(answer);
    assert.equal(shared.requests.length, known);
    assert.equal((await chat('nova-pro')).status, 200);
  }));

  test('without the grant for HTTPRoutes: Envoy Gateway refuses, and the team\'s own backend still answers', () => without(grant('models', 'HTTPRoute'), async () => {
    await eventually('the grant is gone', async () => !await ok(chat(MODEL)));
    const known = shared.requests.length;
    const answer = await chat(MODEL);
    assert.equal(answer.status, 503, answer.text);
    errorCode(answer);
    assert.equal(shared.requests.length, known);
    assert.equal((await chat('nova-pro')).status, 200);
  }));

  test('without the grant for the EnvoyExtensionPolicy: no request goes anywhere without ExtProc', () => without(grant('infra', 'EnvoyExtensionPolicy'), async () => {
    await eventually('the grant is gone', async () => !await ok(chat(MODEL)));
    const known = [shared.requests.length, own.requests.length];
    for (const model of [MODEL, 'nova-pro']) {
      // What the client may send itself: a backend of its choice.
      for (const headers of [undefined, { 'x-ai-gateway-llm-backend': `models/${nameOf(crossNamespace.manifests, 'LLMBackend', 'models')}` }]) {
        const answer = await crossNamespace.chat('any.example.com', chatBody(model, 'hello'), headers);
        assert.ok([500, 503].includes(answer.status), `${answer.status} ${answer.text}`);
      }
    }
    assert.deepEqual([shared.requests.length, own.requests.length], known);
    const [ancestor] = get('envoyextensionpolicy', 'team-a', 'chat').status?.ancestors as Array<{ conditions: Array<{ type: string; status: string; message: string }> }>;
    const accepted = ancestor.conditions.find(({ type }) => type === 'Accepted');
    assert.equal(accepted?.status, 'False');
    assert.match(accepted?.message ?? '', /not permitted by any ReferenceGrant/);
  }));
});

describe('two gateways in one cluster', () => {
  test('each has its own ExtProc: no request of one is heard by the other', async () => {
    const [first, second] = [await settledStreams(byHttpRoute), await settledStreams(crossNamespace)];
    for (let request = 0; request < 5; request += 1) assert.ok(await ok(byHttpRoute.chat('llm.example.com', chatBody(MODEL, 'hello'))));
    assert.deepEqual([await settledStreams(byHttpRoute) - first, await settledStreams(crossNamespace) - second], [5, 0]);
    for (let request = 0; request < 3; request += 1) assert.ok(await ok(crossNamespace.chat('any', chatBody('nova-pro', 'hello'))));
    assert.deepEqual([await settledStreams(byHttpRoute) - first, await settledStreams(crossNamespace) - second], [5, 3]);
  });

  test('each lists its own models only, and has a Lease of its own', async () => {
    const models = async (app: ClusterApp, host: string) => (JSON.parse((await app.send(host, '/v1/models')).text) as { data: Array<{ id: string }> }).data.map(({ id }) => id);
    assert.deepEqual(await models(byHttpRoute, 'llm.example.com'), [MODEL]);
    assert.deepEqual(await models(crossNamespace, 'any'), [MODEL, 'nova-pro']);
    for (const { manifests } of [byHttpRoute, crossNamespace]) {
      const { metadata } = manifests.find(({ kind }) => kind === 'Deployment')!;
      assert.match(String(get('lease', metadata.namespace ?? '', metadata.name).spec?.holderIdentity), new RegExp(`^${metadata.name}-`));
    }
  });

  test('one loses its ExtProc and gets it back while the other answers', async () => {
    let running = true;
    const failures: string[] = [];
    const load = (async () => {
      while (running) {
        const answer = await crossNamespace.chat('any', chatBody(MODEL, 'hello'));
        if (answer.status !== 200) failures.push(`${answer.status} ${answer.text}`);
      }
    })();
    const extProc = nameOf(byHttpRoute.manifests, 'Deployment');
    await kubectlMeanwhile(['delete', 'deployment', '-n', 'llm', extProc, '--wait=false']);
    await eventually('without ExtProc there is no answer', async () => !await ok(byHttpRoute.chat('llm.example.com', chatBody(MODEL, 'hello'))), 30_000);
    apply(byHttpRoute.manifests.find(({ kind }) => kind === 'Deployment'));
    await eventually('it answers again', () => ok(byHttpRoute.chat('llm.example.com', chatBody(MODEL, 'hello'))), 60_000);
    running = false;
    await load;
    assert.deepEqual(failures, []);
  });
});

describe('a pod that hangs', () => {
  test('fails its liveness probe, is restarted, and is ready again', async () => {
    const deployment = byHttpRoute.manifests.find(({ kind }) => kind === 'Deployment') as unknown as { spec: { template: { spec: { containers: Array<Record<string, object>> } } } };
    const { spec } = structuredClone(deployment.spec.template);
    const [container] = spec.containers;
    // The Deployment's own probes, in less time. Without its labels: nobody takes it for one of the Deployment's.
    container.livenessProbe = { ...container.livenessProbe, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 2 };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'hanging', namespace: 'llm' }, spec: { ...spec, terminationGracePeriodSeconds: 1 } };
    const state = () => get('pod', 'llm', 'hanging').status?.containerStatuses?.[0] as { ready: boolean; restartCount: number } | undefined;
    apply(pod);
    try {
      await eventually('it is ready', () => state()?.ready === true, 20_000);
      const [pid] = execFileSync('pgrep', ['-f', '--newest', 'extproc --source kubernetes'], { encoding: 'utf8' }).trim().split('\n');
      process.kill(Number(pid), 'SIGSTOP');
      await eventually('it is not ready', () => state()?.ready === false, 20_000);
      await eventually('it was restarted, and is ready', () => state()?.restartCount === 1 && state()?.ready === true, 20_000);
      assert.ok(!existsSync(`/proc/${pid}`), 'the process that hung is gone');
    } finally {
      kubectl(['delete', 'pod', '-n', 'llm', 'hanging', '--wait=false']);
    }
  });
});

describe('a Gateway shared with another team', () => {
  const THEIR_KINDS = 'gateways.gateway.networking.k8s.io,httproutes,backends.gateway.envoyproxy.io,envoyproxies,deployments,services,configmaps';
  let theirs: ClusterApp;

  /** What the API server holds of theirs, but for what changes with time. */
  const theirObjects = () => ['web', 'infra'].flatMap((namespace) => list(THEIR_KINDS, '-n', namespace).map(({ metadata, spec, data }) => ({
    name: `${metadata.namespace}/${metadata.name}`, generation: metadata.generation, labels: metadata.labels, spec, data,
  })));
  const record = async () => {
    const answers = [];
    for (const [host, path, body, headers] of THEIR_REQUESTS) answers.push(comparable(await theirs.send(host, path, body, headers)));
    return answers;
  };

  before(async () => {
    theirs = await ClusterApp.start(reachable(otherTeam(), { site: (site.address() as AddressInfo).port }), { namespace: 'infra', name: 'shared' });
    await eventually('their routes answer', async () => await ok(theirs.send('other.example.com', '/')) && await ok(theirs.send('llm.example.com', '/docs/page')), 30_000);
  });

  test('their routes answer as before, their objects are as before, and ExtProc hears nothing of them', async () => {
    const manifests = synthesized(sharedGatewayApp('ai'));
    const earlier = await record();
    const objects = theirObjects();
    assert.deepEqual(earlier.map(({ status }) => status), THEIR_STATUSES);

    const ours = await ClusterApp.start(reachable(manifests, { [nameOf(manifests, 'Backend')]: vllm.port }), { namespace: 'infra', name: 'shared' });
    await eventually('our route answers', () => ok(ours.chat('llm.example.com', chatBody(MODEL, 'hello'))), 30_000);
    const settled = await settledStreams(ours);

    assert.deepEqual(await record(), earlier);
    assert.deepEqual(theirObjects(), objects);
    assert.equal(await settledStreams(ours), settled);
    assert.equal((await ours.chat('a.llm.example.com', chatBody(MODEL, 'hello'))).status, 200, 'our route works meanwhile');
    assert.equal(await settledStreams(ours), settled + 1);
    const known = vllm.requests.length;
    assert.equal((await ours.chat('nobody.example.com', chatBody(MODEL, 'hello'))).status, 404);
    assert.equal(vllm.requests.length, known);

    ours.delete();
    await eventually('our route is gone', async () => (await theirs.send('llm.example.com', '/v1/models')).headers['content-type'] === undefined, 30_000);
    assert.deepEqual(await record(), earlier);
    assert.deepEqual(theirObjects(), objects);
  });
});
