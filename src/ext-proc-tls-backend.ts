import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { GRPC_PORT } from './ext-proc-pod';
import { ExtProcIdentity, ExtProcTlsMaterial } from './ext-proc-tls-material';
import { GatewayRef } from './gateway-ref';
import { selectorLabels, standardLabels } from './standard-labels';
import { Backend } from '../imports/gateway.envoyproxy.io';
import { HttpRoute, HttpRouteSpecRulesMatchesHeadersType } from '../imports/gateway.networking.k8s.io';

interface ExtProcTlsBackendProps {
  /** The Backend has the Service's name. */
  readonly extProc: ExtProcIdentity;
  readonly tls: ExtProcTlsMaterial;
  /** With its namespace. */
  readonly gateway: GatewayRef;
}

const LABEL_LENGTH = 63;

/** A regular expression that nothing matches: no text begins behind its first letter. Envoy refuses a whole configuration for one that it cannot read. */
const NOTHING = 'x^';

/**
 * ExtProc as Envoy sees it with mutual TLS: a Backend, as only that names a client certificate without concerning the whole Gateway. It holds a
 * DNS name, and that of a headless Service stands for every pod: Envoy spreads its streams over them, and looks away from one that fails.
 */
export class ExtProcTlsBackend extends Construct {
  constructor(scope: Construct, id: string, { extProc: { name, namespace }, tls, gateway }: ExtProcTlsBackendProps) {
    super(scope, id);
    const labels = standardLabels('extproc', name);
    const headless = `${name}-headless`;
    const service = new k8s.KubeService(this, 'Service', {
      metadata: { namespace, labels, ...headless.length > LABEL_LENGTH ? {} : { name: headless } },
      spec: {
        clusterIp: 'None',
        selector: selectorLabels('extproc', name),
        ports: [{ name: 'grpc', port: GRPC_PORT, targetPort: k8s.IntOrString.fromString('grpc'), protocol: 'TCP', appProtocol: 'https' }],
      },
    });
    new Backend(this, 'Resource', {
      metadata: { name, namespace, labels },
      spec: {
        // Without a dot at its end: Envoy Gateway 1.9 refuses that in a Backend of an EnvoyExtensionPolicy.
        endpoints: [{ fqdn: { hostname: `${service.name}.${namespace}.svc.${tls.clusterDomain}`, port: GRPC_PORT } }],
        tls: {
          sni: tls.serverName,
          alpnProtocols: ['h2'],
          caCertificateRefs: [{ group: '', ...tls.serverAuthority }],
          clientCertificateRef: { kind: 'Secret', name: tls.clientSecret },
        },
      },
    });
    // Envoy Gateway 1.9 hands Envoy a client certificate only where some HTTPRoute of the Gateway leads to a Backend with it: one that only an
    // EnvoyExtensionPolicy names never arrives, and Envoy waits for it (https://github.com/envoyproxy/gateway/issues/9726). No request takes this one.
    new HttpRoute(this, 'HTTPRoute', {
      metadata: { name, namespace, labels, annotations: { 'kubernetes.io/description': 'matches no request; lets Envoy have the client certificate of Backend ' + name } },
      spec: {
        parentRefs: [{ name: gateway.name, namespace: gateway.namespace, sectionName: gateway.sectionName, port: gateway.port }],
        rules: [{
          matches: [{ headers: [{ type: HttpRouteSpecRulesMatchesHeadersType.REGULAR_EXPRESSION, name: 'x-ai-gateway-extproc', value: NOTHING }] }],
          backendRefs: [{ group: 'gateway.envoyproxy.io', kind: 'Backend', name }],
        }],
      },
    });
  }
}
