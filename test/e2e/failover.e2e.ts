import assert from 'node:assert/strict';
import { createServer, Server } from 'node:https';
import { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import OpenAI from 'openai';
import { contentOf } from './content-of';
import { errorCode } from './error-shape';
import { Received } from './http-request';
import { eventually } from './process';
import { chatBody, RunningApp, synthesized } from './running-app';
import { FAILOVER_RULES, failoverApp, UNREACHABLE } from '../apps/failover';
import { CertificateAuthority } from '../providers/certificate';
import { FakeBedrock, startFakeBedrock } from '../providers/fake-bedrock';
import { FakeProvider } from '../providers/fake-provider';
import { Fault, FAULTS, LATE_FAULTS, leakedHeaders, startFaultyBedrock, startFaultyOpenAi } from '../providers/faulty-provider';

/**
 * Every fault at every place, on real Envoy: the first attempt is Envoy's, the others are ExtProc's own. Each is asked for plain and streamed,
 * with the next backend of the same and of another dialect, and a backend of another dialect at fault itself.
 */

const HOST = 'llm.example.com';
/** Nothing listens there. */
const CLOSED_PORT = 1;
/** After these Envoy has a head, and answers by itself: ExtProc hears nothing, and no filter of the route either. */
const ENDED_BY_ENVOY: readonly Fault[] = ['head, then reset', 'beginning, then reset'];

type Faulty = 'a' | 'b' | 'c';
type FaultOf = (request: number) => Fault | undefined;

const HEALTHY: Readonly<Record<Faulty, FaultOf>> = { a: () => undefined, b: () => undefined, c: () => undefined };
let faults = HEALTHY;
let app: RunningApp;
let providers: Record<Faulty | 'good', FakeProvider> & { readonly bedrock: FakeBedrock };
let untrusted: Server;
/** Requests that were sent, and those that ExtProc had counted before the first of them. */
let sent = 0;
let earlier = 0;

function wrong(names: Partial<Record<Faulty, Fault>>): void {
  faults = { ...HEALTHY, ...Object.fromEntries(Object.entries(names).map(([name, fault]) => [name, () => fault])) };
}

function chat(model: string, stream: boolean): Promise<Received> {
  sent += 1;
  return app.chat(HOST, chatBody(model, 'hi', { stream }));
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

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((total, count) => total + count, 0);

/** Each of these models, plain and streamed. */
function both(models: readonly string[]): Array<readonly [model: string, stream: boolean]> {
  return models.flatMap((model) => [[model, false], [model, true]] as const);
}

/** All at once; the last backend answers each, as the attempt of this number. */
async function answered(models: readonly string[], attempt: number): Promise<void> {
  const cases = both(models);
  const counted = await attemptsOf(() => Promise.all(cases.map(async ([model, stream]) => {
    const answer = await chat(model, stream);
    const what = `${model}, ${stream ? 'streamed' : 'plain'}: ${answer.status} ${answer.text}`;
    assert.equal(answer.status, 200, what);
    const expected = FAILOVER_RULES[model].at(-1) === 'bedrock' ? 'Hello from Bedrock.' : stream ? 'Hello from the stream.' : 'Hello from the OpenAI-compatible server.';
    assert.equal(contentOf(answer, stream), expected, what);
    assert.equal(answer.headers['x-llm-attempts'], String(attempt), what);
    assert.deepEqual(leakedHeaders(answer.headers), [], what);
  })));
  assert.equal(sum(counted), attempt * cases.length, JSON.stringify(counted));
  assert.equal((counted['good answered'] ?? 0) + (counted['bedrock answered'] ?? 0), cases.length, JSON.stringify(counted));
}

/** All at once; each gets a whole error in its dialect. */
async function refused(models: readonly string[]): Promise<void> {
  await Promise.all(both(models).map(async ([model, stream]) => {
    const answer = await chat(model, stream);
    const what = `${model}, ${stream ? 'streamed' : 'plain'}: ${answer.status} ${answer.text}`;
    assert.ok(answer.status >= 400, what);
    errorCode(answer);
    assert.doesNotMatch(answer.text, /data:|choices/, what);
    assert.equal(answer.headers['x-llm-attempts'], '2', what);
  }));
}

const ALL = ['same', 'other', 'reverse'];
const FIRST = ALL.map((name) => `first-${name}`);
const SECOND = ALL.map((name) => `second-${name}`);
const LAST = ALL.map((name) => `last-${name}`);

describe('failover on real Envoy', () => {
  before(async () => {
    const fault = (name: Faulty): FaultOf => (request) => faults[name](request);
    const [a, b, c, good, bedrock] = await Promise.all([
      startFaultyOpenAi(fault('a')), startFaultyOpenAi(fault('b')), startFaultyBedrock(fault('c')), startFaultyOpenAi(() => undefined), startFakeBedrock(),
    ]);
    providers = { a, b, c, good, bedrock };
    const { certificate, privateKey } = new CertificateAuthority().issue(['untrusted.example.com']);
    untrusted = createServer({ cert: certificate, key: privateKey });
    await new Promise<void>((listening) => untrusted.listen(0, '127.0.0.1', listening));
    app = await RunningApp.start({
      manifests: synthesized(failoverApp()),
      backends: {
        a: a.port,
        b: b.port,
        c: c.port,
        good: good.port,
        bedrock: bedrock.port,
        gone: CLOSED_PORT,
        untrusted: { tls: (untrusted.address() as AddressInfo).port, serverName: 'untrusted.example.com' },
        nowhere: { unknownHost: 'nowhere.invalid' },
      },
      failover: true,
    });
    await eventually('the route answers', async () => (await app.send(HOST, '/v1/models')).status === 200);
    earlier = await app.extProcStreams();
  });
  after(async () => {
    await app?.stop();
    untrusted?.close();
    await Promise.all(Object.values(providers ?? {}).map((provider) => provider.close()));
  });
  beforeEach(() => { faults = HEALTHY; });
  // More answers than failures of each backend between the tests, so that none is set aside: neither in a row nor as a part do so many fail.
  afterEach(async () => {
    const models = [...FIRST, ...SECOND, ...LAST];
    const all = (names: Partial<Record<Faulty, Fault>>, asked: readonly string[]) => {
      wrong(names);
      return Promise.all(asked.map((model) => chat(model, false)));
    };
    for (let round = 0; round < 3; round += 1) {
      await all({}, models);
      await all({}, models);
      await all({ a: '503' }, models.filter((model) => FAILOVER_RULES[model][0] === 'a'));
      const [last] = await all({ c: '503' }, ['last-reverse']);
      assert.equal(last.status, 200);
    }
    await all({}, models);
  });

  for (const fault of FAULTS) {
    if (!ENDED_BY_ENVOY.includes(fault)) {
      test(`first backend: ${fault}; the second answers`, async () => {
        wrong({ a: fault, c: fault });
        await answered(FIRST, 2);
      });
    }

    test(`second backend: ${fault}; the third answers`, async () => {
      wrong({ a: '503', b: fault, c: fault });
      await answered(SECOND, 3);
    });

    test(`last backend: ${fault}; a whole error in the client's dialect`, async () => {
      wrong({ a: '503', b: fault, c: fault });
      await refused(['last-same', 'last-other']);
      wrong({ b: fault, c: '503' });
      await refused(['last-reverse']);
    });
  }

  for (const [name, what] of Object.entries(UNREACHABLE)) {
    test(`${what}, at every place`, async () => {
      await answered([`${name}-first-same`, `${name}-first-other`], 2);
      wrong({ a: '503' });
      await answered([`${name}-second-same`, `${name}-second-other`], 3);
      await refused([`${name}-last`]);
    });
  }

  for (const fault of ENDED_BY_ENVOY) {
    test(`first backend: ${fault}; Envoy's own 502, which clients take for what it is`, async () => {
      wrong({ a: fault, c: fault });
      await Promise.all(both(FIRST).map(async ([model, stream]) => {
        const answer = await chat(model, stream);
        assert.equal(answer.status, 502, model);
        assert.ok(answer.whole);
        assert.doesNotMatch(answer.text, /data:|choices/);
      }));
      const client = new OpenAI({ apiKey: 'none', baseURL: 'http://127.0.0.1:8080/v1', maxRetries: 0 });
      sent += 1;
      await assert.rejects(client.chat.completions.create({ model: 'first-same', messages: [{ role: 'user', content: 'hi' }] }), OpenAI.InternalServerError);
    });
  }

  for (const fault of LATE_FAULTS) {
    test(`in the stream's ${fault}: an error event or a broken connection, at the first and at a later place`, async () => {
      for (const [models, names] of [[FIRST, { a: fault, c: fault }], [SECOND, { a: '503', b: fault, c: fault }]] as const) {
        wrong(names);
        await Promise.all(models.map(async (model) => {
          const { status, text, whole } = await chat(model, true);
          assert.equal(status, 200, model);
          assert.match(text, /Half/, model);
          assert.doesNotMatch(text, /\[DONE\]|Hello|"finish_reason":"/, model);
          if (whole) assert.match(text, /\n\ndata: \{"error":.*\}\n\n$/s, model);
        }));
      }
    });
  }

  test('1,000 requests, every fifth attempt at fault: no client sees one, and every attempt is counted', async () => {
    const kinds = FAULTS.filter((one) => !ENDED_BY_ENVOY.includes(one));
    const starts = { a: providers.a.requests.length, b: providers.b.requests.length, good: providers.good.requests.length };
    const every = (start: number): FaultOf => (request) => ((request - start) % 5 === 4 ? kinds[Math.floor((request - start) / 5) % kinds.length] : undefined);
    faults = { ...HEALTHY, a: every(starts.a), b: every(starts.b) };
    const failures: string[] = [];
    let told = 0;
    const counted = await attemptsOf(async () => {
      let next = 0;
      await Promise.all(Array.from({ length: 12 }, async () => {
        for (let place = next++; place < 1_000; place = next++) {
          const stream = place % 2 === 1;
          const answer = await chat('many', stream).catch((error: Error) => error);
          if (answer instanceof Error || answer.status !== 200 || contentOf(answer, stream) !== (stream ? 'Hello from the stream.' : 'Hello from the OpenAI-compatible server.')) {
            failures.push(answer instanceof Error ? answer.message : `${answer.status} ${answer.text}`);
          } else {
            told += Number(answer.headers['x-llm-attempts'] ?? 1);
          }
        }
      }));
    });
    assert.deepEqual(failures, []);
    const { 'a answered': first, 'b answered': second, 'good answered': third, ...failed } = counted;
    assert.deepEqual([first, second, third, sum(failed)], [800, 160, 40, 240], JSON.stringify(counted));
    const received = (['a', 'b', 'good'] as const).reduce((total, name) => total + providers[name].requests.length - starts[name], 0);
    assert.deepEqual([received, told, sum(counted)], [1_240, 1_240, 1_240]);
  });
});
