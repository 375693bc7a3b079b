import { App, Chart } from 'cdk8s';
import { Secret } from 'cdk8s-plus-28';
import { ClientAuth, CountedTokens, InputSchema, Jwks, LimitPeriod, LlmBackend, LlmGateway, LlmProvider, LlmRoute, ModelMatch, TokenLimitKey } from '../../src';

export const STAFF_ISSUER = 'https://staff.example.com';

/**
 * Budgets of tokens and of money: for each tenant, for some models, for all together, for who an API key or a token says it is.
 *
 * @param jwks the public keys of `STAFF_ISSUER`
 */
export function limitsApp(jwks: string): App {
  const app = new App();
  const chart = new Chart(app, 'llm', { namespace: 'llm' });
  const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg' });
  const vllm = new LlmBackend(chart, 'VLlm', { metadata: { name: 'vllm' }, provider: LlmProvider.openAiCompatible({ host: 'vllm.models.svc.cluster.local', port: 8080 }) });
  const second = new LlmBackend(chart, 'Second', { metadata: { name: 'second' }, provider: LlmProvider.openAiCompatible({ host: 'second.models.svc.cluster.local', port: 8080 }) });
  const anthropic = new LlmBackend(chart, 'Anthropic', {
    metadata: { name: 'anthropic' }, provider: LlmProvider.anthropic({ apiKey: { secret: Secret.fromSecretName(chart, 'Keys', 'keys'), key: 'anthropic' } }),
  });
  const tenant = TokenLimitKey.header('x-tenant');
  const chat = new LlmRoute(chart, 'Chat', {
    gateway,
    name: 'chat',
    rules: [{ targets: [{ backend: vllm, weight: 1 }, { backend: second, weight: 1 }] }],
  });
  chat.addTokenLimit({ tokens: 6_000, per: LimitPeriod.YEAR, key: tenant });
  chat.addTokenLimit({ tokens: 40, per: LimitPeriod.YEAR, key: tenant, models: [ModelMatch.exact('big'), ModelMatch.prefix('big.')], count: CountedTokens.OUTPUT });
  chat.addTokenLimit({ tokens: 1_000_000, per: LimitPeriod.YEAR, key: TokenLimitKey.everyone() });
  const claude = new LlmRoute(chart, 'Claude', {
    gateway,
    name: 'claude',
    inputSchema: InputSchema.ANTHROPIC,
    rules: [{ models: [ModelMatch.exact('claude-sonnet-4-6')], targets: [{ backend: anthropic }] }],
  });
  claude.addTokenLimit({ usd: 0.0005, per: LimitPeriod.YEAR, key: tenant });
  new LlmRoute(chart, 'Team', {
    gateway,
    name: 'team',
    hostnames: ['team.example.com'],
    clientAuth: ClientAuth.apiKeys({ secrets: [Secret.fromSecretName(chart, 'Clients', 'clients')] }),
    rules: [{ targets: [{ backend: vllm }] }],
    tokenLimits: [{ tokens: 40, per: LimitPeriod.YEAR, key: TokenLimitKey.apiKeyClient() }],
  });
  new LlmRoute(chart, 'Staff', {
    gateway,
    name: 'staff',
    hostnames: ['staff.example.com'],
    clientAuth: ClientAuth.jwt({ issuer: STAFF_ISSUER, audiences: ['llm'], jwks: Jwks.inline(jwks) }),
    mergeWithGatewayPolicies: true,
    rules: [{ targets: [{ backend: vllm }] }],
    tokenLimits: [{ tokens: 40, per: LimitPeriod.YEAR, key: TokenLimitKey.jwtClaim('org.team') }],
  });
  return app;
}
