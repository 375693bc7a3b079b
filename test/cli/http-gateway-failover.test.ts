import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { HttpGateway } from '../../src/cli/http-gateway';
import { parseObjects } from '../../src/resources/parse';
import { buildConfiguration } from '../../src/runtime/build-configuration';
import { LlmEngine } from '../../src/runtime/llm-engine';
import { RequestRecord } from '../../src/runtime/request-record';
import { UpstreamClient } from '../../src/runtime/upstream-client';
import { startFakeBedrock } from '../providers/fake-bedrock';
import { FakeProvider, startFakeProvider } from '../providers/fake-provider';
import { Fault, FAULTS, LATE_FAULTS, leakedHeaders, startFaultyBedrock, startFaultyOpenAi } from '../providers/faulty-provider';
import { answerChat } from '../providers/openai-chat';
import { fail } from '../providers/openai-failure';
import { backendManifest, routeManifest, secretManifest } from '../runtime/configuration-of';

const AWS = 'credential: {aws: {region: us-east-1, secretRef: {name: aws, key: k}}}';
const RULES = `[
  {models: [{value: same}], backendRefs: [{name: faulty}, {name: good, priority: 1}], failover: {perAttemptTimeout: 300ms}},
  {models: [{value: other}], backendRefs: [{name: faulty, model: gpt}, {name: bedrock, priority: 1, model: nova}], failover: {perAttemptTimeout: 300ms}},
  {models: [{value: refused}], backendRefs: [{name: nowhere}, {name: good, priority: 1}], failover: {}},
  {models: [{value: nokey}], backendRefs: [{name: nokey}, {name: good, priority: 1}], failover: {}},
  {models: [{value: three}], backendRefs: [{name: faulty}, {name: nokey, priority: 1}, {name: nowhere, priority: 2}, {name: good, priority: 3}], failover: {attempts: 4, perAttemptTimeout: 300ms}},
  {models: [{value: hopeless}], backendRefs: [{name: faulty}, {name: limited, priority: 1}], failover: {attempts: 2, perAttemptTimeout: 300ms}},
  {models: [{value: breaking}], backendRefs: [{name: faulty}, {name: breaking, priority: 1}], failover: {perAttemptTimeout: 300ms}},
  {models: [{value: picky}], backendRefs: [{name: faulty}, {name: good, priority: 1}], failover: {perAttemptTimeout: 300ms, retryOn: {triggers: [reset], httpStatusCodes: [500]}}},
  {models: [{value: reverse}], backendRefs: [{name: converse, model: nova}, {name: good, priority: 1}], failover: {perAttemptTimeout: 300ms}},
  {models: [{value: second}], backendRefs: [{name: limited}, {name: faulty, priority: 1}, {name: good, priority: 2}], failover: {perAttemptTimeout: 300ms}},
  {models: [{value: third}], backendRefs: [{name: nowhere}, {name: limited, priority: 1}, {name: faulty, priority: 2}], failover: {perAttemptTimeout: 300ms}},
  {models: [{value: patient}], backendRefs: [{name: faulty}, {name: good, priority: 1}], failover: {}},
  {models: [{value: waiting}], backendRefs: [{name: once}, {name: nowhere, priority: 1}], failover: {}},
  {models: [{value: plain}], backendRefs: [{name: faulty}]}]`;

const open: Array<{ close(): Promise<unknown> }> = [];
const records: RequestRecord[] = [];
const faults: unknown[] = [];
let fault: Fault | undefined;
/** Statuses that the backend `once` answered with. */
const waited: number[] = [];
let faulty: FakeProvider;
let good: FakeProvider;
let breaking: FakeProvider;
let base: string;

beforeAll(async () => {
  const started = async <T extends { close(): Promise<unknown> }>(what: Promise<T>): Promise<T> => {
    open.push(await what);
    return what;
  };
  faulty = await started(startFaultyOpenAi(() => fault));
  good = await started(startFaultyOpenAi(() => undefined));
  const bedrock = await started(startFakeBedrock());
  const limited = await started(startFakeProvider({}, (_request, response) => {
    response.setHeader('retry-after', '7');
    fail(response, 429, 'slow down', 'rate_limit_error');
  }));
  const converse = await started(startFaultyBedrock(() => fault));
  const once = await started(startFakeProvider({}, (request, response) => {
    waited.push(waited.length === 0 ? 429 : 200);
    if (waited.length > 1) return answerChat(request, response);
    response.setHeader('retry-after', '1');
    return fail(response, 429, 'slow down', 'rate_limit_error');
  }));
  breaking = await started(startFakeProvider({}, async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"a"}}]}\n\n');
    await sleep(30);
    response.destroy();
  }));
  const key = 'credential: {apiKey: {secretRef: {name: key, key: k}}}';
  const text = [
    ...['faulty', 'good', 'nowhere', 'limited', 'breaking', 'once'].map((name) => backendManifest(name, 'OpenAI', key)),
    backendManifest('nokey', 'OpenAI', 'credential: {apiKey: {secretRef: {name: none, key: k}}}'), ...['bedrock', 'converse'].map((name) => backendManifest(name, 'AWSBedrock', AWS)),
    secretManifest('key', 'k', 'sk-planted'), secretManifest('aws', 'k', '[default]\naws_access_key_id = AKIAPLANTED\naws_secret_access_key = planted\n'), routeManifest(RULES),
  ].join('');
  const ports = {
    faulty: faulty.port,
    good: good.port,
    bedrock: bedrock.port,
    limited: limited.port,
    breaking: breaking.port,
    converse: converse.port,
    once: once.port,
    nokey: good.port,
    nowhere: 1,
  };
  const configuration = buildConfiguration(parseObjects(parseAllDocuments(text).map((document) => ({ source: 'test.yaml', value: document.toJS() as unknown }))), 1, {
    endpointOverrides: new Map(Object.entries(ports).map(([name, port]) => [`default/${name}`, { origin: `http://127.0.0.1:${port}` }])),
  });
  const upstream = new UpstreamClient();
  const engine = () => new LlmEngine({
    configuration: () => configuration, upstream, onRecord: (record) => records.push(record), onFault: (error) => faults.push(error),
  });
  let current = engine();
  renew = () => { current = engine(); };
  const gateway = new HttpGateway({ engine: { exchange: () => current.exchange() } as LlmEngine, upstream, configuration: () => configuration });
  base = await gateway.listen({ host: '127.0.0.1', port: 0 });
  open.push({ close: () => gateway.close(0) }, upstream);
});

/** Forgets which backends failed. */
let renew: () => void;

beforeEach(() => {
  renew();
  fault = undefined;
  records.length = 0;
  faults.length = 0;
  for (const { requests } of [faulty, good, breaking]) requests.length = 0;
});

afterAll(async () => {
  for (const one of open.reverse()) await one.close();
});

interface Answer { readonly status: number; readonly headers: Headers; readonly text: string; readonly whole: boolean }

async function chat(model: string, stream: boolean, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${base}/v1/chat/completions`, {
    method: 'POST', body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'hi' }] }), headers: { 'content-type': 'application/json', 'x-kept': '1', 'authorization': 'Bearer mine', ...headers },
  });
  let text = '';
  try {
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) text += decoder.decode(chunk as Uint8Array, { stream: true });
    return { status: response.status, headers: response.headers, text, whole: true };
  } catch {
    return { status: response.status, headers: response.headers, text, whole: false };
  }
}

async function recorded(): Promise<RequestRecord> {
  while (records.length === 0) await sleep(5);
  return records[0];
}

/** What the client reads of an answer, plain or streamed. */
function contentOf(text: string, stream: boolean): string {
  if (!stream) return (JSON.parse(text) as { choices: Array<{ message: { content: string } }> }).choices[0].message.content;
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  return text.split('\n').filter((line) => line.startsWith('data: {')).map((line) => (JSON.parse(line.slice(6)) as { choices: Array<{ delta: { content?: string } }> }).choices[0]?.delta.content ?? '').join('');
}

const OF_OPENAI = ['Hello from the OpenAI-compatible server.', 'Hello from the stream.'] as const;
const OF_BEDROCK = ['Hello from Bedrock.', 'Hello from Bedrock.'] as const;
const CONTENT: Readonly<Record<string, readonly [string, string]>> = { same: OF_OPENAI, other: OF_BEDROCK, reverse: OF_OPENAI, second: OF_OPENAI };

describe.each(FAULTS.map((name) => [name]))('the first backend: %s', (name) => {
  test.each([
    ['same', false], ['same', true], ['other', false], ['other', true], ['reverse', false], ['reverse', true], ['second', false], ['second', true],
  ])('model %s, stream %s: the next answers', async (model, stream) => {
    fault = name;
    const answer = await chat(model, stream);
    expect([answer.status, contentOf(answer.text, stream)]).toEqual([200, CONTENT[model][stream ? 1 : 0]]);
    const count = model === 'second' ? 3 : 2;
    expect(answer.headers.get('x-llm-attempts')).toBe(String(count));
    expect(leakedHeaders(answer.headers)).toEqual([]);
    const { backend, attempts, usage, status, errorCode } = await recorded();
    expect([backend, status, errorCode, attempts?.length]).toEqual([model === 'other' ? 'default/bedrock' : 'default/good', 200, undefined, count]);
    expect(attempts?.at(-1)).toEqual({ backend, reason: 'answered', status: 200 });
    expect(usage?.totalTokens ?? 0).toBeGreaterThan(stream && model !== 'other' ? -1 : 1);
    expect(records).toHaveLength(1);
    expect(faults).toEqual([]);
  });
});

describe.each(LATE_FAULTS.filter((name) => !name.endsWith('silence')).map((name) => [name]))('in the stream\'s %s', (name) => {
  test.each([['same'], ['reverse'], ['third']])('model %s: an error event, and no normal end', async (model) => {
    fault = name;
    const { status, text, whole } = await chat(model, true);
    expect([status, whole]).toEqual([200, true]);
    expect(text).toMatch(/"Half".*\n\ndata: \{"error":.*\}\n\n$/s);
    expect(text).not.toContain('[DONE]');
  });
});

test('the client\'s own timeout bounds all attempts: it gets an error before it leaves', async () => {
  fault = 'head, then silence';
  const answer = await chat('patient', true, { 'x-stainless-timeout': '1' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([504, 'application/json']);
  expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'upstream_timeout' } });
  // There was no time left for the second.
  expect((await recorded()).attempts).toEqual([{ backend: 'default/faulty', reason: 'timeout' }]);
  expect(good.requests).toEqual([]);
});

test('Retry-After is waited for when there is time, and the backend asked again', async () => {
  const answer = await chat('waiting', false);
  expect([answer.status, answer.headers.get('x-llm-attempts'), waited]).toEqual([200, '3', [429, 200]]);
  expect((await recorded()).attempts?.map(({ backend, reason }) => `${backend} ${reason}`)).toEqual(['default/once status', 'default/nowhere connect-failure', 'default/once answered']);
});

test('why an attempt failed is recorded', async () => {
  const reasons = [];
  for (const name of FAULTS) {
    fault = name;
    renew();
    records.length = 0;
    await chat('same', false);
    reasons.push((await recorded()).attempts?.[0]);
  }
  const attempt = (reason: string, status?: number) => ({ backend: 'default/faulty', reason, ...(status === undefined ? {} : { status }) });
  expect(reasons).toEqual([
    attempt('status', 503), attempt('status', 429), attempt('status', 500), attempt('status', 503), attempt('status', 503), attempt('reset'), attempt('reset'), attempt('reset'),
    attempt('timeout'), attempt('timeout'), attempt('timeout'),
    attempt('broken-answer', 500), attempt('broken-answer', 502), attempt('broken-answer', 502),
  ]);
});

test('a refused connection goes on', async () => {
  expect(contentOf((await chat('refused', false)).text, false)).toBe('Hello from the OpenAI-compatible server.');
  expect((await recorded()).attempts?.[0]).toEqual({ backend: 'default/nowhere', reason: 'connect-failure' });
});

test('a backend without a credential is passed over before anything is sent', async () => {
  const answer = await chat('nokey', false);
  expect([answer.status, answer.headers.get('x-llm-attempts')]).toEqual([200, '2']);
  expect((await recorded()).attempts?.map(({ reason }) => reason)).toEqual(['not-sent', 'answered']);
  expect(good.requests).toHaveLength(1);
});

test('backends after one another, until one answers', async () => {
  fault = '500';
  const answer = await chat('three', true);
  expect([answer.status, answer.headers.get('x-llm-attempts')]).toEqual([200, '4']);
  expect((await recorded()).attempts?.map(({ reason }) => reason)).toEqual(['status', 'not-sent', 'connect-failure', 'answered']);
});

test('the next backend gets the request as the first did: body, headers, its own credential', async () => {
  fault = '503';
  await chat('same', false);
  const [first, second] = [faulty.requests[0], good.requests[0]];
  const { host: _a, ...before } = first.headers;
  const { host: _b, ...after } = second.headers;
  expect(after).toEqual(before);
  expect([second.headers['x-kept'], second.headers.authorization, second.path]).toEqual(['1', 'Bearer sk-planted', first.path]);
  expect(second.body.equals(first.body)).toBe(true);
});

test.each([[false], [true]])('where all fail, the last one\'s error is the client\'s, with its retry-after; stream %s', async (stream) => {
  fault = '503';
  const answer = await chat('hopeless', stream);
  expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('x-llm-attempts'), answer.headers.get('content-type')]).toEqual([429, '7', '2', 'application/json']);
  expect((JSON.parse(answer.text) as { error: { message: string } }).error.message).toBe('slow down');
  expect(await recorded()).toMatchObject({ status: 429, backend: 'default/limited' });
});

test('the next one breaks off in the middle: an error event, no further attempt, no normal end', async () => {
  fault = '503';
  const answer = await chat('breaking', true);
  expect(answer.text).toMatch(/"content":"a".*\n\ndata: \{"error":/s);
  expect(answer.text).not.toContain('[DONE]');
  expect((await recorded()).errorCode).toBe('upstream_broke_off');
});

test('what retryOn does not name is the client\'s answer', async () => {
  fault = '503';
  const answer = await chat('picky', false);
  expect([answer.status, answer.headers.get('x-llm-attempts'), good.requests.length]).toEqual([503, null, 0]);
  expect((await recorded()).attempts).toEqual([{ backend: 'default/faulty', reason: 'status', status: 503 }]);
});

test('without failover the record has no attempts', async () => {
  fault = '503';
  expect((await chat('plain', false)).status).toBe(503);
  expect((await recorded()).attempts).toBeUndefined();
});

test('a backend that failed five times in a row is not asked any more', async () => {
  fault = '503';
  for (let count = 0; count < 8; count += 1) await chat('same', false);
  expect([faulty.requests.length, good.requests.length]).toEqual([5, 8]);
});

test('a client that leaves ends the call to the next backend, and is recorded once', async () => {
  fault = '503';
  const leave = new AbortController();
  const request = fetch(`${base}/v1/chat/completions`, {
    method: 'POST', body: JSON.stringify({ model: 'same', stream: true, messages: [{ role: 'user', content: 'slow 30' }] }), signal: leave.signal,
  }).catch(() => undefined);
  while (good.requests.length === 0) await sleep(5);
  leave.abort();
  await request;
  while (!good.requests[0].aborted) await sleep(5);
  expect((await recorded()).outcome).toBe('aborted');
  expect((await recorded()).attempts?.[1]).toMatchObject({ backend: 'default/good' });
  expect(records).toHaveLength(1);
  expect(faults).toEqual([]);
});
