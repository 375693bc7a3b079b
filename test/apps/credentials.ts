import { App, Chart } from 'cdk8s';
import { Secret, SecretValue } from 'cdk8s-plus-28';
import { LlmBackend, LlmGateway, LlmProvider, LlmRoute, ModelMatch } from '../../src';

/** Who the gateway is to Azure. */
export interface EntraApplication {
  readonly tenantId: string;
  readonly clientId: string;
}

/** One model for each way to sign in to a cloud, and one whose callers bring their own key; all credentials are in the Secret `keys`. */
export function credentialsApp({ tenantId, clientId }: EntraApplication): App {
  const app = new App();
  const chart = new Chart(app, 'llm', { namespace: 'llm' });
  const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg' });
  const keys = Secret.fromSecretName(chart, 'Keys', 'keys');
  const secret = (key: string): SecretValue => ({ secret: keys, key });
  const providers: Readonly<Record<string, LlmProvider>> = {
    azure: LlmProvider.azureOpenAi({ resource: 'team', entraId: { tenantId, clientId, clientSecret: secret('client-secret') } }),
    google: LlmProvider.gcpVertexAi({ project: 'p', region: 'us-central1', serviceAccount: secret('service_account.json') }),
    irsa: LlmProvider.awsBedrock({ region: 'us-east-1' }),
    assumed: LlmProvider.awsBedrock({ region: 'us-east-1', assumeRole: { roleArn: 'arn:aws:iam::123456789012:role/assumed' } }),
    token: LlmProvider.azureOpenAi({ resource: 'team', accessToken: secret('access_token') }),
    brought: LlmProvider.openAiCompatible({ host: 'open.example.com', port: 8080, tls: false, credentialFromRequest: { header: 'x-own-key' } }),
  };
  const route = new LlmRoute(chart, 'Chat', { gateway, name: 'chat', hostnames: ['llm.example.com'] });
  for (const [name, provider] of Object.entries(providers)) {
    const backend = new LlmBackend(chart, name, { metadata: { name }, provider });
    const model = provider === providers.azure || provider === providers.token ? 'my-deployment' : undefined;
    route.addRule({ models: [ModelMatch.exact(name)], targets: [{ backend, model }] });
  }
  return app;
}
