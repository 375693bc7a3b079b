import { App, Chart } from 'cdk8s';
import { LlmBackend, LlmGateway, LlmProvider, LlmRoute, ModelMatch } from '../../src';

/** More backends than one HTTPRoute has room for. */
export function manyBackendsApp(): App {
  const app = new App();
  const chart = new Chart(app, 'llm', { namespace: 'llm' });
  const route = new LlmRoute(chart, 'Chat', { gateway: new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg' }), name: 'chat' });
  for (let place = 1; place <= 20; place += 1) {
    const name = `vllm-${String(place).padStart(2, '0')}`;
    const backend = new LlmBackend(chart, name, { metadata: { name }, provider: LlmProvider.openAiCompatible({ host: `${name}.models.svc.cluster.local`, port: 8000 }) });
    route.addRule({ models: [ModelMatch.exact(`model-${place}`)], targets: [{ backend }] });
  }
  return app;
}
