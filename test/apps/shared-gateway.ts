import { App, Chart } from 'cdk8s';
import { GatewayRef, LlmBackend, LlmGateway, LlmProvider, LlmRoute } from '../../src';

/** The gateway of another team, of which one listener is used. */
export function sharedGatewayApp(namespace = 'llm'): App {
  const app = new App();
  const chart = new Chart(app, 'llm', { namespace });
  const gateway = new LlmGateway(chart, 'Gateway', { gateway: GatewayRef.named('shared', 'infra', { sectionName: 'http' }) });
  const backend = new LlmBackend(chart, 'VLlm', { provider: LlmProvider.openAiCompatible({ host: 'vllm.models.svc.cluster.local', port: 8000 }) });
  new LlmRoute(chart, 'Chat', { gateway, hostnames: ['llm.example.com', '*.llm.example.com'], rules: [{ targets: [{ backend }] }] });
  return app;
}
