import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { errorCode } from './error-shape';
import { Received } from './http-request';
import { apply, conditionIs, get, kubectl, kubectlMeanwhile, list, logs, tryKubectl } from './kubernetes/cluster';
import { ClusterApp, reachable } from './kubernetes/cluster-app';
import { counters } from './kubernetes/redis';
import { eventually } from './process';
import { chatBody, synthesized } from './running-app';
import { claimHeader } from '../../src/resources/client-identity';
import { crdManifests } from '../../src/resources/crd/crd-manifests';
import { limitKeyDigest } from '../../src/runtime/limit-keys';
import { limitsApp, STAFF_ISSUER } from '../apps/limits';
import { TestIssuer } from '../apps/test-issuer';
import { FakeAnthropic, startFakeAnthropic } from '../providers/fake-anthropic';
import { FakeOpenAi, startFakeOpenAi } from '../providers/fake-openai';

/** Budgets on Envoy Gateway's own rate limit service and a real Redis, whose counters are read. */

/** What each answer of the OpenAI stand-in says that it used. */
const TOKENS = 18;
const OUTPUT = 7;
/** Millionths of a dollar of each of Claude's: 12 of input at 3, 4 from the cache at 0.3, 8 of output at 15. */
const PRICE = 157.2;
const [RED, BLUE] = ['key-of-red-client', 'key-of-blue-client'];
const YEAR_SECONDS = 365 * 86_400;
/** After an answer's end, Envoy tells the rate limit service of it. */
const REST_MILLISECONDS = 2_000;

let vllm: FakeOpenAi;
let second: FakeOpenAi;
let claude: FakeAnthropic;
let app: ClusterApp;
let base: string;
const issuer = new TestIssuer();

const chat = (tenant: string, model = 'small', more: Record<string, unknown> = {}) => app.chat('any', chatBody(model, 'hello', more), { 'x-tenant': tenant });
const openAi = (tenant: string) => new OpenAI({ baseURL: `${base}/v1`, apiKey: 'none', maxRetries: 0, defaultHeaders: { 'x-tenant': tenant } });
const anthropic = (tenant: string) => new Anthropic({ baseURL: base, apiKey: 'none', maxRetries: 0, defaultHeaders: { 'x-tenant': tenant } });

/** What is counted in the bucket of this limit (from 0) of a route for a tenant. Answers are counted a moment after their end. */
async function counted(route: string, limit: number, tenant?: string): Promise<number> {
  const found = [...await counters()].filter(([key]) => key.includes(`llm/${route}/rule/${limit}`) && (tenant === undefined || key.includes(`_${limitKeyDigest(tenant)}_`)));
  assert.ok(found.length <= 1, found.join('\n'));
  return found[0]?.[1] ?? 0;
}

/** Waits until this is counted, and that it stays so. */
async function counts(expected: number, route: string, limit: number, tenant?: string): Promise<void> {
  let last = -1;
  await eventually('it is counted', async () => { last = await counted(route, limit, tenant); return last === expected; }, 15_000)
    .catch(() => assert.equal(last, expected, `limit ${limit} of ${route} for ${tenant ?? 'all'}`));
  await sleep(REST_MILLISECONDS);
  assert.equal(await counted(route, limit, tenant), expected);
}

/** What is counted when nothing more comes. */
async function settled(route: string, limit: number, tenant?: string): Promise<number> {
  let last = -1;
  await eventually('the count rests', async () => {
    const now = await counted(route, limit, tenant);
    if (now !== last) await sleep(REST_MILLISECONDS);
    const same = now === last;
    last = now;
    return same;
  });
  return last;
}

function retryAfter({ headers }: Received): number {
  const seconds = Number(headers['retry-after']);
  assert.equal(headers['retry-after'], headers['x-ratelimit-reset']);
  assert.ok(seconds > 0 && seconds <= YEAR_SECONDS, `retry-after ${seconds}`);
  return seconds;
}

before(async () => {
  const host = '0.0.0.0';
  [vllm, second, claude] = await Promise.all([startFakeOpenAi({ host }), startFakeOpenAi({ host }), startFakeAnthropic({ host })]);
  kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: crdManifests() }));
  kubectl(['wait', '--for=condition=Established', ...crdManifests().map(({ metadata }) => `crd/${metadata.name}`), '--timeout=30s']);
  kubectl(['create', 'namespace', 'llm']);
  apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys', namespace: 'llm' }, stringData: { anthropic: 'sk-ant-planted-limits' } });
  apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'clients', namespace: 'llm' }, stringData: { red: RED, blue: BLUE } });
  try {
    // It ends when Redis is not there yet, and lets everything pass until it is there itself.
    await kubectlMeanwhile(['wait', '--for=condition=Available', '-n', 'envoy-gateway-system', 'deployment/envoy-ratelimit', '--timeout=60s']);
    const manifests = reachable(synthesized(limitsApp(issuer.jwks)), { vllm: vllm.port, second: second.port, anthropic: claude.port });
    const gateway = manifests.find(({ kind }) => kind === 'Gateway')!.metadata.name;
    app = await ClusterApp.start(manifests, { namespace: 'llm', name: gateway });
    base = `http://${get('gateway', 'llm', gateway).status?.addresses[0].value}`;
    for (const route of ['chat', 'claude', 'team']) await conditionIs('llmroute', 'llm', route, 'Accepted', 'True', 20_000);
    await eventually('the limits are in force', async () => {
      const answer = await chat('warm');
      return answer.status === 200 && answer.headers['x-ratelimit-remaining'] !== undefined;
    }, 60_000);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${logs('ratelimit')}\n${logs('extproc')}\n${logs('envoy-gateway.log')}`);
  }
});
after(async () => {
  await Promise.all([vllm, second, claude].map((provider) => provider?.close()));
  tryKubectl(['delete', 'namespace', 'llm', '--wait=false']);
});

describe('what is counted', () => {
  test('Envoy Gateway took the policies', () => {
    for (const route of ['chat', 'claude']) {
      const ancestors = get('backendtrafficpolicy', 'llm', route).status?.ancestors as Array<{ conditions: Array<{ type: string; status: string; message: string }> }>;
      assert.deepEqual(ancestors.flatMap(({ conditions }) => conditions.filter(({ type, status }) => type === 'Accepted' && status !== 'True')), []);
    }
  });

  test('300 streams count exactly, over both backends, and another tenant\'s budget is its own', async () => {
    const [atVllm, atSecond] = [vllm.requests.length, second.requests.length];
    let left = 300;
    await Promise.all(Array.from({ length: 10 }, async () => {
      const client = openAi('alice');
      while (left > 0) {
        left -= 1;
        let usage: OpenAI.CompletionUsage | null | undefined;
        for await (const chunk of await client.chat.completions.create({ model: 'small', stream: true, stream_options: { include_usage: true }, messages: [{ role: 'user', content: 'hello' }] })) {
          usage = chunk.usage ?? usage;
        }
        assert.equal(usage?.total_tokens, TOKENS);
      }
    }));
    assert.ok(vllm.requests.length > atVllm && second.requests.length > atSecond, 'both backends answered');
    await counts(300 * TOKENS, 'chat', 0, 'alice');
    assert.equal((await chat('bob')).status, 200);
    await counts(TOKENS, 'chat', 0, 'bob');
    await counts(300 * TOKENS, 'chat', 0, 'alice');
  });

  test('a stream whose client did not ask for its usage counts as well', async () => {
    const answer = await chat('carol', 'small', { stream: true });
    assert.equal(answer.status, 200);
    assert.doesNotMatch(answer.text, /"usage":\{/);
    await counts(TOKENS, 'chat', 0, 'carol');
  });

  test('a client that leaves mid-stream is charged for about what it got', async () => {
    const stream = await openAi('leaver').chat.completions.create({ model: 'small', stream: true, messages: [{ role: 'user', content: 'slow 8' }] });
    let words = 0;
    for await (const chunk of stream) {
      if ((chunk.choices[0]?.delta.content ?? '') !== '') words += 1;
      if (words === 3) break;
    }
    const charged = await settled('chat', 0, 'leaver');
    // The body of the request is some 25 tokens long by its bytes.
    assert.ok(charged >= 10 && charged <= 60, `${charged} tokens`);
  });

  test('a client that leaves before the first byte is charged for its prompt', async () => {
    const client = openAi('hasty');
    const content = `${'word '.repeat(400)}`;
    const leaving = new AbortController();
    const call = client.chat.completions.create({ model: 'small', stream: true, messages: [{ role: 'user', content }, { role: 'user', content: 'slow 8' }] }, { signal: leaving.signal });
    await eventually('the provider has it', () => [...vllm.requests, ...second.requests].some(({ body }) => body.includes('word word word')));
    leaving.abort();
    await call.then(async (stream) => { for await (const _ of stream) break; }).catch(() => undefined);
    const charged = await settled('chat', 0, 'hasty');
    assert.ok(charged >= 400 && charged <= 700, `${charged} tokens`);
  });

  test('what the provider refused is free', async () => {
    for (const content of ['error 400', 'error 503']) await app.chat('any', chatBody('small', content), { 'x-tenant': 'unlucky' });
    await counts(0, 'chat', 0, 'unlucky');
    await chat('unlucky');
    await counts(TOKENS, 'chat', 0, 'unlucky');
  });

  test('all tenants count into the budget for everyone', async () => {
    const known = await settled('chat', 2);
    await Promise.all(['dave', 'erin', 'frank'].map((tenant) => chat(tenant)));
    await counts(known + 3 * TOKENS, 'chat', 2);
  });
});

describe('a request without a key', () => {
  test('is refused in the client\'s dialect, and no provider hears of it', async () => {
    const known = vllm.requests.length + second.requests.length + claude.requests.length;
    const answer = await app.chat('any', chatBody('small', 'hello'));
    assert.equal(answer.status, 400, answer.text);
    assert.equal(errorCode(answer), 'missing_header');
    assert.equal((await app.chat('any', chatBody('small', 'hello'), { 'x-tenant': '' })).status, 400);
    const anthropicAnswer = await app.send('any', '/v1/messages', JSON.stringify({ model: 'claude-sonnet-4-6', max_tokens: 10, messages: [{ role: 'user', content: 'hello' }] }));
    assert.equal(anthropicAnswer.status, 400);
    assert.equal((JSON.parse(anthropicAnswer.text) as { type: string }).type, 'error');
    assert.equal(vllm.requests.length + second.requests.length + claude.requests.length, known);
  });
});

describe('a client that says itself by what it is counted', () => {
  test('is counted as who it is all the same, and the provider sees no more than a digest', async () => {
    const headers = { 'x-tenant': 'mallory', 'x-ai-gateway-limit-key-x-tenant': limitKeyDigest('alice'), 'x-ai-gateway-llm-model': 'other' };
    const answer = await app.chat('any', chatBody('big', 'spoofed'), headers);
    assert.equal(answer.status, 200);
    await counts(TOKENS, 'chat', 0, 'mallory');
    await counts(OUTPUT, 'chat', 1, 'mallory');
    const sent = [...vllm.requests, ...second.requests].find(({ body }) => body.includes('spoofed'));
    assert.equal(sent?.headers['x-ai-gateway-limit-key-x-tenant'], limitKeyDigest('mallory'));
  });
});

describe('a budget for some models', () => {
  test('is shared by them, is no other model\'s, and over it the client gets 429 in OpenAI\'s dialect, plain and streamed', async () => {
    for (let used = 0; used <= 40; used += OUTPUT) {
      assert.equal((await chat('grace', used % 2 === 0 ? 'big' : 'big.2')).status, 200);
      await counts(used + OUTPUT, 'chat', 1, 'grace');
    }
    const known = vllm.requests.length + second.requests.length;
    for (const more of [{}, { stream: true }]) {
      const answer = await chat('grace', 'big', more);
      assert.equal(answer.status, 429, answer.text);
      assert.equal(errorCode(answer), 'rate_limit_exceeded');
      assert.equal(answer.headers['x-ratelimit-remaining'], '0');
      assert.match(String(answer.headers['x-ratelimit-limit']), /^40, /);
      retryAfter(answer);
    }
    await assert.rejects(openAi('grace').chat.completions.create({ model: 'big.2', messages: [{ role: 'user', content: 'hello' }] }), (error: unknown) => {
      assert.ok(error instanceof OpenAI.RateLimitError);
      assert.equal(error.code, 'rate_limit_exceeded');
      assert.ok(Number(error.headers.get('retry-after')) > 0);
      return true;
    });
    assert.equal(vllm.requests.length + second.requests.length, known, 'no provider hears of them');
    await counts(42, 'chat', 1, 'grace');
    assert.equal((await chat('grace', 'bigger')).status, 200);
    assert.equal((await chat('heidi', 'big')).status, 200);
  });
});

describe('a budget of each API-key client', () => {
  const ask = (key: string, more: Record<string, unknown> = {}) => app.chat('team.example.com', chatBody('small', 'by key', more), { 'authorization': `Bearer ${key}`, 'x-llm-client-id': 'blue' });

  test('is counted by who the key says it is, though no provider hears who', async () => {
    for (const used of [1, 2, 3]) {
      assert.equal((await ask(RED, { stream: used === 2 })).status, 200);
      await counts(used * TOKENS, 'team', 0, 'red');
    }
    const answer = await ask(RED);
    assert.equal(answer.status, 429, answer.text);
    assert.equal(errorCode(answer), 'rate_limit_exceeded');
    retryAfter(answer);
    assert.equal((await ask(BLUE)).status, 200);
    await counts(TOKENS, 'team', 0, 'blue');
    assert.equal((await app.chat('team.example.com', chatBody('small', 'by nobody'))).status, 401);
    const sent = vllm.requests.filter(({ body }) => body.includes('by key'));
    assert.equal(sent.length, 4);
    assert.deepEqual(sent.filter(({ headers }) => headers['x-llm-client-id'] !== undefined || headers.authorization !== undefined), []);
    assert.equal(sent[0].headers['x-ai-gateway-limit-key-x-llm-client-id'], limitKeyDigest('red'));
  });
});

describe('a budget of each value of a claim', () => {
  const staffToken = (team: string | undefined) => `Bearer ${issuer.token({
    iss: STAFF_ISSUER, aud: 'llm', sub: 'u1', exp: Math.floor(Date.now() / 1_000) + 600, ...team !== undefined && { org: { team } },
  })}`;
  // What the client says of itself does not count.
  const ask = (team: string | undefined, more: Record<string, string> = {}) => app.chat('staff.example.com', chatBody('small', 'by claim'), {
    authorization: staffToken(team), [claimHeader('org.team')]: 'sales', ...more,
  });

  test('is counted by what the token says, plain and over the limit; a token without the claim is refused', async () => {
    for (const used of [1, 2, 3]) {
      assert.equal((await ask('research')).status, 200);
      await counts(used * TOKENS, 'staff', 0, 'research');
    }
    const answer = await ask('research');
    assert.equal(answer.status, 429, answer.text);
    assert.equal(errorCode(answer), 'rate_limit_exceeded');
    retryAfter(answer);
    assert.equal((await ask('sales')).status, 200);
    await counts(TOKENS, 'staff', 0, 'sales');
    assert.equal((await ask(undefined)).status, 403);
    const sent = vllm.requests.filter(({ body }) => body.includes('by claim'));
    assert.equal(sent.length, 4);
    assert.deepEqual(sent.flatMap(({ headers }) => Object.keys(headers)).filter((name) => name.startsWith('x-llm-') || name === 'authorization'), []);
  });

  test('holds beside the rate limit of a policy on the whole Gateway', async () => {
    const gateway = list('gateways', '-n', 'llm')[0].metadata.name;
    apply({
      apiVersion: 'gateway.envoyproxy.io/v1alpha1',
      kind: 'BackendTrafficPolicy',
      metadata: { name: 'owners', namespace: 'llm' },
      spec: {
        targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: gateway }],
        rateLimit: { type: 'Global', global: { rules: [{ clientSelectors: [{ headers: [{ name: 'x-device', type: 'Distinct' }] }], limit: { requests: 2, unit: 'Year' }, shared: true }] } },
      },
    });
    try {
      // Each device has two requests; a team's budget is that of before.
      let device = 0;
      await eventually('the Gateway\'s limit holds', async () => {
        device += 1;
        const statuses = [];
        for (let request = 0; request < 3; request += 1) statuses.push((await ask(`team-${device}-${request}`, { 'x-device': `d${device}` })).status);
        return statuses.join() === '200,200,429';
      }, 30_000);
      assert.equal((await ask('research')).status, 429);
      assert.equal((await ask('legal')).status, 200);
      await counts(TOKENS, 'staff', 0, 'legal');
    } finally {
      kubectl(['delete', 'backendtrafficpolicy', '-n', 'llm', 'owners']);
    }
  });
});

describe('a budget of money', () => {
  const ask = (tenant: string) => anthropic(tenant).messages.create({ model: 'claude-sonnet-4-6', max_tokens: 10, messages: [{ role: 'user', content: 'hello' }] });

  test('counts what the price list says, cached tokens apart, plain and streamed; over it the client gets 429 in Anthropic\'s dialect', async () => {
    for (let request = 1; request <= 4; request += 1) {
      if (request % 2 === 0) await ask('ivan');
      else for await (const _ of anthropic('ivan').messages.stream({ model: 'claude-sonnet-4-6', max_tokens: 10, messages: [{ role: 'user', content: 'hello' }] })) { /* to its end */ }
      const units = await settled('claude', 0, 'ivan');
      assert.ok(units >= Math.floor(PRICE) * request && units <= Math.ceil(PRICE) * request, `${units} after ${request} requests`);
    }
    for (const stream of [false, true]) {
      const body = JSON.stringify({ model: 'claude-sonnet-4-6', max_tokens: 10, stream, messages: [{ role: 'user', content: 'hello' }] });
      const answer = await app.send('any', '/v1/messages', body, { 'x-tenant': 'ivan' });
      assert.equal(answer.status, 429, answer.text);
      const { type, error } = JSON.parse(answer.text) as { type: string; error: { type: string; message: string } };
      assert.deepEqual([type, error.type], ['error', 'rate_limit_error']);
      assert.equal(answer.headers['x-ratelimit-remaining'], '0');
      retryAfter(answer);
    }
    await assert.rejects(ask('ivan'), Anthropic.RateLimitError);
    await ask('judy');
  });
});

describe('Redis', () => {
  test('is away: requests pass, uncounted, and nobody waits; is back: budgets hold again', async () => {
    await kubectlMeanwhile(['scale', '-n', 'redis', 'deployment/redis', '--replicas=0']);
    await eventually('its pod is gone', () => list('pods', '-n', 'redis').length === 0, 30_000);
    await eventually('requests pass without a budget', async () => {
      const answer = await chat('kim');
      assert.equal(answer.status, 200, answer.text);
      return answer.headers['x-ratelimit-remaining'] === undefined;
    });
    assert.equal((await chat('kim', 'small', { stream: true })).status, 200);
    await kubectlMeanwhile(['scale', '-n', 'redis', 'deployment/redis', '--replicas=1']);
    await kubectlMeanwhile(['wait', '--for=condition=Available', '-n', 'redis', 'deployment/redis', '--timeout=60s']);
    // The rate limit service asks for it after growing pauses.
    await eventually('they are counted again', async () => (await chat('kim')).headers['x-ratelimit-remaining'] !== undefined, 120_000);
    const known = await settled('chat', 0, 'kim');
    await chat('kim');
    await counts(known + TOKENS, 'chat', 0, 'kim');
  });
});
