import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { errorCode } from './error-shape';
import { Received } from './http-request';
import { eventually } from './process';
import { chatBody, RunningApp, synthesized } from './running-app';
import { failoverApp } from '../apps/failover';
import { FakeBedrock, startFakeBedrock } from '../providers/fake-bedrock';
import { FakeProvider } from '../providers/fake-provider';
import { Fault, FAULTS, leakedHeaders, startFaultyOpenAi } from '../providers/faulty-openai';

/** One backend at fault, the next in its place, on real Envoy: the first attempt is Envoy's, the second is ExtProc's own. */

const HOST = 'llm.example.com';
/** Nothing listens there. */
const CLOSED_PORT = 1;

let app: RunningApp;
let faulty: FakeProvider;
let good: FakeProvider;
let bedrock: FakeBedrock;
let fault: (request: number) => Fault | undefined = () => undefined;

/** Requests that were sent, and those that ExtProc had counted before the first of them. */
let sent = 0;
let earlier = 0;

function chat(model: string, stream: boolean): Promise<Received> {
  sent += 1;
  return app.chat(HOST, chatBody(model, 'hi', { stream }));
}

/** What a client reads of a whole answer, plain or streamed. */
function contentOf({ text, whole, headers }: Received, stream: boolean): string {
  assert.ok(whole);
  assert.match(headers['content-type'] ?? '', stream ? /^text\/event-stream/ : /^application\/json/);
  if (!stream) return (JSON.parse(text) as { choices: Array<{ message: { content: string } }> }).choices[0].message.content;
  assert.ok(text.endsWith('data: [DONE]\n\n'), text);
  return text.split('\n').filter((line) => line.startsWith('data: {'))
    .map((line) => (JSON.parse(line.slice(6)) as { choices: Array<{ delta: { content?: string } }> }).choices[0]?.delta.content ?? '').join('');
}

/** Attempts as ExtProc counted them, by backend and reason. */
async function attempts(): Promise<Record<string, number>> {
  const lines = (await app.metrics()).matchAll(/^llm_gateway_attempts_total\{route="llm\/chat",backend="llm\/(\w+)",reason="([\w-]+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, backend, reason, count]) => [`${backend} ${reason}`, Number(count)]));
}

/** Envoy ends its stream to ExtProc, with which a request is counted, a little after the client has its answer. */
async function settled(): Promise<void> {
  await eventually('every request is counted', async () => await app.extProcStreams() === earlier + sent);
}

async function attemptsOf(act: () => Promise<unknown>): Promise<Record<string, number>> {
  await settled();
  const counted = await attempts();
  await act();
  await settled();
  return Object.fromEntries(Object.entries(await attempts()).map(([name, count]) => [name, count - (counted[name] ?? 0)] as const).filter(([, count]) => count > 0));
}

const CONTENT: Readonly<Record<string, readonly [string, string]>> = {
  same: ['Hello from the OpenAI-compatible server.', 'Hello from the stream.'],
  other: ['Hello from Bedrock.', 'Hello from Bedrock.'],
  refused: ['Hello from the OpenAI-compatible server.', 'Hello from the stream.'],
};

describe('failover on real Envoy', () => {
  before(async () => {
    [faulty, good, bedrock] = await Promise.all([startFaultyOpenAi((request) => fault(request)), startFaultyOpenAi(() => undefined), startFakeBedrock()]);
    app = await RunningApp.start({
      manifests: synthesized(failoverApp()),
      backends: { faulty: faulty.port, good: good.port, bedrock: bedrock.port, gone: CLOSED_PORT },
      failover: true,
    });
    await eventually('the route answers', async () => (await app.send(HOST, '/v1/models')).status === 200);
    earlier = await app.extProcStreams();
  });
  after(async () => {
    await app?.stop();
    await Promise.all([faulty?.close(), good?.close(), bedrock?.close()]);
  });
  // An answer between the tests, so that no backend fails so often in a row that it is set aside.
  beforeEach(() => { fault = () => undefined; });
  afterEach(async () => {
    fault = () => undefined;
    for (const model of ['same', 'other']) assert.equal((await chat(model, false)).status, 200);
  });

  for (const name of FAULTS.filter((one) => one !== 'head, then reset')) {
    for (const [model, stream] of [['same', false], ['same', true], ['other', false], ['other', true]] as const) {
      test(`${name}: the second backend answers (model ${model}, ${stream ? 'streamed' : 'plain'})`, async () => {
        fault = () => name;
        let answer: Received | undefined;
        const counted = await attemptsOf(async () => { answer = await chat(model, stream); });
        assert.ok(answer);

        assert.equal(answer.status, 200, answer.text);
        assert.equal(contentOf(answer, stream), CONTENT[model][stream ? 1 : 0]);
        assert.equal(answer.headers['x-llm-attempts'], '2');
        assert.deepEqual(leakedHeaders(answer.headers), []);
        assert.equal(Object.values(counted).reduce((sum, count) => sum + count, 0), 2, JSON.stringify(counted));
        assert.equal(counted[`${model === 'same' ? 'good' : 'bedrock'} answered`], 1, JSON.stringify(counted));
      });
    }
  }

  for (const stream of [false, true]) {
    test(`a refused connection: the second backend answers (${stream ? 'streamed' : 'plain'})`, async () => {
      const answer = await chat('refused', stream);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(contentOf(answer, stream), CONTENT.refused[stream ? 1 : 0]);
      assert.equal(answer.headers['x-llm-attempts'], '2');
    });

    test(`a head, then a reset: a whole error, and nothing that looks like an answer (${stream ? 'streamed' : 'plain'})`, async () => {
      fault = () => 'head, then reset';
      // The answer had begun for Envoy, which now ends its stream to ExtProc and answers by itself: no other backend, and no client's dialect.
      const answer = await chat('same', stream);
      assert.equal(answer.status, 502);
      assert.ok(answer.whole);
      assert.doesNotMatch(answer.text, /data:|choices/);
    });

    test(`both fail: an error in the client's dialect (${stream ? 'streamed' : 'plain'})`, async () => {
      fault = () => '503';
      const answer = await chat('hopeless', stream);
      assert.equal(answer.status, 503);
      assert.equal(errorCode(answer), 'upstream_unreachable');
      assert.equal(answer.headers['x-llm-attempts'], '2');
    });
  }

  test('300 requests, every fifth at fault: no client sees one, and every attempt is counted', async () => {
    const kinds = FAULTS.filter((one) => one !== 'head, then reset');
    const start = faulty.requests.length;
    fault = (request) => ((request - start) % 5 === 4 ? kinds[Math.floor((request - start) / 5) % kinds.length] : undefined);
    const failures: string[] = [];
    const counted = await attemptsOf(async () => {
      let next = 0;
      await Promise.all(Array.from({ length: 10 }, async () => {
        for (let place = next++; place < 300; place = next++) {
          const stream = place % 2 === 1;
          const answer = await chat('same', stream).catch((error: Error) => error);
          if (answer instanceof Error || answer.status !== 200 || contentOf(answer, stream) !== CONTENT.same[stream ? 1 : 0]) {
            failures.push(answer instanceof Error ? answer.message : `${answer.status} ${answer.text}`);
          }
        }
      }));
    });
    assert.deepEqual(failures, []);
    const { 'faulty answered': answered, 'good answered': taken, ...failed } = counted;
    assert.deepEqual([answered, taken], [240, 60], JSON.stringify(counted));
    assert.equal(Object.values(failed).reduce((sum, count) => sum + count, 0), 60, JSON.stringify(counted));
  });
});
