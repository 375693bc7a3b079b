import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { errorCode } from './error-shape';
import { Manifest } from './file-mode-manifests';
import { apply, createNamespaces, deleteNamespaces, kubectl, list, logs } from './kubernetes/cluster';
import { ClusterApp, reachable } from './kubernetes/cluster-app';
import { eventually } from './process';
import { chatBody, synthesized } from './running-app';
import { crdManifests } from '../../src/resources/crd/crd-manifests';
import { accessApp, CLIENT_KEYS, ISSUER } from '../apps/access';
import { TestIssuer } from '../apps/test-issuer';
import { FakeOpenAi, startFakeOpenAi } from '../providers/fake-openai';

/** Who may call which model, with Envoy Gateway's Kubernetes provider: Secrets that change, a policy of another team on the whole Gateway. */

const issuer = new TestIssuer();
const OTHER_TEAM = 'their-policy';

let main: FakeOpenAi;
let manifests: Manifest[];
let app: ClusterApp;

const keyOf = (team: keyof typeof CLIENT_KEYS) => ({ authorization: `Bearer ${CLIENT_KEYS[team]}` });
const models = async (host: string, headers: Record<string, string>) => {
  const answer = await app.send(host, '/v1/models', undefined, headers);
  assert.equal(answer.status, 200, answer.text);
  return (JSON.parse(answer.text) as { data: Array<{ id: string }> }).data.map(({ id }) => id);
};
const status = async (host: string, model: string, headers: Record<string, string>) => (await app.chat(host, chatBody(model, 'hi'), headers)).status;

before(async () => {
  main = await startFakeOpenAi({ host: '0.0.0.0' });
  kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: crdManifests() }));
  kubectl(['wait', '--for=condition=Established', ...crdManifests().map(({ metadata }) => `crd/${metadata.name}`), '--timeout=30s']);
  await createNamespaces('llm');
  manifests = reachable(synthesized(accessApp(issuer.jwks)), { main: main.port, faulty: main.port });
  const gateway = manifests.find(({ kind }) => kind === 'Gateway');
  assert.ok(gateway);
  try {
    app = await ClusterApp.start(manifests, { namespace: 'llm', name: gateway.metadata.name });
    await eventually('the route answers', async () => (await app.send('keys.example.com', '/v1/models', undefined, keyOf('team-b'))).status === 200, 60_000);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${logs('extproc')}\n${logs('envoy-gateway.log')}`);
  }
});

after(async () => {
  deleteNamespaces('llm');
  await main?.close();
});

test('every policy is accepted', () => {
  for (const { metadata, status: state } of list('securitypolicies.gateway.envoyproxy.io', '-n', 'llm')) {
    const conditions = (state?.ancestors as Array<{ conditions: Array<{ type: string; status: string }> }>).flatMap((ancestor) => ancestor.conditions);
    assert.ok(conditions.length > 0, metadata.name);
    assert.deepEqual(conditions.filter((condition) => condition.status !== 'True'), [], metadata.name);
  }
});

test('keys, models and the list of models', async () => {
  const none = await app.chat('keys.example.com', chatBody('gpt-small', 'hi'));
  assert.equal(none.status, 401);
  assert.equal(errorCode(none), 'missing_credential');
  const forbidden = await app.chat('keys.example.com', chatBody('gpt-large', 'hi', { stream: true }), { ...keyOf('team-a'), 'x-llm-client-id': 'team-b' });
  assert.equal(forbidden.status, 403);
  assert.equal(errorCode(forbidden), 'permission_denied');
  assert.equal(await status('keys.example.com', 'llama-8b', keyOf('team-a')), 200);
  assert.deepEqual(Object.keys(main.requests.at(-1)?.headers ?? {}).filter((name) => /^x-llm-|^authorization$/.test(name)), []);
  assert.deepEqual(await models('keys.example.com', keyOf('team-c')), ['gpt-small', 'gpt-large', 'mistral-7b']);
});

test('tokens and their claims', async () => {
  const token = (claims: object) => ({ authorization: `Bearer ${issuer.token({ iss: ISSUER, aud: 'llm', exp: Math.floor(Date.now() / 1_000) + 600, ...claims })}` });
  assert.equal(await status('tokens.example.com', 'gpt-large', token({ groups: ['admins'] })), 200);
  assert.equal(await status('tokens.example.com', 'gpt-large', token({ org: { team: 'sales' } })), 403);
  assert.deepEqual(await models('tokens.example.com', token({ org: { team: 'sales' } })), ['gpt-small']);
});

test('a key that is replaced in its Secret takes effect without restart', async () => {
  apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'clients', namespace: 'llm' }, stringData: { 'team-a': 'key-of-team-a-111111' } });
  await eventually('the new key is known', async () => await status('keys.example.com', 'gpt-small', { 'x-api-key': 'key-of-team-a-111111' }) === 200, 30_000);
  assert.equal(await status('keys.example.com', 'gpt-small', keyOf('team-a')), 401);
});

test('another team\'s SecurityPolicy on the whole Gateway holds where the route says so, and not elsewhere', async () => {
  apply({
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'SecurityPolicy',
    metadata: { name: OTHER_TEAM, namespace: 'llm' },
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: manifests.find(({ kind }) => kind === 'Gateway')?.metadata.name }],
      authorization: { defaultAction: 'Deny', rules: [{ name: 'nobody', action: 'Allow', principal: { clientCIDRs: ['192.0.2.1/32'] } }] },
    },
  });
  await eventually('theirs holds beside ours', async () => await status('both.example.com', 'gpt-small', {
    'x-api-key': CLIENT_KEYS['team-b'], 'authorization': `Bearer ${issuer.token({ iss: ISSUER, aud: 'llm', exp: Math.floor(Date.now() / 1_000) + 600 })}`,
  }) === 403, 30_000);
  assert.equal(await status('both.example.com', 'gpt-small', {}), 401);
});
