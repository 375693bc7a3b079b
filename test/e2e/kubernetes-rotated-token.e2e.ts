import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { errorCode } from './error-shape';
import { Received } from './http-request';
import { apply, condition, createNamespaces, deleteNamespaces, kubectl, list, logs, patch } from './kubernetes/cluster';
import { ClusterApp, reachable } from './kubernetes/cluster-app';
import { eventually } from './process';
import { chatBody, synthesized } from './running-app';
import { crdManifests } from '../../src/resources/crd/crd-manifests';
import { CLOUDS, rotatedTokenApp } from '../apps/rotated-token';
import { startFakeAzureOpenAi } from '../providers/fake-azure-openai';
import { startFakeGemini } from '../providers/fake-gemini';
import { FakeProvider } from '../providers/fake-provider';

/** Bearer tokens in Secrets that something else renews, through the Kubernetes data plane: Envoy's attempts and ExtProc's own calls, no restart. */

const HOST = 'llm.example.com';
const CLOSED_PORT = 1;
/** ExtProc's own calls that the tests make at each cloud; each by a rule of its own. */
const OWN_CALLS = 2;
type Cloud = typeof CLOUDS[number];

let app: ClusterApp;
let providers: Record<Cloud, FakeProvider>;

const chat = (model: string): Promise<Received> => app.chat(HOST, chatBody(model, 'hello'));
const tokenOf = (cloud: Cloud, version: number): string => `k8sPlanted-${cloud}-token-${version}`;
const secret = (cloud: Cloud, token: string) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: `${cloud}-token`, namespace: 'llm' }, stringData: { access_token: token } });
const rotate = (cloud: Cloud, version: number): void => patch('secret', 'llm', `${cloud}-token`, { stringData: { access_token: tokenOf(cloud, version) } });
const pods = (): unknown[] => list('pods', '-n', 'llm', '-l', 'app.kubernetes.io/component=extproc').map(({ metadata, status }) => [metadata.name, status?.podIP]);

/** The token that the cloud got with a request for this model, while there are no others. */
async function sent(cloud: Cloud, model: string, attempts?: string): Promise<string> {
  const answer = await chat(model);
  assert.equal(answer.status, 200, `${model}: ${answer.text}`);
  assert.equal(answer.headers['x-llm-attempts'], attempts, model);
  return String(providers[cloud].requests.at(-1)?.headers.authorization).replace(/^Bearer /, '');
}

const many = (model: string): Promise<Received[]> => Promise.all(Array.from({ length: 8 }, () => chat(model)));

/** The tokens that the cloud gets from now on with so many requests that both pods have some. */
async function sentByAll(cloud: Cloud): Promise<string[]> {
  const { requests } = providers[cloud];
  const from = requests.length;
  assert.deepEqual((await many(cloud)).map(({ status }) => status), Array(8).fill(200));
  return [...new Set(requests.slice(from).map(({ headers }) => String(headers.authorization).replace(/^Bearer /, '')))];
}

before(async () => {
  const [azure, google] = await Promise.all([startFakeAzureOpenAi({ host: '0.0.0.0' }), startFakeGemini({ host: '0.0.0.0' })]);
  providers = { azure, google };
  kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: crdManifests() }));
  kubectl(['wait', '--for=condition=Established', ...crdManifests().map(({ metadata }) => `crd/${metadata.name}`), '--timeout=30s']);
  await createNamespaces('llm');
  apply(...CLOUDS.map((cloud) => secret(cloud, tokenOf(cloud, 1))));
  const manifests = synthesized(rotatedTokenApp(OWN_CALLS));
  const gateway = manifests.find(({ kind }) => kind === 'Gateway')!.metadata.name;
  try {
    app = await ClusterApp.start(reachable(manifests, { azure: azure.port, google: google.port, gone: CLOSED_PORT }), { namespace: 'llm', name: gateway });
    await eventually('the route answers', async () => (await Promise.all(CLOUDS.map((cloud) => chat(cloud)))).every(({ status }) => status === 200), 60_000);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${logs('extproc')}\n${logs('envoy-gateway.log')}`);
  }
});
after(async () => {
  await Promise.all(Object.values(providers ?? {}).map((provider) => provider.close()));
  deleteNamespaces('llm');
});

describe('a bearer token that something else renews', () => {
  for (const cloud of CLOUDS) {
    test(`${cloud}: the new one is in use without a restart, with no request lost, by Envoy and by ExtProc's own calls`, async () => {
      const running = pods();
      assert.deepEqual(await sentByAll(cloud), [tokenOf(cloud, 1)]);
      assert.equal(await sent(cloud, `${cloud}-own-1`, '2'), tokenOf(cloud, 1));

      let loading = true;
      const failures: string[] = [];
      const load = (async () => {
        while (loading) {
          const { status, text } = await chat(cloud);
          if (status !== 200) failures.push(`${status} ${text}`);
        }
      })();
      rotate(cloud, 2);
      await eventually('every pod uses the new token', async () => (await sentByAll(cloud)).join() === tokenOf(cloud, 2), 3_000);
      loading = false;
      await load;

      assert.deepEqual(failures, []);
      assert.deepEqual(await sentByAll(cloud), [tokenOf(cloud, 2)]);
      assert.equal(await sent(cloud, `${cloud}-own-2`, '2'), tokenOf(cloud, 2));
      assert.deepEqual(pods(), running);
    });
  }

  test('where the token is gone: 502 that says so, and the status of the LLMBackend; the other cloud answers; once it is back, all is well', async () => {
    const resolved = () => condition('llmbackend', 'llm', 'azure', 'ResolvedRefs');
    const asked = providers.azure.requests.length;
    kubectl(['patch', 'secret', '-n', 'llm', 'azure-token', '--type=json', '-p', JSON.stringify([{ op: 'remove', path: '/data/access_token' }])]);
    await eventually('the token is gone', async () => (await many('azure')).every(({ status }) => status !== 200), 3_000);
    const served = providers.azure.requests.length;

    const answer = await chat('azure');
    assert.deepEqual([answer.status, errorCode(answer)], [502, 'backend_credential']);
    assert.match(answer.text, /azure-token/);
    assert.doesNotMatch(answer.text, /Planted/);
    assert.equal(providers.azure.requests.length, served);
    assert.ok(served >= asked);
    assert.equal((await chat('google')).status, 200);
    await eventually('the LLMBackend says so', () => resolved()?.status === 'False', 5_000);
    assert.match(`${resolved()?.reason} ${resolved()?.message}`, /^SecretNotFound .*there is no Secret llm\/azure-token with key access_token/s);

    rotate('azure', 3);
    await eventually('every pod uses the new token', async () => (await many('azure')).every(({ status }) => status === 200), 3_000);
    assert.deepEqual(await sentByAll('azure'), [tokenOf('azure', 3)]);
    await eventually('the LLMBackend is well', () => resolved()?.status === 'True', 5_000);
  });
});
