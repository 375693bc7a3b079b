import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { EnvoyClient, EnvoyStream, setHeaders } from './envoy-client';
import { ExtProcServer } from '../../src/extproc/ext-proc-server';
import { parseObjects } from '../../src/resources/parse';
import { buildConfiguration } from '../../src/runtime/build-configuration';
import { LlmEngine } from '../../src/runtime/llm-engine';
import { RequestRecord } from '../../src/runtime/request-record';
import { UpstreamClient } from '../../src/runtime/upstream-client';
import { FakeHandler, FakeProvider, startFakeProvider } from '../providers/fake-provider';
import { answerChat } from '../providers/openai-chat';
import { backendManifest, routeManifest, secretManifest } from '../runtime/configuration-of';

/** Another backend's answer in the response that Envoy holds; the first attempt is what the test plays. */

const BODY = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hi' }] });
const CREDENTIAL = 'credential: {apiKey: {secretRef: {name: key, key: k}}}';

let server: ExtProcServer;
let second: FakeProvider;
let upstream: UpstreamClient;
let client: EnvoyClient;
let records: RequestRecord[];
let faults: unknown[];

async function start(handle: FakeHandler = answerChat, failover = '{}'): Promise<EnvoyStream> {
  records = [];
  faults = [];
  second = await startFakeProvider({}, handle);
  upstream = new UpstreamClient();
  const text = [backendManifest('first', 'OpenAI'), backendManifest('second', 'OpenAI', CREDENTIAL), secretManifest('key', 'k', 'sk-planted'), routeManifest(
    `[{models: [{value: m}], backendRefs: [{name: first}, {name: second, priority: 1}], failover: ${failover}}]`, ', costs: [{metadataKey: total, type: TotalToken}]',
  )].join('');
  const configuration = buildConfiguration(parseObjects(parseAllDocuments(text).map((document) => ({ source: 'test.yaml', value: document.toJS() as unknown }))), 1, {
    endpointOverrides: new Map([['default/second', { origin: `http://127.0.0.1:${second.port}` }]]),
  });
  const engine = new LlmEngine({ configuration: () => configuration, upstream, onRecord: (record) => records.push(record), onFault: (error) => faults.push(error) });
  server = new ExtProcServer({ engine, onFault: (error) => faults.push(error) });
  client = new EnvoyClient(await server.listen({ host: '127.0.0.1', port: 0 }));
  return request();
}

/** A stream whose request went to the first backend. */
async function request(body = BODY): Promise<EnvoyStream> {
  const stream = client.stream();
  stream.requestHeaders({ 'content-type': 'application/json', 'x-kept': '1', 'x-envoy-internal': 'true' }, { route: 'httproute/default/chat/rule/0/match/0/*' });
  await stream.reply();
  stream.requestBody(body);
  expect(setHeaders((await stream.reply()).requestBody?.response.headerMutation)['x-ai-gateway-llm-backend']).toBe('default/first');
  return stream;
}

afterEach(async () => {
  client.close();
  await server.close();
  await upstream.close();
  await second.close();
});

test('a failed head: the second backend\'s head and events, and nothing of the first', async () => {
  const stream = await start();
  stream.responseHeaders({ ':status': '503', 'content-type': 'text/plain', 'content-length': '4', 'x-first': '1', 'content-encoding': 'identity' });
  stream.responseBody('oops', true);
  const { responseHeaders, dynamicMetadata } = await stream.reply();
  const { headerMutation } = responseHeaders!.response;
  expect(setHeaders(headerMutation)).toMatchObject({ ':status': '200', 'content-type': 'text/event-stream', 'x-llm-attempts': '2' });
  expect([...headerMutation!.removeHeaders].sort()).toEqual(['content-encoding', 'content-length', 'x-first']);
  expect(dynamicMetadata?.fields['io.envoy.ai_gateway'].structValue.fields.backend.stringValue).toBe('default/second');
  const body = (await stream.body()).toString();
  expect(body).toMatch(/^data: \{.*data: \[DONE\]\n\n$/s);
  expect(body).not.toContain('oops');
  const sent = second.requests[0].headers;
  expect([sent['x-kept'], sent['x-envoy-internal'], sent.authorization]).toEqual(['1', undefined, 'Bearer sk-planted']);
  stream.halfClose();
  await stream.ended();
  expect(records).toEqual([expect.objectContaining({
    status: 200, outcome: 'completed', backend: 'default/second', attempts: [{ backend: 'default/first', reason: 'status', status: 503 }, { backend: 'default/second', reason: 'answered', status: 200 }],
  })]);
  expect(faults).toEqual([]);
});

test.each([
  ['upstream_reset_before_response_started{connection_termination}', '503'], ['upstream_reset_before_response_started{remote_connection_failure|111}', '503'], ['upstream_per_try_timeout', '504'],
  ['no_healthy_upstream', '503'],
])('Envoy\'s reply for an upstream that gave no answer (%s)', async (codeDetails, status) => {
  const stream = await start();
  stream.responseHeaders({ ':status': status, 'content-type': 'text/plain' }, { codeDetails });
  stream.responseBody('upstream connect error', true);
  expect(setHeaders((await stream.reply()).responseHeaders!.response.headerMutation)).toMatchObject({ ':status': '200', 'x-llm-attempts': '2' });
  expect((await stream.body()).toString()).toContain('[DONE]');
});

test.each([['request_rate_limited', '429'], ['rbac_access_denied_matched_policy[none]', '403'], ['direct_response', '503'], ['response_timeout', '504'], ['ext_proc_error', '500']])(
  'the gateway\'s own refusal is nobody else\'s to answer (%s)', async (codeDetails, status) => {
    const stream = await start();
    stream.responseHeaders({ ':status': status }, { codeDetails });
    const { response } = (await stream.reply()).responseHeaders!;
    expect(response.status).toBe(1);
    expect(setHeaders(response.headerMutation)['x-llm-attempts']).toBeUndefined();
    expect(second.requests).toEqual([]);
  });

test('a large request body counts as in use for as long as another backend may have to get it', async () => {
  await start();
  const stream = await request(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x'.repeat(100_000) }] }));
  await sleep(20);
  expect(server.budget.inUse).toBeGreaterThan(100_000);
  stream.responseHeaders({ ':status': '200', 'content-type': 'text/event-stream' });
  stream.responseBody('data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"a"}}]}\n\n', false);
  await stream.reply();
  await sleep(20);
  expect(server.budget.inUse).toBe(0);
  const left = await request(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x'.repeat(100_000) }] }));
  await sleep(20);
  expect(server.budget.inUse).toBeGreaterThan(100_000);
  left.reset();
  while (server.budget.inUse > 0) await sleep(5);
});

test('a failure without a body: all at once, since Envoy takes no pieces', async () => {
  const stream = await start();
  stream.responseHeaders({ ':status': '503', 'x-first': '1' }, { endOfStream: true });
  const { immediateResponse, dynamicMetadata } = await stream.reply();
  expect(immediateResponse).toMatchObject({ status: { code: 200 }, details: 'llm_failover' });
  expect(setHeaders(immediateResponse!.headers)).toMatchObject({ 'content-type': 'text/event-stream', 'x-llm-attempts': '2' });
  expect(immediateResponse!.body.toString()).toMatch(/^data: \{.*data: \[DONE\]\n\n$/s);
  expect(dynamicMetadata?.fields['io.envoy.ai_gateway'].structValue.fields).toMatchObject({ backend: { stringValue: 'default/second' }, total: { numberValue: 18 } });
});

test('a failure of whose body nothing came yet: all at once as well', async () => {
  const stream = await start();
  stream.responseHeaders({ ':status': '503', 'content-type': 'text/plain' });
  const { immediateResponse } = await stream.reply();
  expect(immediateResponse).toMatchObject({ status: { code: 200 }, details: 'llm_failover' });
  expect(immediateResponse!.body.toString()).toMatch(/^data: \{.*data: \[DONE\]\n\n$/s);
});

test.each([['no body', undefined], ['the begin of an event', 'data: {"id":"1","object":"chat.comp']])('an answer that goes silent while it is held, after %s: the second backend', async (_, begun) => {
  const stream = await start(answerChat, '{perAttemptTimeout: 60ms}');
  stream.responseHeaders({ ':status': '200', 'content-type': 'text/event-stream', 'x-first': '1' });
  if (begun !== undefined) stream.responseBody(begun, false);
  const reply = await stream.reply();
  const body = begun === undefined ? reply.immediateResponse!.body : await stream.body();
  expect(setHeaders(reply.immediateResponse?.headers ?? reply.responseHeaders?.response.headerMutation)).toMatchObject({ 'x-llm-attempts': '2' });
  expect(body.toString()).toMatch(/^data: \{.*data: \[DONE\]\n\n$/s);
  stream.halfClose();
  await stream.ended();
  expect(records[0].attempts).toEqual([{ backend: 'default/first', reason: 'timeout' }, { backend: 'default/second', reason: 'answered', status: 200 }]);
  expect(faults).toEqual([]);
});

test.each([['no body', undefined], ['the begin of an event', 'data: {"id":"1","object":"chat.comp']])('an answer that goes silent with nothing left to try, after %s: a whole error', async (_, begun) => {
  const stream = await start(answerChat, '{perAttemptTimeout: 60ms, retryOn: {triggers: [], httpStatusCodes: [429]}}');
  stream.responseHeaders({ ':status': '200', 'content-type': 'text/event-stream', 'content-length': '100' });
  if (begun !== undefined) stream.responseBody(begun, false);
  const reply = await stream.reply();
  const body = begun === undefined ? reply.immediateResponse!.body : await stream.body();
  const headers = setHeaders(reply.immediateResponse?.headers ?? reply.responseHeaders?.response.headerMutation);
  expect([headers[':status'] ?? String(reply.immediateResponse?.status?.code), headers['content-type']]).toEqual(['504', 'application/json']);
  expect(JSON.parse(body.toString())).toMatchObject({ error: { code: 'upstream_timeout' } });
  // What still comes of it is passed over.
  stream.responseBody('letion"}', true);
  expect([second.requests, faults]).toEqual([[], []]);
});

test('a pause between two pieces of a held answer that is short enough does not count', async () => {
  const stream = await start(answerChat, '{perAttemptTimeout: 1500ms}');
  stream.responseHeaders({ ':status': '200', 'content-type': 'text/event-stream' });
  for (const piece of [': thinking\n\n', ': thinking\n\n', 'data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"a"}}]}\n\n']) {
    await sleep(600);
    stream.responseBody(piece, false);
  }
  expect((await stream.reply()).responseHeaders?.response.headerMutation?.removeHeaders).toEqual(['content-length']);
  expect(second.requests).toEqual([]);
});

test('a first event that is an error: held, then the second backend', async () => {
  const stream = await start();
  stream.responseHeaders({ ':status': '200', 'content-type': 'text/event-stream', 'x-first': '1' });
  stream.responseBody('data: {"error":{"message":"overloaded",', false);
  stream.responseBody('"type":"server_error"}}\n\n', false);
  const { headerMutation } = (await stream.reply()).responseHeaders!.response;
  expect(setHeaders(headerMutation)).toMatchObject({ ':status': '200', 'x-llm-attempts': '2' });
  expect(headerMutation!.removeHeaders).toContain('x-first');
  stream.responseBody('data: [DONE]\n\n', true);
  const body = (await stream.body()).toString();
  expect(body).not.toContain('overloaded');
  expect(body).toContain('from ');
});

test('a good first event goes out at once, and after it nothing fails over', async () => {
  const stream = await start();
  const event = (content: string) => `data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;
  stream.responseHeaders({ ':status': '200', 'content-type': 'text/event-stream' });
  stream.responseBody(': thinking\n\n', false);
  stream.responseBody(event('a'), false);
  expect((await stream.reply()).responseHeaders?.response.headerMutation?.removeHeaders).toEqual(['content-length']);
  expect((await stream.reply()).responseBody?.response.bodyMutation?.streamedResponse?.body.toString()).toBe(`: thinking\n\n${event('a')}`);
  stream.responseBody('data: {"error":{"message":"overloaded","type":"server_error"}}\n\n', true);
  expect((await stream.body()).toString()).toContain('overloaded');
  expect(second.requests).toEqual([]);
});

test('trailers of the failed answer are answered, also when they come while the second is asked', async () => {
  const stream = await start();
  stream.responseHeaders({ ':status': '503', 'content-type': 'text/plain' });
  stream.responseBody('oops', false);
  stream.responseTrailers();
  let reply = await stream.reply();
  expect(setHeaders(reply.responseHeaders!.response.headerMutation)[':status']).toBe('200');
  let body = '';
  while (reply.responseTrailers === undefined || reply.responseTrailers === null) {
    reply = await stream.reply();
    const piece = reply.responseBody?.response.bodyMutation?.streamedResponse;
    if (piece !== undefined) {
      expect(piece.endOfStream).toBe(false);
      body += piece.body.toString();
    }
  }
  expect(body).toContain('[DONE]');
});

test('a client that leaves ends the second call; the request counts once, as aborted', async () => {
  const stream = await start((_request, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders(); });
  stream.responseHeaders({ ':status': '503', 'content-type': 'text/plain' });
  while (second.requests.length === 0) await sleep(5);
  stream.reset();
  while (!second.requests[0].aborted || records.length === 0) await sleep(5);
  expect(records).toEqual([expect.objectContaining({ outcome: 'aborted', attempts: [expect.objectContaining({ reason: 'status' }), { backend: 'default/second', reason: 'abandoned' }] })]);
  expect(faults).toEqual([]);
});

test('what cannot be told in the answer breaks the stream: a large JSON answer without an end', async () => {
  const stream = await start((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write(`{"a":"${'x'.repeat(5 * 1024 * 1024)}`, () => setTimeout(() => response.destroy(), 100));
  });
  stream.responseHeaders({ ':status': '503', 'content-type': 'text/plain' });
  stream.responseBody('oops', true);
  await stream.reply();
  expect(await stream.ended()).toBe(13);
  stream.halfClose();
  while (records.length === 0) await sleep(5);
  expect(records).toEqual([expect.objectContaining({ outcome: 'aborted' })]);
});

test('a peer that reads slowly is not sent to faster: the provider has to wait', async () => {
  let written = 0;
  const piece = `data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"${'x'.repeat(64 * 1024)}"}}]}\n\n`;
  const stream = await start(async (_request, response) => {
    const left = once(response, 'close');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    while (written < 600 && !response.destroyed) {
      written += 1;
      if (!response.write(piece)) await Promise.race([once(response, 'drain'), left]);
    }
    response.end('data: [DONE]\n\n');
  });
  stream.responseHeaders({ ':status': '503', 'content-type': 'text/plain' });
  stream.responseBody('oops', true);
  stream.pause();
  let before = -1;
  while (before !== written) {
    before = written;
    await sleep(300);
  }
  // 38 MB are there to be sent; what is on the way fits into the windows and buffers of two connections.
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThan(400);
  stream.resume();
  await stream.reply();
  expect((await stream.body()).length).toBeGreaterThan(36 * 1024 * 1024);
});

test('when no backend answers, rate limits hear that nothing was used', async () => {
  const stream = await start((_, response) => { response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":{"message":"no","type":"server_error"}}'); });
  stream.responseHeaders({ ':status': '503' }, { endOfStream: true });
  const { immediateResponse, dynamicMetadata } = await stream.reply();
  expect(immediateResponse).toMatchObject({ status: { code: 503 } });
  expect(dynamicMetadata?.fields['io.envoy.ai_gateway'].structValue.fields).toMatchObject({ total: { numberValue: 0 } });
});
