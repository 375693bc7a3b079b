import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { contentOf } from './content-of';
import { errorCode } from './error-shape';
import { Received } from './http-request';
import { eventually } from './process';
import { chatBody, RunningApp, synthesized } from './running-app';
import { HTTP_ROUTE_FAILOVER, httpRouteFailoverApp } from '../apps/http-route-failover';
import { startFakeBedrock } from '../providers/fake-bedrock';
import { FakeProvider } from '../providers/fake-provider';
import { Fault, FAULTS, leakedHeaders, startFaultyBedrock, startFaultyOpenAi } from '../providers/faulty-provider';

/** A user's own HTTPRoute on real Envoy: its first backendRef is Envoy's attempt, the others are ExtProc's own calls. Plain and streamed, within a dialect and across. */

const HOST = 'llm.example.com';
/** After these Envoy has a head, and answers by itself. */
const ENDED_BY_ENVOY: readonly Fault[] = ['head, then reset', 'beginning, then reset'];
const NAMES = ['a', 'b', 'c', 'good', 'spare', 'lonely'] as const;
type Model = keyof typeof HTTP_ROUTE_FAILOVER;
const MODELS = ['same', 'other', 'reverse'] as const;

let wrong: Partial<Record<typeof NAMES[number], Fault>> = {};
let app: RunningApp;
let providers: Record<typeof NAMES[number] | 'bedrock', FakeProvider>;

const requestsOf = (name: keyof typeof providers): number => providers[name].requests.length;
const chat = (model: Model, stream: boolean): Promise<Received> => app.chat(HOST, chatBody(model, 'hi', { stream }));
/** All of them at once, plain and streamed. */
function each(models: readonly Model[], check: (model: Model, stream: boolean) => Promise<void>): Promise<unknown> {
  return Promise.all(models.flatMap((model) => [check(model, false), check(model, true)]));
}

async function answered(model: Model, stream: boolean, attempts: string | undefined, by: string): Promise<void> {
  const answer = await chat(model, stream);
  const what = `${model}, ${stream ? 'streamed' : 'plain'}: ${answer.status} ${answer.text}`;
  assert.equal(answer.status, 200, what);
  const expected = by === 'c' || by === 'bedrock' ? 'Hello from Bedrock.' : stream ? 'Hello from the stream.' : 'Hello from the OpenAI-compatible server.';
  assert.equal(contentOf(answer, stream), expected, what);
  assert.equal(answer.headers['x-llm-attempts'], attempts, what);
  assert.deepEqual(leakedHeaders(answer.headers), [], what);
}

describe('failover among the backendRefs of a user\'s own HTTPRoute', () => {
  before(async () => {
    const started = await Promise.all(NAMES.map(async (name) => [name, await (name === 'c' ? startFaultyBedrock : startFaultyOpenAi)(() => wrong[name])] as const));
    providers = { ...Object.fromEntries(started) as Record<typeof NAMES[number], FakeProvider>, bedrock: await startFakeBedrock() };
    app = await RunningApp.start({
      manifests: synthesized(httpRouteFailoverApp()), backends: Object.fromEntries(Object.entries(providers).map(([name, { port }]) => [name, port])), failover: true,
    });
    await eventually('the route answers', async () => (await app.send(HOST, '/v1/models')).status === 200);
  });
  after(async () => {
    await app?.stop();
    await Promise.all(Object.values(providers ?? {}).map((provider) => provider.close()));
  });
  beforeEach(() => { wrong = {}; });
  // More answers than failures, so that no backend is set aside.
  afterEach(async () => {
    wrong = {};
    for (let round = 0; round < 2; round += 1) await each(MODELS, (model, stream) => answered(model, stream, undefined, HTTP_ROUTE_FAILOVER[model][0]));
  });

  test('without a fault the first backendRef answers, and no other is asked', async () => {
    const [good, bedrock, spare] = [requestsOf('good'), requestsOf('bedrock'), requestsOf('spare')];
    await each(MODELS, (model, stream) => answered(model, stream, undefined, HTTP_ROUTE_FAILOVER[model][0]));
    assert.deepEqual([requestsOf('good'), requestsOf('bedrock'), requestsOf('spare')], [good, bedrock, spare]);
  });

  for (const fault of FAULTS.filter((one) => !ENDED_BY_ENVOY.includes(one))) {
    test(`${fault}: the other backendRef answers`, async () => {
      const [a, good] = [requestsOf('a'), requestsOf('good')];
      wrong = { a: fault, b: fault, c: fault };
      await each(MODELS, (model, stream) => answered(model, stream, '2', HTTP_ROUTE_FAILOVER[model][1] ?? ''));
      assert.deepEqual([requestsOf('a') - a, requestsOf('good') - good], [2, 2]);
    });
  }

  test('where all fail, the last one\'s error in the client\'s dialect', async () => {
    wrong = { a: '503', good: '503', c: '503', spare: '429' };
    await each(['same', 'reverse'], async (model, stream) => {
      const answer = await chat(model, stream);
      assert.equal(answer.status, model === 'same' ? 503 : 429, answer.text);
      errorCode(answer);
      assert.equal(answer.headers['x-llm-attempts'], '2');
    });
  });

  test('in the middle of a stream nothing is repeated, and it does not end as if it were complete', async () => {
    const fault = 'middle, then an error';
    const good = requestsOf('good');
    wrong = { a: fault, b: fault, c: fault };
    await Promise.all(MODELS.map(async (model) => {
      const { status, text } = await chat(model, true);
      assert.equal(status, 200, model);
      assert.match(text, /Half/, model);
      assert.doesNotMatch(text, /\[DONE\]|Hello|"finish_reason":"/, model);
    }));
    assert.equal(requestsOf('good'), good);
  });

  test('a rule with one backendRef does not fail over: its failure is the answer', async () => {
    wrong = { lonely: '503' };
    await each(['alone'], async (model, stream) => {
      const answer = await chat(model, stream);
      assert.equal(answer.status, 503);
      assert.equal(answer.headers['x-llm-attempts'], undefined);
    });
    assert.equal(requestsOf('lonely'), 2);
  });

  test('the user\'s header of the model is not a client\'s to send, with failover neither', async () => {
    const answer = await app.chat(HOST, chatBody('same', 'hi'), { 'x-envoy-ai-gateway-llm-model': 'other' });
    assert.equal(answer.status, 400);
    assert.equal(errorCode(answer), 'invalid_header');
  });
});
