import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { errorCode } from './error-shape';
import { Received } from './http-request';
import { eventually } from './process';
import { chatBody, RunningApp, synthesized } from './running-app';
import { accessApp, CLIENT_KEYS, ISSUER, PAGE } from '../apps/access';
import { TestIssuer } from '../apps/test-issuer';
import { FakeOpenAi, startFakeOpenAi } from '../providers/fake-openai';
import { FakeProvider, RecordedRequest } from '../providers/fake-provider';
import { startFaultyOpenAi } from '../providers/faulty-provider';

/** Who may call which model, as real Envoy enforces it. */

type Team = keyof typeof CLIENT_KEYS;

const issuer = new TestIssuer();
const SPOOFED = { 'x-llm-client-id': 'team-b', 'x-llm-claim-org-team': 'sales', 'x-llm-claim-groups': Buffer.from('["admins"]').toString('base64url') };

let app: RunningApp;
let main: FakeOpenAi;
let faulty: FakeProvider;

const keyOf = (team: Team) => ({ authorization: `Bearer ${CLIENT_KEYS[team]}` });
const tokenOf = (claims: Record<string, unknown>, from = issuer) => ({
  authorization: `Bearer ${from.token({ iss: ISSUER, aud: 'llm', sub: 'u1', exp: Math.floor(Date.now() / 1_000) + 600, ...claims })}`,
});

async function models(host: string, headers: Record<string, string>): Promise<string[]> {
  const answer = await app.send(host, '/v1/models', undefined, headers);
  assert.equal(answer.status, 200, answer.text);
  return (JSON.parse(answer.text) as { data: Array<{ id: string }> }).data.map(({ id }) => id);
}

function messageOf(answer: Received): string {
  return (JSON.parse(answer.text) as { error: { message: string } }).error.message;
}

/** What the provider got of who called: nothing. */
function assertAnonymous(request: RecordedRequest | undefined): void {
  assert.ok(request);
  const names = Object.keys(request.headers);
  assert.deepEqual(names.filter((name) => /^x-llm-|^x-ai-gateway-|^authorization$|^x-api-key$/.test(name)), []);
  const sent = JSON.stringify(request.headers) + request.body.toString('utf8') + request.path;
  for (const key of Object.values(CLIENT_KEYS)) assert.ok(!sent.includes(key));
  assert.ok(!sent.includes('eyJhbGci'));
}

before(async () => {
  [main, faulty] = await Promise.all([startFakeOpenAi(), startFaultyOpenAi(() => '503')]);
  app = await RunningApp.start({ manifests: synthesized(accessApp(issuer.jwks)), backends: { main: main.port, faulty: faulty.port }, failover: true });
  const hosts: ReadonlyArray<readonly [string, Record<string, string>]> = [
    ['keys.example.com', keyOf('team-b')], ['browser.example.com', keyOf('team-b')], ['tokens.example.com', tokenOf({})], ['open.example.com', {}],
  ];
  for (const [host, headers] of hosts) await eventually(`${host} answers`, async () => (await app.send(host, '/v1/models', undefined, headers)).status === 200);
});

after(async () => {
  await app?.stop();
  await Promise.all([main?.close(), faulty?.close()]);
});

describe('API keys', () => {
  for (const stream of [false, true]) {
    test(`no key and a wrong key are 401 in the dialect, and reach no provider; stream: ${stream}`, async () => {
      const count = main.requests.length;
      const without = await app.chat('keys.example.com', chatBody('gpt-small', 'hi', { stream }));
      assert.equal(without.status, 401);
      assert.equal(errorCode(without), 'missing_credential');
      const wrong = await app.chat('keys.example.com', chatBody('gpt-small', 'hi', { stream }), { authorization: 'Bearer wrong' });
      assert.equal(wrong.status, 401);
      assert.equal(errorCode(wrong), 'invalid_credential');
      assert.equal((await app.send('keys.example.com', '/v1/models')).status, 401);
      assert.equal(main.requests.length, count);
    });

    test(`a known key passes in either header, and reaches no provider; stream: ${stream}`, async () => {
      for (const headers of [keyOf('team-a'), { 'x-api-key': CLIENT_KEYS['team-a'] }, { authorization: CLIENT_KEYS['team-a'] }]) {
        const answer = await app.chat('keys.example.com', chatBody('gpt-small', 'hi', { stream }), { ...headers, ...SPOOFED });
        assert.equal(answer.status, 200, answer.text);
        assertAnonymous(main.requests.at(-1));
      }
    });
  }

  for (const stream of [false, true]) {
    test(`a model that the client may not call is 403, whatever client it says to be; stream: ${stream}`, async () => {
      const count = main.requests.length;
      const cases: ReadonlyArray<Record<string, string>> = [{}, SPOOFED, { 'x-ai-gateway-llm-model': 'gpt-small' }];
      for (const headers of cases) {
        const answer = await app.chat('keys.example.com', chatBody('gpt-large', 'hi', { stream }), { ...keyOf('team-a'), ...headers });
        assert.equal(answer.status, 403);
        assert.equal(errorCode(answer), 'permission_denied');
      }
      assert.equal(main.requests.length, count);
    });
  }

  test('names and prefixes of models, client by client, are what the list of models says', async () => {
    const allowed: Record<Team, string[]> = { 'team-a': [], 'team-b': [], 'team-c': [] };
    for (const team of Object.keys(CLIENT_KEYS) as Team[]) {
      for (const model of ['gpt-small', 'gpt-large', 'llama-8b', 'llama-70b', 'mistral-7b']) {
        if ((await app.chat('keys.example.com', chatBody(model, 'hi'), keyOf(team))).status === 200) allowed[team].push(model);
      }
    }
    assert.deepEqual(allowed, {
      'team-a': ['gpt-small', 'llama-8b', 'llama-70b'], 'team-b': ['gpt-small', 'gpt-large', 'llama-8b', 'llama-70b', 'mistral-7b'], 'team-c': ['gpt-small', 'gpt-large', 'mistral-7b'],
    });
    for (const team of Object.keys(CLIENT_KEYS) as Team[]) {
      assert.deepEqual((await models('keys.example.com', { ...keyOf(team), ...SPOOFED })).filter((id) => !id.startsWith('edited')), allowed[team]);
    }
  });

  test('the OpenAI client raises its own errors', async () => {
    const fetchAs = (host: string): typeof fetch => async (url, init) => {
      const { status, headers, text } = await app.send(host, new URL(String(url)).pathname, String(init?.body), Object.fromEntries(new Headers(init?.headers)));
      return new Response(text, { status, headers: headers as Record<string, string> });
    };
    const client = (apiKey: string) => new OpenAI({ apiKey, baseURL: 'http://gateway/v1', maxRetries: 0, fetch: fetchAs('keys.example.com') });
    const call = (openAi: OpenAI, model: string) => openAi.chat.completions.create({ model, messages: [{ role: 'user', content: 'hi' }] });
    await assert.rejects(call(client('wrong'), 'gpt-small'), OpenAI.AuthenticationError);
    await assert.rejects(call(client(CLIENT_KEYS['team-a']), 'gpt-large'), OpenAI.PermissionDeniedError);
    assert.equal((await call(client(CLIENT_KEYS['team-a']), 'gpt-small')).object, 'chat.completion');

    const claude = (apiKey: string) => new Anthropic({ apiKey, baseURL: 'http://gateway', maxRetries: 0, fetch: fetchAs('claude.example.com') });
    const ask = (anthropic: Anthropic, model: string) => anthropic.messages.create({ model, max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] });
    await assert.rejects(ask(claude('wrong'), 'gpt-small'), Anthropic.AuthenticationError);
    await assert.rejects(ask(claude(CLIENT_KEYS['team-a']), 'gpt-large'), Anthropic.PermissionDeniedError);
    assert.equal((await ask(claude(CLIENT_KEYS['team-a']), 'gpt-small')).type, 'message');
  });

  test('an Anthropic client gets 401 and 403 in its own shape, also where it asked for a stream', async () => {
    const body = (model: string) => JSON.stringify({ model, max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'hi' }] });
    for (const [model, headers, status, type] of [['gpt-small', {}, 401, 'authentication_error'], ['gpt-large', { 'x-api-key': CLIENT_KEYS['team-a'] }, 403, 'permission_error']] as const) {
      const answer = await app.send('claude.example.com', '/v1/messages', body(model), headers);
      assert.equal(answer.status, status);
      assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
      const { type: outer, error } = JSON.parse(answer.text) as { type: string; error: { type: string } };
      assert.deepEqual([outer, error.type], ['error', type]);
    }
  });
});

describe('tokens', () => {
  test('are refused with the reason and www-authenticate', async () => {
    const cases: ReadonlyArray<readonly [Record<string, string>, number, RegExp]> = [
      [{}, 401, /needs a token/],
      [{ authorization: 'Bearer a.b.c' }, 401, /not valid/],
      [tokenOf({ exp: 1_000 }), 401, /expired/],
      [tokenOf({ aud: 'other' }), 403, /another audience/],
      [tokenOf({ iss: 'https://other.example.com' }), 401, /not valid/],
      [tokenOf({}, new TestIssuer()), 401, /not valid/],
    ];
    for (const [headers, status, message] of cases) {
      const answer = await app.chat('tokens.example.com', chatBody('gpt-small', 'hi'), headers);
      assert.equal(answer.status, status, answer.text);
      assert.match(messageOf(answer), message);
      assert.match(String(answer.headers['www-authenticate']), /^Bearer realm=/);
    }
  });

  test('a token in the query is none', async () => {
    const token = tokenOf({ groups: ['admins'] }).authorization.slice('Bearer '.length);
    assert.equal((await app.send('tokens.example.com', `/v1/chat/completions?access_token=${token}`, chatBody('gpt-small', 'hi'))).status, 401);
  });

  test('claims say which models may be called and are listed; sent headers do not', async () => {
    const cases: ReadonlyArray<readonly [Record<string, unknown>, string[]]> = [
      [{ org: { team: 'sales' } }, ['gpt-small']],
      [{ org: { team: 'other' } }, []],
      [{ groups: ['users', 'admins'] }, ['gpt-small', 'gpt-large', 'llama-8b', 'llama-70b', 'mistral-7b']],
      [{ groups: 'admins' }, []],
      [{}, []],
    ];
    for (const [claims, expected] of cases) {
      const headers = { ...tokenOf(claims), ...SPOOFED };
      assert.deepEqual(await models('tokens.example.com', headers), expected, JSON.stringify(claims));
      for (const model of ['gpt-small', 'gpt-large']) {
        const answer = await app.chat('tokens.example.com', chatBody(model, 'hi'), headers);
        assert.equal(answer.status, expected.includes(model) ? 200 : 403, `${model} ${JSON.stringify(claims)}: ${answer.text}`);
        if (answer.status === 200) assertAnonymous(main.requests.at(-1));
      }
    }
  });

  test('a rule may match a claim', async () => {
    for (const [plan, tier] of [['gold', 'priority'], ['free', undefined]]) {
      await app.chat('tokens.example.com', chatBody('gpt-small', 'hi'), tokenOf({ org: { team: 'sales' }, plan }));
      assert.equal((JSON.parse(main.requests.at(-1)?.body.toString('utf8') ?? '{}') as { service_tier?: string }).service_tier, tier);
    }
  });

  test('key and token at once: both or 401', async () => {
    const both = { ...tokenOf({}), 'x-api-key': CLIENT_KEYS['team-a'] };
    assert.equal((await app.chat('both.example.com', chatBody('gpt-large', 'hi'), both)).status, 200);
    assertAnonymous(main.requests.at(-1));
    assert.equal((await app.chat('both.example.com', chatBody('gpt-large', 'hi'), tokenOf({}))).status, 401);
    assert.equal((await app.chat('both.example.com', chatBody('gpt-large', 'hi'), { 'x-api-key': CLIENT_KEYS['team-a'] })).status, 401);
  });
});

describe('browsers', () => {
  const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type,x-stainless-lang' };

  test('a preflight is answered without a key, for the page that may call', async () => {
    const count = main.requests.length;
    const answer = await app.bodyless('OPTIONS', 'browser.example.com', '/v1/chat/completions', { ...preflight, origin: PAGE });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['access-control-allow-origin'], PAGE);
    assert.equal(answer.headers['access-control-allow-headers'], preflight['access-control-request-headers']);
    assert.match(String(answer.headers['access-control-allow-methods']), /POST/);
    const other = await app.bodyless('OPTIONS', 'browser.example.com', '/v1/chat/completions', { ...preflight, origin: 'https://other.example.com' });
    assert.equal(other.headers['access-control-allow-origin'], undefined);
    assert.equal(main.requests.length, count);
  });

  test('the page reads answers and errors; another does not', async () => {
    const cases: ReadonlyArray<readonly [string, Record<string, string>, number]> = [['gpt-small', keyOf('team-a'), 200], ['gpt-small', {}, 401], ['none', keyOf('team-a'), 404]];
    for (const [model, headers, status] of cases) {
      for (const stream of [false, true]) {
        const answer = await app.chat('browser.example.com', chatBody(model, 'hi', { stream }), { ...headers, origin: PAGE });
        assert.equal(answer.status, status);
        assert.equal(answer.headers['access-control-allow-origin'], PAGE);
        assert.match(String(answer.headers['access-control-expose-headers']), /retry-after/);
        assert.equal(main.requests.at(-1)?.headers.origin, undefined);
      }
      const other = await app.chat('browser.example.com', chatBody(model, 'hi'), { ...headers, origin: 'https://other.example.com' });
      assert.equal(other.headers['access-control-allow-origin'], undefined);
    }
  });

  test('what is no preflight is refused without reaching a provider', async () => {
    const count = main.requests.length;
    const answer = await app.bodyless('OPTIONS', 'browser.example.com', '/v1/chat/completions', keyOf('team-a'));
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.allow, 'POST');
    assert.equal(main.requests.length, count);
  });
});

test('beside a user\'s own HTTPRoute: the same on both HTTPRoutes', async () => {
  assert.equal((await app.chat('own.example.com', chatBody('gpt-small', 'hi'))).status, 401);
  assert.equal((await app.chat('own.example.com', chatBody('gpt-small', 'hi'), { 'x-envoy-ai-gateway-llm-model': 'gpt-small' })).status, 401);
  assert.equal((await app.chat('own.example.com', chatBody('gpt-large', 'hi'), keyOf('team-a'))).status, 403);
  assert.equal((await app.chat('own.example.com', chatBody('gpt-small', 'hi'), keyOf('team-a'))).status, 200);
  assertAnonymous(main.requests.at(-1));
  assert.deepEqual(await models('own.example.com', keyOf('team-a')), ['gpt-small']);
});

test('a route of nobody\'s own asks for nothing', async () => {
  assert.equal((await app.chat('open.example.com', chatBody('gpt-large', 'hi'))).status, 200);
});

describe('methods and encodings', () => {
  const host = 'open.example.com';

  test('HEAD of the list of models is its head', async () => {
    const [head, get] = [await app.bodyless('HEAD', host, '/v1/models'), await app.bodyless('GET', host, '/v1/models')];
    assert.deepEqual([head.status, head.text, head.headers['content-type']], [200, '', get.headers['content-type']]);
    assert.match(get.text, /"object":"list"/);
  });

  test('another method is told which one it must be', async () => {
    for (const [method, path, allow] of [['GET', '/v1/chat/completions', 'POST'], ['PUT', '/v1/chat/completions', 'POST'], ['DELETE', '/v1/models', 'GET, HEAD']]) {
      const answer = await app.bodyless(method, host, path);
      assert.deepEqual([answer.status, answer.headers.allow, errorCode(answer)], [405, allow, 'method_not_allowed']);
    }
  });

  test('a compressed body is refused, whatever its size', async () => {
    const count = main.requests.length;
    for (const size of [10, 100_000]) {
      const answer = await app.chat(host, chatBody('gpt-large', 'x'.repeat(size)), { 'content-encoding': 'gzip' });
      assert.deepEqual([answer.status, errorCode(answer)], [415, 'unsupported_content_encoding']);
    }
    assert.equal(main.requests.length, count);
  });
});

describe('edits of a rule', () => {
  const sent = { ...keyOf('team-a'), 'x-client-header': 'c', 'x-other': 'c' };
  type Body = { model: string; seed?: number; user?: string; metadata?: unknown };

  test('come after translation and before those of the backend', async () => {
    assert.equal((await app.chat('keys.example.com', chatBody('edited', 'hi', { seed: 1 }), sent)).status, 200);
    const request = main.requests.at(-1);
    assert.equal(request?.headers['x-order'], 'backend');
    assert.equal(request?.headers['x-added'], 'rule');
    assert.equal(request?.headers['x-other'], 'c');
    assert.equal(request?.headers['x-dropped'], undefined);
    assert.equal(request?.headers['x-client-header'], undefined);
    const { seed, metadata } = JSON.parse(request?.body.toString('utf8') ?? '') as Body;
    assert.deepEqual([seed, metadata], [undefined, { team: 'a' }]);
  });

  test('hold for the backend that takes over, which does not hear who called either', async () => {
    assert.equal((await app.chat('keys.example.com', chatBody('edited-takeover', 'hi'), sent)).headers['x-llm-attempts'], '2');
    for (const request of [faulty.requests.at(-1), main.requests.at(-1)]) {
      assertAnonymous(request);
      assert.equal(request?.headers['x-added'], 'rule');
      assert.equal((JSON.parse(request?.body.toString('utf8') ?? '') as Body).user, 'gateway');
    }
  });
});

test('no key of a client stands in the log', () => {
  for (const key of Object.values(CLIENT_KEYS)) assert.ok(!app.log.includes(key));
  assert.ok(!app.log.includes('eyJhbGci'));
});
