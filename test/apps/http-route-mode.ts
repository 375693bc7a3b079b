import { App, Chart } from 'cdk8s';
import { HttpRoute, HttpRouteSpecRulesMatchesHeadersType, HttpRouteSpecRulesMatchesPathType as PathType } from '../../imports/gateway.networking.k8s.io';
import { HttpRouteRef, LlmBackend, LlmGateway, LlmProvider, LlmRoute } from '../../src';

interface UserHttpRoute {
  readonly name: string;
  readonly hostname: string;
  /** The path that its rule matches, beside the model. */
  readonly path: { readonly type: PathType; readonly value: string };
}

const CHAT: UserHttpRoute = { name: 'chat', hostname: 'llm.example.com', path: { type: PathType.EXACT, value: '/v1/chat/completions' } };

/** Users' own HTTPRoutes with the model as header, and the LlmRoutes that are additions to them. */
export function httpRouteModeApp(userHttpRoutes: readonly UserHttpRoute[] = [CHAT]): App {
  const app = new App();
  const chart = new Chart(app, 'llm', { namespace: 'llm' });
  const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg' });
  const kserve = new LlmBackend(chart, 'KServe', {
    metadata: { name: 'kserve' }, provider: LlmProvider.openAiCompatible({ host: 'llama.models.svc.cluster.local', port: 8080 }),
  });
  const bedrock = new LlmBackend(chart, 'Bedrock', { metadata: { name: 'bedrock' }, provider: LlmProvider.awsBedrock({ region: 'us-east-1' }) });
  for (const { name, hostname, path } of userHttpRoutes) {
    const httpRoute = new HttpRoute(chart, `HTTPRoute-${name}`, {
      metadata: { name, namespace: 'llm' },
      spec: {
        parentRefs: [{ name: gateway.gateway.name, namespace: gateway.gateway.namespace }],
        hostnames: [hostname],
        rules: [{
          matches: [{ path, headers: [{ type: HttpRouteSpecRulesMatchesHeadersType.EXACT, name: 'x-envoy-ai-gateway-llm-model', value: 'llama3-70b' }] }],
          backendRefs: [
            { group: 'gateway.envoyproxy.io', kind: 'Backend', name: kserve.backendName, weight: 20 },
            { group: 'gateway.envoyproxy.io', kind: 'Backend', name: bedrock.backendName, weight: 80 },
          ],
        }],
      },
    });
    new LlmRoute(chart, `LlmRoute-${name}`, { gateway, name, httpRoute: HttpRouteRef.fromApiObject(httpRoute), backends: [kserve, bedrock] });
  }
  return app;
}
