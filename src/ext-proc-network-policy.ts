import { k8s } from 'cdk8s-plus-28';
import { ADMIN_PORT, GRPC_PORT } from './ext-proc-pod';
import { ExtProcSettings } from './ext-proc-settings';
import { GatewayRef } from './gateway-ref';
import { selectorLabels } from './standard-labels';

/**
 * Who may open connections to ExtProc's pods: whoever reaches the gRPC port can ask it for a request with a provider's credential, so that is
 * Envoy alone. The kubelet's probes are not named: what comes from a pod's own node is let in by every network plugin that enforces policies.
 * What ExtProc may call is left open: providers are known by DNS name only, which a NetworkPolicy cannot hold.
 */
export function extProcNetworkPolicy(name: string, gateway: GatewayRef, settings: ExtProcSettings): k8s.NetworkPolicySpec {
  const envoy: k8s.NetworkPolicyPeer = {
    namespaceSelector: inNamespaces([settings.envoyNamespace]),
    podSelector: { matchLabels: settings.envoyPodLabels ?? envoyPodLabels(gateway) },
  };
  const scrapers: k8s.NetworkPolicyPeer = { namespaceSelector: inNamespaces(settings.metricsFrom) };
  return {
    podSelector: { matchLabels: selectorLabels('extproc', name) },
    policyTypes: ['Ingress'],
    ingress: [
      { from: [envoy], ports: [tcp(GRPC_PORT)] },
      // A rule without peers would let in everybody.
      ...(settings.metricsFrom.length === 0 ? [] : [{ from: [scrapers], ports: [tcp(ADMIN_PORT)] }]),
    ],
  };
}

/** The labels that Envoy Gateway 1.9 puts on the pods of a Gateway's own Envoy. */
function envoyPodLabels({ name, namespace }: GatewayRef): Record<string, string> {
  return { 'gateway.envoyproxy.io/owning-gateway-name': name, 'gateway.envoyproxy.io/owning-gateway-namespace': namespace! };
}

function inNamespaces(names: readonly string[]): k8s.LabelSelector {
  return { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: [...names] }] };
}

function tcp(port: number): k8s.NetworkPolicyPort {
  return { protocol: 'TCP', port: k8s.IntOrString.fromNumber(port) };
}
