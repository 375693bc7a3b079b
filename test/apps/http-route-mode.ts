import { App, Chart } from 'cdk8s';
import { HttpRoute, HttpRouteSpecRulesMatchesHeadersType, HttpRouteSpecRulesMatchesPathType } from '../../imports/gateway.networking.k8s.io';
import { HttpRouteRef, LlmBackend, LlmGateway, LlmProvider, LlmRoute } from '../../src';

/** A user's own HTTPRoute with the model as header, and the LlmRoute that is an addition to it. */
export function httpRouteModeApp(): App {
  const app = new App();
  const chart = new Chart(app, 'llm', { namespace: 'llm' });
  const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg' });
  const kserve = new LlmBackend(chart, 'KServe', {
    metadata: { name: 'kserve' }, provider: LlmProvider.openAiCompatible({ host: 'llama.models.svc.cluster.local', port: 8080 }),
  });
  const bedrock = new LlmBackend(chart, 'Bedrock', { metadata: { name: 'bedrock' }, provider: LlmProvider.awsBedrock({ region: 'us-east-1' }) });
  const httpRoute = new HttpRoute(chart, 'HTTPRoute', {
    metadata: { name: 'chat', namespace: 'llm' },
    spec: {
      parentRefs: [{ name: gateway.gateway.name, namespace: gateway.gateway.namespace }],
      hostnames: ['llm.example.com'],
      rules: [{
        matches: [{
          path: { type: HttpRouteSpecRulesMatchesPathType.EXACT, value: '/v1/chat/completions' },
          headers: [{ type: HttpRouteSpecRulesMatchesHeadersType.EXACT, name: 'x-envoy-ai-gateway-llm-model', value: 'llama3-70b' }],
        }],
        backendRefs: [
          { group: 'gateway.envoyproxy.io', kind: 'Backend', name: kserve.backendName, weight: 20 },
          { group: 'gateway.envoyproxy.io', kind: 'Backend', name: bedrock.backendName, weight: 80 },
        ],
      }],
    },
  });
  new LlmRoute(chart, 'Chat', { gateway, name: 'chat', httpRoute: HttpRouteRef.fromApiObject(httpRoute), backends: [kserve, bedrock] });
  return app;
}
