import { llmGateway, manifestOf } from './attachment-stand-in';
import { GatewayRef } from '../src';

test('lets the pods of the Gateway\'s Envoy in, on the gRPC port alone', () => {
  // WHEN
  const gateway = llmGateway({ gatewayClassName: 'eg' });

  // THEN
  const { metadata, spec } = manifestOf(gateway, 'NetworkPolicy');
  expect(metadata).toMatchObject({ name: gateway._extProc.name, namespace: 'llm' });
  expect(spec.policyTypes).toEqual(['Ingress']);
  expect(spec.podSelector.matchLabels).toEqual(manifestOf(gateway, 'Deployment').spec.selector.matchLabels);
  expect(spec.ingress).toEqual([{
    from: [{
      namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['envoy-gateway-system'] }] },
      podSelector: { matchLabels: { 'gateway.envoyproxy.io/owning-gateway-name': gateway.gateway.name, 'gateway.envoyproxy.io/owning-gateway-namespace': 'llm' } },
    }],
    ports: [{ protocol: 'TCP', port: 9002 }],
  }]);
});

test('goes by the namespace of an existing Gateway', () => {
  const [rule] = manifestOf(llmGateway({ gateway: GatewayRef.named('shared', 'infra') }), 'NetworkPolicy').spec.ingress;
  expect(rule.from[0].podSelector.matchLabels).toEqual({ 'gateway.envoyproxy.io/owning-gateway-name': 'shared', 'gateway.envoyproxy.io/owning-gateway-namespace': 'infra' });
});

test('follows Envoy\'s pods to another namespace and to other labels', () => {
  // WHEN
  const gateway = llmGateway({ gatewayClassName: 'eg', extProc: { envoyNamespace: 'edge', envoyPodLabels: { 'gateway.envoyproxy.io/owning-gatewayclass': 'eg' } } });

  // THEN
  expect(manifestOf(gateway, 'NetworkPolicy').spec.ingress[0].from).toEqual([{
    namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['edge'] }] },
    podSelector: { matchLabels: { 'gateway.envoyproxy.io/owning-gatewayclass': 'eg' } },
  }]);
});

test('opens the metrics port, and no other, to the namespaces that scrape', () => {
  const { ingress } = manifestOf(llmGateway({ gatewayClassName: 'eg', extProc: { metricsFrom: ['monitoring', 'ops'] } }), 'NetworkPolicy').spec;
  expect(ingress).toHaveLength(2);
  expect(ingress[1]).toEqual({
    from: [{ namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['monitoring', 'ops'] }] } }],
    ports: [{ protocol: 'TCP', port: 9003 }],
  });
});

test('an empty list of scraping namespaces opens nothing', () => {
  expect(manifestOf(llmGateway({ gatewayClassName: 'eg', extProc: { metricsFrom: [] } }), 'NetworkPolicy').spec.ingress).toHaveLength(1);
});
