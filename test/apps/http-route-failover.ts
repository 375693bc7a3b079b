import { App, Chart, Duration } from 'cdk8s';
import { HttpRoute, HttpRouteSpecRulesMatchesHeadersType, HttpRouteSpecRulesMatchesPathType as PathType } from '../../imports/gateway.networking.k8s.io';
import { HttpRouteRef, LlmBackend, LlmGateway, LlmProvider, LlmRoute } from '../../src';

/** Models of the user's HTTPRoute, and its backendRefs: all but one in a million requests are for the first. */
export const HTTP_ROUTE_FAILOVER = {
  same: ['a', 'good'],
  other: ['b', 'bedrock'],
  reverse: ['c', 'spare'],
  alone: ['lonely'],
} as const;

const OPENAI = ['a', 'b', 'good', 'spare', 'lonely'] as const;
const BEDROCK = ['c', 'bedrock'] as const;

/** A user's own HTTPRoute with the model as header, and the LlmRoute that lets it fail over among its backendRefs. */
export function httpRouteFailoverApp(): App {
  const app = new App();
  const chart = new Chart(app, 'llm', { namespace: 'llm' });
  const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg' });
  const backends = Object.fromEntries([
    ...OPENAI.map((name) => [name, LlmProvider.openAiCompatible({ host: `${name}.example.com`, port: 8080 })] as const),
    ...BEDROCK.map((name) => [name, LlmProvider.awsBedrock({ region: 'us-east-1' })] as const),
  ].map(([name, provider]) => [name, new LlmBackend(chart, name, { metadata: { name }, provider })]));
  const httpRoute = new HttpRoute(chart, 'HTTPRoute', {
    metadata: { name: 'chat', namespace: 'llm' },
    spec: {
      parentRefs: [{ name: gateway.gateway.name, namespace: gateway.gateway.namespace }],
      hostnames: ['llm.example.com'],
      rules: Object.entries(HTTP_ROUTE_FAILOVER).map(([model, names]) => ({
        matches: [{
          path: { type: PathType.PATH_PREFIX, value: '/v1' },
          headers: [{ type: HttpRouteSpecRulesMatchesHeadersType.EXACT, name: 'x-envoy-ai-gateway-llm-model', value: model }],
        }],
        backendRefs: names.map((name, place) => ({ group: 'gateway.envoyproxy.io', kind: 'Backend', name: backends[name].backendName, weight: place === 0 ? 999_999 : 1 })),
      })),
    },
  });
  new LlmRoute(chart, 'Chat', {
    gateway,
    name: 'chat',
    httpRoute: HttpRouteRef.fromApiObject(httpRoute),
    backends: Object.values(backends),
    timeouts: { request: Duration.seconds(60), idle: Duration.seconds(4) },
    failover: { perAttemptTimeout: Duration.millis(1_500) },
  });
  return app;
}
