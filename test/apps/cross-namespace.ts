import { App, Chart } from 'cdk8s';
import { LlmBackend, LlmGateway, LlmProvider, LlmRoute, ModelMatch } from '../../src';

/** A route of one team on backends and a gateway of others. */
export function crossNamespaceApp(): App {
  const app = new App();
  const infra = new Chart(app, 'infra', { namespace: 'infra' });
  const gateway = new LlmGateway(infra, 'Gateway', { gatewayClassName: 'eg' });
  const models = new Chart(app, 'models', { namespace: 'models' });
  const shared = new LlmBackend(models, 'Shared', { provider: LlmProvider.openAiCompatible({ host: 'vllm.models.svc.cluster.local', port: 8000 }) });
  shared.allowRoutesFrom('team-a');
  const team = new Chart(app, 'team', { namespace: 'team-a' });
  const own = new LlmBackend(team, 'Own', { provider: LlmProvider.awsBedrock({ region: 'eu-central-1' }) });
  new LlmRoute(team, 'Chat', {
    gateway,
    name: 'chat',
    rules: [
      { models: [ModelMatch.exact('llama3-70b')], targets: [{ backend: shared }] },
      { models: [ModelMatch.exact('nova-pro')], targets: [{ backend: own, model: 'amazon.nova-pro-v1:0' }] },
      { targets: [{ backend: shared }, { backend: own, model: 'amazon.nova-pro-v1:0' }] },
    ],
  });
  return app;
}
