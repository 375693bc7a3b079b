import { App, Chart } from 'cdk8s';
import { Secret, SecretValue } from 'cdk8s-plus-28';
import { LlmBackend, LlmGateway, LlmProvider, LlmRoute, ModelMatch } from '../../src';

/** Clouds whose bearer token is in a Secret `<name>-token` that something else renews. */
export const CLOUDS = ['azure', 'google'] as const;

/**
 * A model for each cloud, `azure` and `google`, which Envoy calls; and with `<cloud>-own-<number>` as many that ExtProc calls itself, as the
 * backend before is not there. Each is a rule of its own, so that what fails there is not set aside for the next.
 */
export function rotatedTokenApp(ownCalls: number): App {
  const app = new App();
  const chart = new Chart(app, 'llm', { namespace: 'llm' });
  const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg' });
  const token = (name: string): SecretValue => ({ secret: Secret.fromSecretName(chart, `${name}-token`, `${name}-token`), key: 'access_token' });
  const gone = new LlmBackend(chart, 'gone', { metadata: { name: 'gone' }, provider: LlmProvider.openAiCompatible({ host: 'gone.example.com', port: 8080 }) });
  const providers = {
    azure: LlmProvider.azureOpenAi({ resource: 'team', accessToken: token('azure') }),
    google: LlmProvider.gcpVertexAi({ project: 'p', region: 'us-central1', accessToken: token('google') }),
  };
  const route = new LlmRoute(chart, 'Chat', { gateway, name: 'chat', hostnames: ['llm.example.com'] });
  for (const name of CLOUDS) {
    const backend = new LlmBackend(chart, name, { metadata: { name }, provider: providers[name] });
    const model = name === 'azure' ? 'my-deployment' : 'gemini-2.5-flash';
    route.addRule({ models: [ModelMatch.exact(name)], targets: [{ backend, model }] });
    for (let number = 1; number <= ownCalls; number += 1) {
      const own = `${name}-own-${number}`;
      route.addRule({ models: [ModelMatch.exact(own)], targets: [{ backend: gone, model: own }, { backend, model, priority: 1 }], failover: {} });
    }
  }
  return app;
}
