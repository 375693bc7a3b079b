import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Received } from './http-request';
import { createNamespaces, deleteNamespaces, kubectl, logs } from './kubernetes/cluster';
import { ClusterApp, reachable } from './kubernetes/cluster-app';
import { eventually } from './process';
import { chatBody, synthesized } from './running-app';
import { crdManifests } from '../../src/resources/crd/crd-manifests';
import { failoverApp } from '../apps/failover';
import { FakeBedrock, startFakeBedrock } from '../providers/fake-bedrock';
import { FakeProvider } from '../providers/fake-provider';
import { Fault, leakedHeaders, startFaultyOpenAi } from '../providers/faulty-provider';

/** Failover through the Kubernetes data plane: the second attempt is ExtProc's own, by the Backends that it reads from the API server. */

const HOST = 'llm.example.com';
const CLOSED_PORT = 1;

let app: ClusterApp;
let faulty: FakeProvider;
let good: FakeProvider;
let bedrock: FakeBedrock;
let fault: Fault | undefined;

const chat = (model: string, stream: boolean): Promise<Received> => app.chat(HOST, chatBody(model, 'hello', { stream }));

function contentOf(answer: Received, stream: boolean): string {
  if (!stream) return (JSON.parse(answer.text) as { choices: Array<{ message: { content: string } }> }).choices[0].message.content;
  assert.ok(answer.text.endsWith('data: [DONE]\n\n'), answer.text);
  return answer.text.split('\n').filter((line) => line.startsWith('data: {'))
    .map((line) => (JSON.parse(line.slice(6)) as { choices: Array<{ delta: { content?: string } }> }).choices[0]?.delta.content ?? '').join('');
}

before(async () => {
  const host = '0.0.0.0';
  [faulty, good, bedrock] = await Promise.all([startFaultyOpenAi(() => fault, { host }), startFaultyOpenAi(() => undefined, { host }), startFakeBedrock({ host })]);
  kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: crdManifests() }));
  kubectl(['wait', '--for=condition=Established', ...crdManifests().map(({ metadata }) => `crd/${metadata.name}`), '--timeout=30s']);
  await createNamespaces('llm');
  const manifests = synthesized(failoverApp());
  const gateway = manifests.find(({ kind }) => kind === 'Gateway')!.metadata.name;
  try {
    app = await ClusterApp.start(reachable(manifests, {
      a: faulty.port, good: good.port, bedrock: bedrock.port, ...Object.fromEntries(['b', 'c', 'gone', 'untrusted', 'nowhere'].map((name) => [name, CLOSED_PORT])),
    }), { namespace: 'llm', name: gateway });
    await eventually('the route answers', async () => (await chat('first-same', false)).status === 200, 60_000);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${logs('extproc')}\n${logs('envoy-gateway.log')}`);
  }
});
after(async () => {
  await Promise.all([faulty, good, bedrock].map((provider) => provider?.close()));
  deleteNamespaces('llm');
});

describe('failover on a cluster', () => {
  const OPENAI = ['Hello from the OpenAI-compatible server.', 'Hello from the stream.'];
  const BEDROCK = ['Hello from Bedrock.', 'Hello from Bedrock.'];

  for (const stream of [false, true]) {
    const form = stream ? 'streamed' : 'plain';
    for (const name of ['429', '500', 'reset before the head', 'an error inside a 200'] as const) {
      for (const [model, content] of [['first-same', OPENAI], ['first-other', BEDROCK]] as const) {
        test(`${name}: the second backend answers (model ${model}, ${form})`, async () => {
          fault = name;
          const answer = await chat(model, stream);
          fault = undefined;

          assert.equal(answer.status, 200, answer.text);
          assert.equal(contentOf(answer, stream), content[Number(stream)]);
          assert.equal(answer.headers['x-llm-attempts'], '2');
          assert.deepEqual(leakedHeaders(answer.headers), []);
          // So that no backend fails so often in a row that it is set aside, in either pod.
          for (let request = 0; request < 8; request += 1) assert.equal((await chat(model, false)).status, 200);
        });
      }
    }

    test(`a refused connection: the second backend answers (${form})`, async () => {
      const answer = await chat('gone-first-same', stream);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(contentOf(answer, stream), OPENAI[Number(stream)]);
      assert.equal(answer.headers['x-llm-attempts'], '2');
    });
  }
});
