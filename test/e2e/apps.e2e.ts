import assert from 'node:assert/strict';
import { Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { errorCode } from './error-shape';
import { Manifest } from './file-mode-manifests';
import { Received } from './http-request';
import { comparable, otherTeam, startSite, THEIR_REQUESTS, THEIR_STATUSES } from './other-team';
import { eventually } from './process';
import { chatBody, RunningApp, synthesized } from './running-app';
import { settledStreams } from './settled-streams';
import { HttpRouteSpecRulesMatchesPathType as PathType } from '../../imports/gateway.networking.k8s.io';
import { crossNamespaceApp } from '../apps/cross-namespace';
import { httpRouteModeApp } from '../apps/http-route-mode';
import { manyBackendsApp } from '../apps/many-backends';
import { sharedGatewayApp } from '../apps/shared-gateway';
import { FakeBedrock, startFakeBedrock } from '../providers/fake-bedrock';
import { FakeOpenAi, startFakeOpenAi } from '../providers/fake-openai';
import { FakeProvider } from '../providers/fake-provider';

/** The apps of test/apps with live traffic, each on an Envoy Gateway, an Envoy and an ExtProc of its own. */

const MODEL = 'llama3-70b';

function count(...providers: readonly FakeProvider[]): number {
  return providers.reduce((sum, { requests }) => sum + requests.length, 0);
}

describe('a user\'s own HTTPRoute that matches the model', () => {
  const SHAPES = [
    { name: 'chat', hostname: 'llm.example.com', path: { type: PathType.EXACT, value: '/v1/chat/completions' } },
    { name: 'root', hostname: 'root.example.com', path: { type: PathType.PATH_PREFIX, value: '/' } },
    { name: 'prefix', hostname: 'prefix.example.com', path: { type: PathType.PATH_PREFIX, value: '/v1/chat' } },
  ];
  const ANSWERS = ['Hello from the OpenAI-compatible server.', 'Hello from Bedrock.'];
  let app: RunningApp;
  let kserve: FakeOpenAi;
  let bedrock: FakeBedrock;

  before(async () => {
    [kserve, bedrock] = await Promise.all([startFakeOpenAi(), startFakeBedrock()]);
    app = await RunningApp.start({ manifests: synthesized(httpRouteModeApp(SHAPES)), backends: { kserve: kserve.port, bedrock: bedrock.port } });
    for (const { hostname } of SHAPES) await eventually(`${hostname} answers`, async () => (await app.send(hostname, '/v1/models')).status === 200);
  });
  after(async () => {
    await app?.stop();
    await Promise.all([kserve?.close(), bedrock?.close()]);
  });

  for (const { hostname, path } of SHAPES) {
    const shape = `${path.type} ${path.value}`;

    test(`${shape}: both providers answer in OpenAI's shape, plain and streamed`, async () => {
      for (const stream of [false, true]) {
        const texts = new Set<string>();
        for (let attempt = 0; attempt < 60 && texts.size < 2; attempt += 1) {
          const answer = await app.chat(hostname, chatBody(MODEL, 'hello', { stream }));
          assert.equal(answer.status, 200, answer.text);
          texts.add(stream ? streamedText(answer) : plainText(answer));
        }
        assert.deepEqual([...texts].sort(), stream ? ['Hello from Bedrock.', 'Hello from the stream.'] : [...ANSWERS].sort());
      }
      assert.equal(kserve.requests.at(-1)?.headers.host, 'llama.models.svc.cluster.local');
      assert.equal(bedrock.requests.at(-1)?.headers.host, 'bedrock-runtime.us-east-1.amazonaws.com');
      assert.equal(bedrock.requests.at(-1)?.path, `/model/${MODEL}/converse-stream`);
    });

    test(`${shape}: the models list, an unknown model, an unknown endpoint`, async () => {
      const models = JSON.parse((await app.send(hostname, '/v1/models')).text) as { data: Array<{ id: string; object: string }> };
      assert.deepEqual(models.data.map(({ id, object }) => [id, object]), [[MODEL, 'model']]);

      const unknown = await app.chat(hostname, chatBody('nobody-has-this', 'hello'));
      assert.equal(unknown.status, 404);
      assert.equal(errorCode(unknown), 'model_not_found');

      const endpoint = await app.send(hostname, '/v1/nothing', '{}');
      assert.equal(endpoint.status, 404);
      assert.equal(errorCode(endpoint), 'unknown_endpoint');
    });

    test(`${shape}: a client-sent model header is refused by ExtProc, whatever else is sent`, async () => {
      const known = count(kserve, bedrock);
      const streams = await settledStreams(app);
      const paths = ['/v1/chat/completions', '/v1/chat/completions?a=b', '/v1/chat/completions/', '/v1/chat/other', '/v1/models', ...(path.value === '/' ? ['/', '/anything'] : [])];
      const more: ReadonlyArray<Record<string, string>> = [{}, { 'x-ai-gateway-llm-backend': 'llm/kserve' }, { 'x-ai-gateway-llm-backend': 'llm/kserve', 'x-ai-gateway-llm-model': MODEL }];
      for (const target of paths) {
        for (const spoofed of more) {
          const answer = await app.send(hostname, target, chatBody(MODEL, 'hello'), { 'X-Envoy-AI-Gateway-LLM-Model': MODEL, ...spoofed });
          assert.equal(answer.status, 400, `${target}: ${answer.text}`);
          assert.equal(errorCode(answer), 'invalid_header');
        }
        const bodyless = await app.send(hostname, target, undefined, { 'x-envoy-ai-gateway-llm-model': MODEL });
        assert.equal(bodyless.status, 400, `GET ${target}: ${bodyless.text}`);
      }
      assert.equal(count(kserve, bedrock), known);
      assert.equal(await settledStreams(app) - streams, paths.length * (more.length + 1), 'ExtProc was asked about each');
    });

    test(`${shape}: internal headers of a client neither choose a backend nor reach one`, async () => {
      const spoofed = { 'x-ai-gateway-llm-backend': 'llm/kserve', 'x-ai-gateway-llm-model': MODEL };
      const known = count(kserve, bedrock);
      assert.equal((await app.chat(hostname, chatBody('nobody-has-this', 'hello'), spoofed)).status, 404);
      assert.equal((await app.send(hostname, '/other', chatBody(MODEL, 'hello'), spoofed)).status, 404);
      assert.equal(count(kserve, bedrock), known);

      const atBedrock = bedrock.requests.length;
      for (let place = 0; place < 20; place += 1) assert.equal((await app.chat(hostname, chatBody(MODEL, 'hello'), spoofed)).status, 200);
      // By weight, Bedrock gets none of 20 once in 10^14 runs.
      assert.ok(bedrock.requests.length > atBedrock);
      for (const { headers } of [...kserve.requests, ...bedrock.requests]) {
        assert.deepEqual(Object.keys(headers).filter((name) => /^x-(envoy-)?ai-gateway/.test(name)), []);
      }
    });
  }

  test('weights 20/80 hold within four standard deviations over 400 requests', async () => {
    const total = 400;
    const [atKserve, atBedrock] = [kserve.requests.length, bedrock.requests.length];
    const queue = Array.from({ length: total }, (_, index) => index);
    await Promise.all(Array.from({ length: 8 }, async () => {
      while (queue.pop() !== undefined) assert.equal((await app.chat('llm.example.com', chatBody(MODEL, 'split'))).status, 200);
    }));

    const share = kserve.requests.length - atKserve;
    assert.equal(share + bedrock.requests.length - atBedrock, total);
    assert.ok(Math.abs(share - total * 0.2) <= 4 * Math.sqrt(total * 0.2 * 0.8), `kserve got ${share} of ${total}`);
  });
});

function plainText(answer: Received): string {
  return (JSON.parse(answer.text) as { choices: Array<{ message: { content: string } }> }).choices[0].message.content;
}

function streamedText(answer: Received): string {
  assert.ok(answer.whole);
  const events = answer.text.split('\n\n').filter((event) => event !== '').map((event) => event.replace(/^data: /, ''));
  assert.equal(events.pop(), '[DONE]');
  return events.map((event) => (JSON.parse(event) as { choices: Array<{ delta: { content?: string } }> }).choices[0]?.delta.content ?? '').join('');
}

describe('a Gateway shared with another team', () => {
  let app: RunningApp;
  let vllm: FakeOpenAi;
  let site: Server;
  let ours: Manifest[];
  let theirs: Manifest[];

  before(async () => {
    vllm = await startFakeOpenAi();
    site = await startSite();
    ours = synthesized(sharedGatewayApp());
    theirs = otherTeam();
    const backend = ours.find(({ apiVersion, kind }) => kind === 'Backend' && apiVersion.startsWith('gateway.envoyproxy.io'));
    assert.ok(backend);
    app = await RunningApp.start({ manifests: theirs, backends: { [backend.metadata.name]: vllm.port, site: (site.address() as AddressInfo).port } });
    await eventually('their route answers', async () => (await app.send('other.example.com', '/')).status === 200);
  });
  after(async () => {
    await app?.stop();
    await vllm?.close();
    site?.closeAllConnections();
    site?.close();
  });

  test('their routes answer as before, and ExtProc hears nothing of them', async () => {
    const record = async () => {
      const answers = [];
      for (const [host, path, body, headers] of THEIR_REQUESTS) answers.push(comparable(await app.send(host, path, body, headers)));
      return answers;
    };
    const earlier = await record();
    assert.deepEqual(earlier.map(({ status }) => status), THEIR_STATUSES);

    app.apply([...theirs, ...ours]);
    await eventually('our route answers', async () => (await app.chat('llm.example.com', chatBody(MODEL, 'hello'))).status === 200);
    const settled = await settledStreams(app);
    const later = await record();

    assert.deepEqual(later, earlier);
    assert.equal(await settledStreams(app), settled);
    assert.equal((await app.chat('a.llm.example.com', chatBody(MODEL, 'hello'))).status, 200, 'our route works meanwhile');
    assert.equal(await settledStreams(app), settled + 1);
  });

  test('our path on a host that is not ours does not reach our backend', async () => {
    const known = vllm.requests.length;
    assert.equal((await app.chat('nobody.example.com', chatBody(MODEL, 'hello'))).status, 404);
    assert.equal(vllm.requests.length, known);
  });

  test('with our objects gone again, their routes are as before', async () => {
    app.apply(theirs);
    await eventually('our route is gone', async () => (await app.send('llm.example.com', '/v1/models')).headers['content-type'] === undefined);
    assert.equal((await app.send('other.example.com', '/')).status, 200);
    assert.equal((await app.send('llm.example.com', '/docs/page')).status, 200);
  });
});

describe('backends of another namespace', () => {
  let app: RunningApp;
  let shared: FakeOpenAi;
  let own: FakeBedrock;
  let manifests: Manifest[];
  const chat = (model: string) => app.chat('any.example.com', chatBody(model, 'hello'));

  before(async () => {
    [shared, own] = await Promise.all([startFakeOpenAi(), startFakeBedrock()]);
    manifests = synthesized(crossNamespaceApp());
    const backends = manifests.filter(({ apiVersion, kind }) => kind === 'Backend' && apiVersion.startsWith('gateway.envoyproxy.io'));
    assert.equal(backends.length, 2);
    app = await RunningApp.start({
      manifests, backends: Object.fromEntries(backends.map(({ metadata }) => [metadata.name, metadata.namespace === 'models' ? shared.port : own.port])),
    });
    await eventually('the route answers', async () => (await app.send('any.example.com', '/v1/models')).status === 200);
  });
  after(async () => {
    await app?.stop();
    await Promise.all([shared?.close(), own?.close()]);
  });

  /** The manifests without the ReferenceGrants of namespace `models` from objects of this kind. */
  const withoutGrant = (kind: RegExp) => manifests.filter((manifest) => {
    const from = (manifest as unknown as { spec: { from?: ReadonlyArray<{ kind: string }> } }).spec?.from;
    return !(manifest.kind === 'ReferenceGrant' && manifest.metadata.namespace === 'models' && from?.some((origin) => kind.test(origin.kind)));
  });

  test('answer where ReferenceGrants let them', async () => {
    assert.equal((await chat(MODEL)).status, 200);
    assert.equal(shared.requests.length, 1);
    assert.equal((await chat('nova-pro')).status, 200);
    assert.equal(own.requests.length, 1);
  });

  for (const [what, kind, forEnvoyGatewayOnly] of [
    ['any grant', /./, false], ['the grant for LLMRoutes', /^LLMRoute$/, false], ['the grant for HTTPRoutes', /^HTTPRoute$/, true],
  ] as const) {
    test(`without ${what}: an error in OpenAI's shape, and the team's own backend still answers`, async () => {
      const fewer = withoutGrant(kind);
      assert.ok(fewer.length < manifests.length);
      app.apply(forEnvoyGatewayOnly ? manifests : fewer, fewer);
      await eventually('the grant is gone', async () => (await chat(MODEL)).status !== 200);
      const known = shared.requests.length;

      const answer = await chat(MODEL);

      assert.equal(answer.status, 503, answer.text);
      errorCode(answer);
      assert.equal(shared.requests.length, known);
      assert.equal((await chat('nova-pro')).status, 200);

      app.apply(manifests);
      await eventually('with the grant it answers again', async () => (await chat(MODEL)).status === 200);
    });
  }
});

describe('20 backends', () => {
  let app: RunningApp;
  let providers: FakeOpenAi[];

  before(async () => {
    providers = await Promise.all(Array.from({ length: 20 }, () => startFakeOpenAi()));
    const manifests = synthesized(manyBackendsApp());
    assert.ok(manifests.some(({ kind, metadata }) => kind === 'HTTPRoute' && metadata.name === 'chat-2'), 'they take two HTTPRoutes');
    app = await RunningApp.start({ manifests, backends: Object.fromEntries(providers.map(({ port }, index) => [`vllm-${String(index + 1).padStart(2, '0')}`, port])) });
    await eventually('the route answers', async () => (await app.send('any.example.com', '/v1/models')).status === 200);
  });
  after(async () => {
    await app?.stop();
    await Promise.all((providers ?? []).map((provider) => provider.close()));
  });

  test('each is reached by its model, and by no other', async () => {
    for (let place = 1; place <= 20; place += 1) {
      const answer = await app.chat('any.example.com', chatBody(`model-${place}`, 'hello'));
      assert.equal(answer.status, 200, `model-${place}: ${answer.text}`);
    }
    providers.forEach(({ requests }, index) => assert.deepEqual(
      requests.map(({ headers, body }) => [headers.host, (JSON.parse(body.toString('utf8')) as { model: string }).model]),
      [[`vllm-${String(index + 1).padStart(2, '0')}.models.svc.cluster.local`, `model-${index + 1}`]],
    ));
  });

  test('a client that names a backend of the second HTTPRoute is not led there', async () => {
    const answer = await app.chat('any.example.com', chatBody('model-1', 'hello'), { 'x-ai-gateway-llm-backend': 'llm/vllm-20' });
    assert.equal(answer.status, 200);
    assert.equal(providers[19].requests.length, 1);
    assert.equal(providers[0].requests.length, 2);
  });
});
