import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backendManifest, configurationOf, routeManifest } from './configuration-of';
import { chat, DrivenExchange, errorOf, headOf } from './driven-exchange';
import { tokenPrices } from '../../src/runtime/model-prices';

const COSTS = 'costs: [{metadataKey: total_tokens, type: TotalToken}, {metadataKey: usd_1e-6, type: Price, unitsPerDollar: 1000000}]';
const backends = [backendManifest('openai', 'OpenAI', '', { host: 'api.openai.com' }), backendManifest('own', 'OpenAI', '', { host: 'llama.models.svc.cluster.local' })];
const routed = (required: string) => configurationOf([...backends, routeManifest(`[
  {name: openai, models: [{value: gpt-5.2}], backendRefs: [{name: openai}]},
  {name: own, models: [{value: llama}], backendRefs: [{name: own}]},
  {name: many, models: [{type: Prefix, value: big-}], backendRefs: [{name: own}]}]`, `, ${COSTS}${required}`)].join(''));
const CONFIGURATION = routed('');

const SSE = { 'content-type': 'text/event-stream' };
const fixture = (name: string) => readFileSync(join(__dirname, '..', 'fixtures', 'openai', name));
const stream = (model = 'gpt-5.2') => chat(model, { stream: true, stream_options: { include_usage: true } });
const { input, cachedInput, output } = tokenPrices({ schema: 'OpenAI', origin: 'https://api.openai.com' }, 'gpt-5.2', 1)!;

describe('rate limits hear of a stream', () => {
  test('with the request, with its first piece, and at the end what the provider counted, priced by its list', async () => {
    const driven = new DrivenExchange(CONFIGURATION);
    const { metadata } = await driven.forward(stream());
    const prompt = Number(metadata.total_tokens);
    expect(prompt).toBeGreaterThan(10);
    expect(metadata['usd_1e-6']).toBe(Math.floor(prompt * input + 1e-6));
    driven.head(200, SSE);
    const events = fixture('chat-stream.sse').toString().split(/(?<=\n\n)/).map((event) => Buffer.from(event));
    const said = events.map((event) => driven.exchange.responseChunk(event).metadata);

    expect(said[0]).toEqual({ 'total_tokens': prompt, 'usd_1e-6': metadata['usd_1e-6'] });
    expect(Number(said[2]?.total_tokens)).toBeGreaterThan(prompt);
    // 8 of the 19 tokens of the prompt were cached.
    expect(said[4]).toEqual({ 'total_tokens': 29, 'usd_1e-6': Math.floor(11 * input + 8 * cachedInput + 10 * output + 1e-6) });
    expect(driven.exchange.responseEnd().metadata).toBeUndefined();
    expect(driven.close()).toMatchObject({ unpriced: false, usage: { totalTokens: 29 } });
  });

  test('that a client leaves: all but the last of what it got', async () => {
    const driven = new DrivenExchange(CONFIGURATION);
    const { metadata } = await driven.forward(stream());
    driven.head(200, SSE);
    const [event] = fixture('chat-stream.sse').toString().split(/(?<=\n\n)/).slice(1);
    let last = 0;
    for (let place = 0; place < 500; place += 1) last = Number(driven.exchange.responseChunk(Buffer.from(event.replace('Grüße 👋', ' word '))).metadata?.total_tokens ?? last);
    driven.close('aborted');
    const said = last - Number(metadata.total_tokens);
    expect(said).toBeGreaterThan(500);
    expect(said).toBeLessThan(800);
  });
});

describe('rate limits hear that nothing was used', () => {
  const nothing = { 'total_tokens': 0, 'usd_1e-6': 0 };

  test.each([[429, 'request_rate_limited'], [403, 'rbac_access_denied_matched_policy[none]'], [503, 'no_healthy_upstream'], [504, 'response_timeout']])('when Envoy answers %d', async (status, codeDetails) => {
    const driven = new DrivenExchange(CONFIGURATION);
    await driven.forward(stream());
    expect(driven.head(status, {}, { codeDetails, endOfStream: true })).toMatchObject({ status, metadata: nothing });
  });

  test('when the provider refuses', async () => {
    const driven = new DrivenExchange(CONFIGURATION);
    await driven.forward(stream());
    driven.head(429, { 'content-type': 'application/json' });
    driven.exchange.responseChunk(fixture('error-429.json'));
    expect(driven.exchange.responseEnd().metadata).toEqual(nothing);
  });
});

test('a stream that breaks off counts as far as it came', async () => {
  const driven = new DrivenExchange(CONFIGURATION);
  const { metadata } = await driven.forward(stream());
  driven.head(200, SSE);
  for (let place = 0; place < 100; place += 1) driven.exchange.responseChunk(Buffer.from('data: {"choices":[{"index":0,"delta":{"content":" word "}}]}\n\n'));
  const { metadata: last } = driven.exchange.responseFailed('reset');
  expect(Number(last?.total_tokens)).toBeGreaterThan(Number(metadata.total_tokens) + 100);
});

test('a model without a price counts tokens and no money, and says so', async () => {
  const driven = new DrivenExchange(CONFIGURATION);
  await driven.forward(chat('llama'));
  driven.head(200, { 'content-type': 'application/json' });
  driven.exchange.responseChunk(fixture('chat.json'));
  expect(driven.exchange.responseEnd().metadata).toEqual({ 'total_tokens': 29, 'usd_1e-6': 0 });
  expect(driven.close()).toMatchObject({ unpriced: true });
});

describe('a request without the header that limits count by', () => {
  const answer = (configuration: ReturnType<typeof routed>, model: string, headers: Record<string, string> = {}) =>
    new DrivenExchange(configuration).body(chat(model), headOf({}, { 'content-type': 'application/json', ...headers }));
  const all = routed(', limitKeys: [{header: X-Tenant}]');

  test('is refused, also when it is empty', async () => {
    for (const headers of [{}, { 'x-tenant': '' }, { 'x-tenant': ' ' }] as Array<Record<string, string>>) {
      const refused = await answer(all, 'gpt-5.2', headers);
      expect(refused).toMatchObject({ kind: 'answer', status: 400, details: 'llm_missing_header' });
      expect(errorOf(refused as never)).toMatchObject({ code: 'missing_header', message: 'the request needs the header x-tenant: limits are counted by it' });
    }
    expect(await answer(all, 'gpt-5.2', { 'x-tenant': 'a' })).toMatchObject({ kind: 'forward' });
  });

  test('is refused for the models of the limit alone', async () => {
    const some = routed(', limitKeys: [{header: x-tenant, models: [{value: gpt-5.2}, {type: RegularExpression, value: "big-.*1"}]}]');
    expect(await answer(some, 'gpt-5.2')).toMatchObject({ kind: 'answer' });
    expect(await answer(some, 'big-21')).toMatchObject({ kind: 'answer' });
    expect(await answer(some, 'big-2')).toMatchObject({ kind: 'forward' });
    expect(await answer(some, 'llama')).toMatchObject({ kind: 'forward' });
  });

  test('is told which claim its token needs', async () => {
    const claims = routed(', limitKeys: [{header: x-llm-claim-org-team, claim: org.team}]');
    const refused = await answer(claims, 'gpt-5.2');
    expect(refused).toMatchObject({ status: 403 });
    expect(errorOf(refused as never)).toMatchObject({ code: 'missing_claim', message: 'the token of the request needs the claim org.team: limits are counted by it' });
  });

  test('of a model that does not exist hears that first, and the list of models needs none', async () => {
    expect(await answer(all, 'nobody')).toMatchObject({ status: 404 });
    const driven = new DrivenExchange(all);
    expect(await driven.exchange.requestHead(headOf({ method: 'GET', path: '/v1/models', endOfStream: true }))).toMatchObject({ status: 200 });
  });

  test('with an expression that is none leaves the route out', () => {
    const broken = routed(', limitKeys: [{header: x-tenant, models: [{type: RegularExpression, value: "("}]}]');
    expect(broken.routes.size).toBe(0);
    expect(broken.problems.map(({ path }) => path)).toContain('spec.limitKeys');
  });
});
