import { App, Chart } from 'cdk8s';
import { Secret } from 'cdk8s-plus-28';
import { HttpRoute, HttpRouteSpecRulesMatchesPathType as PathType } from '../../imports/gateway.networking.k8s.io';
import {
  ClaimMatch, ClientAuth, HeaderMatch, HttpRouteRef, InputSchema, Jwks, LlmBackend, LlmGateway, LlmProvider, LlmRoute, LlmRuleOptions, ModelMatch,
} from '../../src';

/** API keys of the clients in `clients`. */
export const CLIENT_KEYS = { 'team-a': 'key-of-team-a-000000', 'team-b': 'key-of-team-b-000000', 'team-c': 'key-of-team-c-000000' } as const;
export const ISSUER = 'https://issuer.example.com';
export const PAGE = 'https://app.example.com';

/**
 * One route a kind of client: API keys for OpenAI and Anthropic clients, tokens, both at once, a browser.
 *
 * @param jwks the issuer's public keys
 */
export function accessApp(jwks: string): App {
  const app = new App();
  const chart = new Chart(app, 'llm', { namespace: 'llm' });
  const clients = new Secret(chart, 'Clients', { metadata: { name: 'clients' }, stringData: CLIENT_KEYS });
  const apiKeys = ClientAuth.apiKeys({ secrets: [clients] });
  const jwt = ClientAuth.jwt({ issuer: ISSUER, audiences: ['llm'], jwks: Jwks.inline(jwks), claims: ['plan'] });
  const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg', clientAuth: apiKeys, mergeWithGatewayPolicies: true });
  const openAi = (name: string): LlmBackend => new LlmBackend(chart, name, {
    metadata: { name },
    provider: LlmProvider.openAiCompatible({ host: `${name}.example.com`, port: 8080 }),
    headers: { set: { 'x-order': 'backend' }, remove: ['x-dropped'] },
  });
  const main = openAi('main');
  const faulty = openAi('faulty');
  const rule = (name: string, more: Partial<LlmRuleOptions> = {}): LlmRuleOptions => ({ name, models: [ModelMatch.exact(name)], targets: [{ backend: main }], ...more });
  const models = [rule('gpt-small'), rule('gpt-large'), rule('llama-8b'), rule('llama-70b'), rule('mistral-7b')];

  const keys = new LlmRoute(chart, 'Keys', {
    gateway,
    name: 'keys',
    hostnames: ['keys.example.com'],
    rules: [
      ...models,
      rule('edited', {
        requestHeaders: { set: { 'x-order': 'rule', 'x-dropped': 'rule', 'x-added': 'rule' }, remove: ['x-client-header'] },
        requestBody: { set: { 'metadata.team': 'a' }, remove: ['seed'] },
      }),
      rule('edited-takeover', {
        targets: [{ backend: faulty }, { backend: main, priority: 1 }], failover: {}, requestHeaders: { set: { 'x-added': 'rule' } }, requestBody: { set: { user: 'gateway' } },
      }),
    ],
  });
  keys.allowModels({ clients: ['team-a'], models: [ModelMatch.exact('gpt-small'), ModelMatch.exact('edited'), ModelMatch.exact('edited-takeover'), ModelMatch.prefix('llama-')] });
  keys.allowModels({ clients: ['team-b'] });
  // As many prefixes as fit into one expression, and more: each has to be one that Envoy evaluates.
  keys.allowModels({ clients: ['team-c'], models: [...Array.from({ length: 100 }, (_, index) => ModelMatch.prefix(`none-${index}-`)), ModelMatch.prefix('gpt-'), ModelMatch.prefix('mistral')] });

  new LlmRoute(chart, 'Claude', {
    gateway,
    name: 'claude',
    hostnames: ['claude.example.com'],
    inputSchema: InputSchema.ANTHROPIC,
    rules: models,
    modelAccess: [{ clients: ['team-a'], models: [ModelMatch.exact('gpt-small')] }],
  });

  new LlmRoute(chart, 'Tokens', {
    gateway,
    name: 'tokens',
    hostnames: ['tokens.example.com'],
    clientAuth: jwt,
    rules: [
      rule('gpt-small', { name: 'gold', headers: [HeaderMatch.exact('x-llm-claim-plan', 'gold')], requestBody: { set: { service_tier: 'priority' } } }),
      ...models,
    ],
    modelAccess: [
      { claims: [ClaimMatch.exact('org.team', 'research', 'sales')], models: [ModelMatch.exact('gpt-small')] },
      { claims: [ClaimMatch.contains('groups', 'admins')] },
    ],
  });

  const own = new HttpRoute(chart, 'OwnHTTPRoute', {
    metadata: { name: 'own', namespace: 'llm' },
    spec: {
      parentRefs: [{ name: gateway.gateway.name }],
      hostnames: ['own.example.com'],
      rules: ['gpt-small', 'gpt-large'].map((model) => ({
        matches: [{ path: { type: PathType.EXACT, value: '/v1/chat/completions' }, headers: [{ name: 'x-envoy-ai-gateway-llm-model', value: model }] }],
        backendRefs: [{ group: 'gateway.envoyproxy.io', kind: 'Backend', name: main.backendName }],
      })),
    },
  });
  new LlmRoute(chart, 'Own', {
    gateway, name: 'own-models', httpRoute: HttpRouteRef.fromApiObject(own), backends: [main], modelAccess: [{ clients: ['team-a'], models: [ModelMatch.exact('gpt-small')] }],
  });

  new LlmRoute(chart, 'Both', { gateway, name: 'both', hostnames: ['both.example.com'], clientAuth: ClientAuth.allOf(apiKeys, jwt), rules: models });
  new LlmRoute(chart, 'Open', { gateway, name: 'open', hostnames: ['open.example.com'], clientAuth: ClientAuth.none(), mergeWithGatewayPolicies: false, rules: models });
  new LlmRoute(chart, 'Browser', { gateway, name: 'browser', hostnames: ['browser.example.com'], cors: { allowOrigins: [PAGE] }, rules: models });
  return app;
}
