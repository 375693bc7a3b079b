import { App, Chart, Testing } from 'cdk8s';
import { Secret } from 'cdk8s-plus-28';
import {
  BackendModel, ClientAuth, CostType, CountedTokens, GatewayRef, Jwks, LimitPeriod, LlmBackend, LlmGateway,
  LlmProvider, LlmRoute, LlmRouteProps, ModelMatch, TokenLimitKey, TokenLimitOptions,
} from '../src';
import { claimHeader, CLIENT_ID_HEADER } from '../src/client-identity';
import { parseObjects } from '../src/resources/parse';
import { idleLimitDefects } from '../src/token-limit-defects';

type Manifest = { apiVersion: string; kind: string; metadata: { name: string; namespace: string }; spec: any }; // eslint-disable-line @typescript-eslint/no-explicit-any

const TENANT = TokenLimitKey.header('X-Tenant');

class Fixture {
  readonly chart = new Chart(new App(), 'chart', { namespace: 'llm' });
  readonly gateway = new LlmGateway(this.chart, 'Gateway', { gateway: GatewayRef.named('shared', 'infra') });
  readonly keys = Secret.fromSecretName(this.chart, 'Keys', 'keys');
  readonly openAi = new LlmBackend(this.chart, 'openai', { metadata: { name: 'openai' }, provider: LlmProvider.openAi({ apiKey: { secret: this.keys, key: 'openai' } }) });
  readonly kserve = new LlmBackend(this.chart, 'kserve', { metadata: { name: 'kserve' }, provider: LlmProvider.openAiCompatible({ host: 'kserve.models', port: 8080 }) });

  route(props: Partial<LlmRouteProps> = {}): LlmRoute {
    return new LlmRoute(this.chart, 'Chat', { gateway: this.gateway, name: 'chat', rules: [{ targets: [{ backend: this.openAi }] }], ...props });
  }

  one(kind: string): Manifest {
    return (Testing.synth(this.chart) as Manifest[]).find((manifest) => manifest.kind === kind)!;
  }
}

let fixture: Fixture;
beforeEach(() => { fixture = new Fixture(); });

const rules = () => fixture.one('BackendTrafficPolicy').spec.rateLimit.global.rules;

describe('a token limit', () => {
  test('becomes a shared rate limit rule that asks for nothing before the answer, a cost, and a header that requests must have', () => {
    fixture.route().addTokenLimit({ tokens: 1_000_000, per: LimitPeriod.DAY, key: TENANT });

    expect(rules()).toEqual([{
      clientSelectors: [{ headers: [{ name: 'x-ai-gateway-limit-key-x-tenant', type: 'Distinct' }] }],
      limit: { requests: 1_000_000, unit: 'Day' },
      cost: { request: { from: 'Number', number: 0 }, response: { from: 'Metadata', metadata: { namespace: 'io.envoy.ai_gateway', key: 'total_tokens' } } },
      shared: true,
    }]);
    expect(fixture.one('LLMRoute').spec).toMatchObject({ costs: [{ metadataKey: 'total_tokens', type: 'TotalToken' }], limitKeys: [{ header: 'x-tenant' }] });
  });

  test('adds rules in the order of the calls, and each cost once', () => {
    const route = fixture.route({
      costs: [{ metadataKey: 'output_tokens', type: CostType.OUTPUT_TOKEN }], tokenLimits: [{ tokens: 1, per: LimitPeriod.SECOND, key: TENANT }],
    });
    route.addTokenLimit({ tokens: 2, per: LimitPeriod.MINUTE, key: TENANT, count: CountedTokens.OUTPUT });
    route.addTokenLimit({ tokens: 3, per: LimitPeriod.YEAR, key: TokenLimitKey.everyone(), count: CountedTokens.INPUT });
    route.addTokenLimit({ tokens: 4, per: LimitPeriod.WEEK, key: TENANT, count: CountedTokens.TOTAL });

    expect(rules().map((rule: Record<string, { requests: number; unit: string }>) => [rule.limit.requests, rule.limit.unit])).toEqual([[1, 'Second'], [2, 'Minute'], [3, 'Year'], [4, 'Week']]);
    expect(rules()[2].clientSelectors).toBeUndefined();
    const { costs, limitKeys } = fixture.one('LLMRoute').spec;
    expect(costs).toEqual([
      { metadataKey: 'output_tokens', type: 'OutputToken' }, { metadataKey: 'total_tokens', type: 'TotalToken' }, { metadataKey: 'input_tokens', type: 'InputToken' },
    ]);
    expect(limitKeys).toEqual([{ header: 'x-tenant' }]);
  });

});

describe('of money', () => {
  test.each([
    [4_294.967295, 4_294_967_295, 1_000_000, 'usd_1e-6'],
    [0.000001, 1, 1_000_000, 'usd_1e-6'],
    [4_294.97, 42_949_700, 10_000, 'usd_1e-4'],
    [429_496.7295, 4_294_967_295, 10_000, 'usd_1e-4'],
    [1_000_000, 100_000_000, 100, 'usd_1e-2'],
    [42_949_672.95, 4_294_967_295, 100, 'usd_1e-2'],
  ])('%d dollars are counted in the finest unit that 32 bits hold', (usd, requests, unitsPerDollar, metadataKey) => {
    fixture.route().addTokenLimit({ usd, per: LimitPeriod.MONTH, key: TENANT });

    expect(rules()[0].limit).toEqual({ requests, unit: 'Month' });
    expect(rules()[0].cost.response.metadata.key).toBe(metadataKey);
    expect(fixture.one('LLMRoute').spec.costs).toEqual([{ metadataKey, type: 'Price', unitsPerDollar }]);
  });
});

describe('of models', () => {
  const selector = () => rules()[0].clientSelectors[0].headers;

  test('names one by itself', () => {
    fixture.route().addTokenLimit({ tokens: 1, per: LimitPeriod.DAY, key: TENANT, models: [ModelMatch.exact('gpt-4o')] });

    expect(selector()).toEqual([{ name: 'x-ai-gateway-limit-key-x-tenant', type: 'Distinct' }, { name: 'x-ai-gateway-llm-model', type: 'Exact', value: 'gpt-4o' }]);
    expect(fixture.one('LLMRoute').spec.limitKeys).toEqual([{ header: 'x-tenant', models: [{ type: 'Exact', value: 'gpt-4o' }] }]);
  });

  test('names several by one expression, so that they share a budget', () => {
    fixture.route().addTokenLimit({
      tokens: 1, per: LimitPeriod.DAY, key: TokenLimitKey.everyone(), models: [ModelMatch.exact('llama3.1:70b'), ModelMatch.prefix('meta/llama+'), ModelMatch.regularExpression('o[134]|o4-mini')],
    });

    expect(selector()).toEqual([{ name: 'x-ai-gateway-llm-model', type: 'RegularExpression', value: '^(?:llama3\\.1\\:70b|meta\\/llama\\+.*|(?:o[134]|o4-mini))$' }]);
    const expression = new RegExp(selector()[0].value);
    expect(['llama3.1:70b', 'meta/llama+x', 'o3', 'o4-mini'].every((model) => expression.test(model))).toBe(true);
    expect(['llama3x1:70b', 'xmeta/llama+', 'meta/llamaa', 'o34', 'o4-mini2'].some((model) => expression.test(model))).toBe(false);
    expect(fixture.one('LLMRoute').spec.limitKeys).toBeUndefined();
  });

  test('that two limits name ask for the key together; where one limit is for all, of all', () => {
    const route = fixture.route();
    for (const name of ['a', 'b', 'a']) route.addTokenLimit({ tokens: 1, per: LimitPeriod.DAY, key: TENANT, models: [ModelMatch.exact(name)] });
    expect(fixture.one('LLMRoute').spec.limitKeys).toEqual([{ header: 'x-tenant', models: [{ type: 'Exact', value: 'a' }, { type: 'Exact', value: 'b' }] }]);

    route.addTokenLimit({ tokens: 1, per: LimitPeriod.HOUR, key: TENANT });
    expect(fixture.one('LLMRoute').spec.limitKeys).toEqual([{ header: 'x-tenant' }]);
  });
});

describe('keys', () => {
  test('of authenticated clients are the headers that Envoy sets, and need that authentication', () => {
    const limits: TokenLimitOptions[] = [TokenLimitKey.apiKeyClient(), TokenLimitKey.jwtClaim('org.Team')].map((key) => ({ tokens: 1, per: LimitPeriod.DAY, key }));

    expect(limits.map(({ key }) => key._source)).toEqual([
      { kind: 'apiKeyClient', header: CLIENT_ID_HEADER }, { kind: 'jwtClaim', header: 'x-llm-claim-org-team', claim: 'org.Team' },
    ]);
    expect(claimHeader('org.Team')).toBe('x-llm-claim-org-team');
    expect(idleLimitDefects(limits, { apiKeys: true, jwt: true }, undefined)).toEqual([]);
    expect(idleLimitDefects(limits, { apiKeys: false, jwt: false }, undefined)).toEqual([
      'token limit 1 counts by the clients of API keys, but no client sends one: set clientAuth of the route or its gateway to ClientAuth.apiKeys(...), or take another key',
      'token limit 2 counts by a claim of JWTs, but no client sends one: set clientAuth of the route or its gateway to ClientAuth.jwt(...), or take another key',
    ]);
  });

  test('come from the client authentication of the route: claims are asked for, no provider gets them, and what is counted by stays', () => {
    fixture.route({
      clientAuth: ClientAuth.allOf(ClientAuth.apiKeys({ secrets: [Secret.fromSecretName(fixture.chart, 'Clients', 'clients')] }), ClientAuth.jwt({
        issuer: 'https://idp.example.com', jwks: Jwks.remote('https://idp.example.com/jwks'), claims: ['sub'],
      })),
      tokenLimits: [TokenLimitKey.apiKeyClient(), TokenLimitKey.jwtClaim('org.team')].map((key) => ({ tokens: 1, per: LimitPeriod.DAY, key })),
    });

    expect(fixture.one('SecurityPolicy').spec.jwt.providers[0].claimToHeaders).toEqual([{ claim: 'sub', header: 'x-llm-claim-sub' }, { claim: 'org.team', header: 'x-llm-claim-org-team' }]);
    expect(rules().map(({ clientSelectors: [{ headers: [{ name }] }] }: { clientSelectors: Array<{ headers: Array<{ name: string }> }> }) => name))
      .toEqual(['x-ai-gateway-limit-key-x-llm-client-id', 'x-ai-gateway-limit-key-x-llm-claim-org-team']);
    expect(fixture.one('LLMRoute').spec.limitKeys).toEqual([{ header: 'x-llm-client-id' }, { header: 'x-llm-claim-org-team', claim: 'org.team' }]);
    const removed = fixture.one('HTTPRoute').spec.rules[1].filters[1].requestHeaderModifier.remove;
    expect(removed).toEqual(expect.arrayContaining(['x-llm-client-id', 'x-llm-claim-org-team', 'x-llm-claim-sub']));
    expect(removed.filter((name: string) => name.includes('limit-key'))).toEqual([]);
  });

  test('that nothing can fill fail at synth', () => {
    fixture.route().addTokenLimit({ tokens: 1, per: LimitPeriod.DAY, key: TokenLimitKey.apiKeyClient() });

    expect(() => Testing.synth(fixture.chart)).toThrow(/token limit 1 counts by the clients of API keys/);
  });
});

describe('fails at once for', () => {
  const limit = (options: Partial<TokenLimitOptions>) => () => fixture.route().addTokenLimit({ per: LimitPeriod.DAY, key: TENANT, ...options });

  test.each<[string, Partial<TokenLimitOptions>, RegExp]>([
    ['no budget', {}, /^chart\/Chat: token limit 1 has neither tokens nor usd; give one$/],
    ['two budgets', { tokens: 1, usd: 1 }, /has tokens and usd; give one/],
    ['0 tokens, which block nothing', { tokens: 0 }, /has tokens 0, which would block nothing/],
    ['0 dollars', { usd: 0 }, /has usd 0, which would block nothing/],
    ['more tokens than 32 bits hold', { tokens: 4_294_967_296 }, /has tokens 4294967296; allowed: whole numbers from 1 to 4294967295/],
    ['half a token', { tokens: 1.5 }, /has tokens 1.5; allowed: whole numbers/],
    ['less than a millionth of a dollar', { usd: 0.0000001 }, /has usd 1e-7; allowed: 0.000001 to 42949672.95/],
    ['more dollars than cents fit', { usd: 42_949_673 }, /has usd 42949673; allowed: 0.000001 to 42949672.95/],
    ['no number', { usd: Number.NaN }, /has usd NaN; allowed/],
    ['tokens to count in a budget of money', { usd: 1, count: CountedTokens.INPUT }, /has count, which goes with tokens/],
    ['an unknown period', { tokens: 1, per: 'Decade' as LimitPeriod }, /per "Decade" is not allowed; allowed: Second, Minute, Hour, Day, Week, Month, Year/],
    ['no header name', { tokens: 1, key: TokenLimitKey.header('x tenant') }, /has the header "x tenant" as its key, which is no name of a header/],
    ['a header with a secret', { tokens: 1, key: TokenLimitKey.header('Authorization') }, /which says what a client has and not who it is/],
    ['a header of the gateway', { tokens: 1, key: TokenLimitKey.header('x-llm-client-id') }, /headers x-llm-\* are the gateway's own/],
    ['the model header', { tokens: 1, key: TokenLimitKey.header('x-ai-gateway-llm-model') }, /name them in models/],
    ['no claim name', { tokens: 1, key: TokenLimitKey.jwtClaim('org..team') }, /has the JWT claim "org..team" as its key; write its name/],
    ['no models', { tokens: 1, models: [] }, /has an empty list of models/],
    ['a name that is empty', { tokens: 1, models: [ModelMatch.exact('')] }, /has models\[0\]\.value, which must not be empty/],
    ['no RE2 expression', { tokens: 1, models: [ModelMatch.regularExpression('a(?=b)')] }, /has models\[0\] "a\(\?=b\)", which is no RE2 expression: lookahead/],
    ['models that are too long together', { tokens: 1, models: Array.from({ length: 40 }, (_, index) => ModelMatch.exact(`${'m'.repeat(30)}${index}`)) }, /Envoy Gateway takes 1024/],
    ['what looks like a key', { tokens: 1, models: [ModelMatch.exact('sk-proj-abcdefghijklmnopqrstuvwx')] }, /has models\[0\]\.value, which holds what looks like an API key/],
  ])('%s', (_, options, message) => {
    expect(limit(options)).toThrow(message);
  });

  test('more limits than Envoy Gateway takes', () => {
    const route = fixture.route();
    for (let place = 0; place < 256; place += 1) route.addTokenLimit({ tokens: 1, per: LimitPeriod.DAY, key: TENANT });
    expect(() => route.addTokenLimit({ tokens: 1, per: LimitPeriod.DAY, key: TENANT })).toThrow('chart/Chat: token limit 257 is one more than the 256 that Envoy Gateway takes on one route');
  });

  test('a metadata key that means something else', () => {
    const route = fixture.route({ costs: [{ metadataKey: 'total_tokens', type: CostType.INPUT_TOKEN }] });
    expect(() => route.addTokenLimit({ tokens: 1, per: LimitPeriod.DAY, key: TENANT }))
      .toThrow('chart/Chat: token limit 1 counts TotalToken under the metadata key "total_tokens", which costs of the route use for InputToken; give that cost another key');
  });

  test('two claims in one header', () => {
    const route = fixture.route({ tokenLimits: [{ tokens: 1, per: LimitPeriod.DAY, key: TokenLimitKey.jwtClaim('org.team') }] });
    expect(() => route.addTokenLimit({ tokens: 1, per: LimitPeriod.DAY, key: TokenLimitKey.jwtClaim('org-team') })).toThrow(/comes in the same header x-llm-claim-org-team as "org.team"/);
  });
});

test('a model that no rule takes fails at synth', () => {
  const route = fixture.route({ rules: [{ models: [ModelMatch.exact('a'), ModelMatch.prefix('gpt-')], targets: [{ backend: fixture.openAi }] }] });
  route.addTokenLimit({ tokens: 1, per: LimitPeriod.DAY, key: TENANT, models: [ModelMatch.exact('gpt-4o')] });
  expect(() => Testing.synth(fixture.chart)).not.toThrow();

  route.addTokenLimit({ tokens: 1, per: LimitPeriod.DAY, key: TENANT, models: [ModelMatch.exact('a'), ModelMatch.exact('gpt4o')] });
  expect(() => Testing.synth(fixture.chart)).toThrow(/token limit 2 is for model "gpt4o", which no rule of the route takes/);
});

describe('a budget of money for a model without a price fails at synth', () => {
  const synth = (routeRules: LlmRouteProps['rules'], limit: Partial<TokenLimitOptions> = {}) => () => {
    fixture.route({ rules: routeRules, tokenLimits: [{ usd: 1, per: LimitPeriod.DAY, key: TENANT, ...limit }] });
    Testing.synth(fixture.chart);
  };

  test('of a server of one\'s own', () => {
    expect(synth([{ models: [ModelMatch.exact('gpt-5.2')], targets: [{ backend: fixture.openAi }] }, { models: [ModelMatch.exact('llama3')], targets: [{ backend: fixture.kserve }] }]))
      .toThrow('token limit 1 counts money, but no price list has model "llama3" of LlmBackend chart/kserve (rule 2), whose requests would cost nothing; give it prices in the LlmBackend\'s models, limit its tokens, or name the models that the limit is for in models');
  });

  test('of a provider whose list does not have it, also by the name that it is sent under', () => {
    expect(synth([{ models: [ModelMatch.exact('gpt-made-up')], targets: [{ backend: fixture.openAi }] }])).toThrow(/no price list has model "gpt-made-up"/);
    fixture = new Fixture();
    expect(synth([{ targets: [{ backend: fixture.openAi, model: 'gpt-made-up' }] }])).toThrow(/no price list has model "gpt-made-up"/);
  });

  test('but not where the LlmBackend gives its price, or the name that a list knows it by', () => {
    const costOf = (entry: BackendModel) => {
      fixture = new Fixture();
      const backend = new LlmBackend(fixture.chart, 'Azure', {
        metadata: { name: 'azure' }, provider: LlmProvider.azureOpenAi({ resource: 'team', apiKey: { secret: fixture.keys, key: 'azure' } }), models: [entry],
      });
      return synth([{ models: [ModelMatch.exact('team-a')], targets: [{ backend }] }]);
    };
    expect(costOf({ name: 'team-a', prices: { input: 1, output: 2 } })).not.toThrow();
    expect(costOf({ name: 'team-a', baseModel: 'gpt-4o' })).not.toThrow();
    expect(costOf({ name: 'team-a', baseModel: 'gpt-made-up' })).toThrow(/no price list has model "team-a"/);
    expect(costOf({ name: 'team-b', prices: { input: 1, output: 2 } })).toThrow(/no price list has model "team-a"/);
  });

  test('but not where it has a price, gets no requests, is not the limit\'s, or cannot be known', () => {
    expect(synth([{ models: [ModelMatch.exact('llama3')], targets: [{ backend: fixture.openAi, model: 'gpt-5.2' }, { backend: fixture.kserve, weight: 0 }] }])).not.toThrow();
    fixture = new Fixture();
    expect(synth([{ models: [ModelMatch.exact('llama3')], targets: [{ backend: fixture.kserve }] }, { targets: [{ backend: fixture.openAi }] }], { models: [ModelMatch.prefix('gpt-')] })).not.toThrow();
    fixture = new Fixture();
    expect(synth([{ models: [ModelMatch.prefix('gpt-')], targets: [{ backend: fixture.openAi }] }])).not.toThrow();
  });
});

test('unitsPerDollar is for prices alone', () => {
  expect(() => fixture.route({ costs: [{ metadataKey: 'a', type: CostType.INPUT_TOKEN, unitsPerDollar: 5 }] })).toThrow('costs[0].unitsPerDollar goes with CostType.PRICE');
});

test('ExtProc takes what is emitted, and refuses what contradicts itself', () => {
  fixture.route({ tokenLimits: [{ usd: 1, per: LimitPeriod.DAY, key: TENANT, models: [ModelMatch.prefix('gpt-')] }] });
  const manifest = fixture.one('LLMRoute');
  const parsed = (spec: object) => parseObjects([{ source: 'x', value: { ...manifest, spec: { ...manifest.spec, ...spec } } }]).problems.map(({ path, message }) => `${path} ${message}`);

  expect(parsed({})).toEqual([]);
  expect(parsed({ costs: [{ metadataKey: 'a', type: 'TotalToken', unitsPerDollar: 5 }] })).toEqual(['spec.costs[0].unitsPerDollar unitsPerDollar goes with type Price']);
  expect(parsed({ limitKeys: [{ header: 'a' }, { header: 'A' }] })).toEqual(['spec.limitKeys[1].header "A" is given twice']);
});
