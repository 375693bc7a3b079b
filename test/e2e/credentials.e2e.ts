import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { errorCode } from './error-shape';
import { Manifest } from './file-mode-manifests';
import { eventually } from './process';
import { chatBody, RunningApp, synthesized } from './running-app';
import { credentialsApp } from '../apps/credentials';
import { CloudLab } from '../providers/clouds/cloud-lab';
import { checkSignature } from '../providers/clouds/fake-aws';
import { startFakeAzureOpenAi } from '../providers/fake-azure-openai';
import { FakeBedrock, startFakeBedrock } from '../providers/fake-bedrock';
import { startFakeGemini } from '../providers/fake-gemini';
import { FakeOpenAi, startFakeOpenAi } from '../providers/fake-openai';
import { FakeProvider } from '../providers/fake-provider';

/** Credentials of every cloud through real Envoy; the clouds' token endpoints are on loopback. */

const HOST = 'llm.example.com';
const CLIENT_KEY = 'planted-client-key';
const OWN_KEY = 'planted-own-key';

let lab: CloudLab;
let app: RunningApp;
let azure: FakeProvider;
let gemini: FakeProvider;
let bedrock: FakeBedrock;
let open: FakeOpenAi;

const last = ({ requests }: FakeProvider) => requests.at(-1)!;

function manifests(token: string): Manifest[] {
  const stringData = { 'client-secret': lab.clientSecret, 'service_account.json': lab.serviceAccountKey, 'access_token': token };
  return [...synthesized(credentialsApp(lab)), { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys', namespace: 'llm' }, stringData }];
}

function chat(model: string, headers: Record<string, string> = {}) {
  return app.chat(HOST, chatBody(model, 'hi'), { 'authorization': `Bearer ${CLIENT_KEY}`, 'x-api-key': CLIENT_KEY, ...headers });
}

describe('credentials on real Envoy', () => {
  before(async () => {
    lab = await CloudLab.start();
    [azure, gemini, bedrock, open] = await Promise.all([startFakeAzureOpenAi(), startFakeGemini(), startFakeBedrock(), startFakeOpenAi()]);
    app = await RunningApp.start({
      manifests: manifests('planted-ready-token'),
      backends: { azure: azure.port, token: azure.port, google: gemini.port, irsa: bedrock.port, assumed: bedrock.port, brought: open.port },
      environment: lab.federatedEnvironment,
    });
    await eventually('the route answers', async () => (await app.send(HOST, '/v1/models')).status === 200);
  });
  after(async () => {
    await app?.stop();
    await Promise.all([azure, gemini, bedrock, open, lab].map((one) => one?.close()));
  });

  test('each cloud\'s own credential reaches its provider, the client\'s does not', async () => {
    for (const model of ['azure', 'google', 'irsa', 'assumed', 'token']) assert.equal((await chat(model)).status, 200, model);
    assert.deepEqual(azure.requests.map(({ headers }) => headers.authorization), [`Bearer ${lab.clouds.entra.given[0]}`, 'Bearer planted-ready-token']);
    assert.match(last(gemini).headers.authorization ?? '', /^Bearer planted-google-\d$/);
    // Envoy Gateway's file mode has the stand-in's address for a host; ExtProc signs for the host that the route sets.
    const ids = bedrock.requests.map((request) => checkSignature({ ...request, path: request.path }, lab.keys));
    assert.match(ids[0], /^ASIAIRSA/);
    assert.match(ids[1], /^ASIAASSUMED/);
    for (const { headers } of [azure, gemini, bedrock].flatMap(({ requests }) => requests)) assert.ok(!JSON.stringify(headers).includes(CLIENT_KEY));
    assert.deepEqual(lab.complaints, []);
  });

  test('a caller\'s own key goes to its provider; without it 401 in the client\'s dialect', async () => {
    assert.equal((await chat('brought', { 'x-own-key': OWN_KEY })).status, 200);
    assert.equal(last(open).headers.authorization, `Bearer ${OWN_KEY}`);
    assert.equal(last(open).headers['x-own-key'], undefined);
    const count = open.requests.length;
    const refused = await chat('brought');
    assert.deepEqual([refused.status, errorCode(refused)], [401, 'missing_credential']);
    assert.equal(open.requests.length, count);
    assert.equal((await chat('azure', { 'x-own-key': OWN_KEY })).status, 200);
    assert.ok(!JSON.stringify(last(azure).headers).includes(OWN_KEY));
  });

  test('a rotated token is live without restart', async () => {
    app.apply(manifests('planted-rotated-token'));
    await eventually('the new token', async () => (await chat('token')).status === 200 && last(azure).headers.authorization === 'Bearer planted-rotated-token');
    assert.equal((await chat('azure')).status, 200);
    assert.equal(lab.clouds.entra.given.length, 1);
  });

  test('no output of the run holds a secret', () => {
    const { output } = app;
    assert.match(output, /"msg":"request"/);
    for (const planted of [...lab.planted, CLIENT_KEY, OWN_KEY, 'planted-ready-token', 'planted-rotated-token']) assert.ok(!output.includes(planted), planted.slice(0, 14));
  });
});
