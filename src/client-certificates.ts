import { IConfigMap, Resource } from 'cdk8s-plus-28';
import { MtlsClientAuthOptions } from './client-auth-options';
import {
  ClientTrafficPolicySpec, ClientTrafficPolicySpecHeadersXForwardedClientCertMode as ForwardedCertificate, ClientTrafficPolicySpecTlsClientValidationMode as Validation,
} from '../imports/gateway.envoyproxy.io';

/** Has every client of a Gateway's listeners prove itself by a certificate. */
export function clientCertificatePolicySpec(gateway: string, { certificateAuthorities, dnsNames, uris }: MtlsClientAuthOptions): ClientTrafficPolicySpec {
  const exactly = (values: string[]) => values.map((value) => ({ value }));
  const names = { ...(dnsNames === undefined ? {} : { dnsNames: exactly(dnsNames) }), ...(uris === undefined ? {} : { uris: exactly(uris) }) };
  return {
    targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: gateway }],
    tls: {
      clientValidation: {
        mode: Validation.REQUIRE_AND_VERIFY,
        caCertificateRefs: certificateAuthorities.map(({ name }) => ({ group: '', kind: 'ConfigMap', name })),
        ...(Object.keys(names).length === 0 ? {} : { subjectAltNames: names }),
      },
    },
    // Whatever a client says of certificates is removed, and none goes to providers.
    headers: { xForwardedClientCert: { mode: ForwardedCertificate.SANITIZE } },
  };
}

/** Why the certificates cannot be asked for, in the words of `clientAuth`. `httpListener`: one without TLS. */
export function clientCertificateDefects(
  { certificateAuthorities, dnsNames, uris }: MtlsClientAuthOptions, namespace: string, httpListener: string | undefined,
): string[] {
  const foreign = certificateAuthorities.filter((map) => namespaceOfMap(map, namespace) !== namespace);
  return [
    ...(certificateAuthorities.length > 0 && certificateAuthorities.length <= 8 ? [] : [`mtls.certificateAuthorities has ${certificateAuthorities.length} entries; allowed: 1 to 8`]),
    ...foreign.map((map) => `mtls.certificateAuthorities: ConfigMap ${map.name} is in namespace ${namespaceOfMap(map, namespace)}; Envoy Gateway reads it from that of the Gateway, ${namespace}, alone: make it there`),
    ...([dnsNames, uris].some((names) => names !== undefined && (names.length === 0 || names.includes(''))) ? ['mtls.dnsNames and mtls.uris must not be empty; leave them out to take every certificate of the authorities'] : []),
    ...(httpListener === undefined ? [] : [`mtls: listener "${httpListener}" is HTTP, so clients without a certificate would come in there; make all listeners GatewayListener.https`]),
  ];
}

function namespaceOfMap(map: IConfigMap, otherwise: string): string {
  return map instanceof Resource ? map.metadata.namespace ?? 'default' : otherwise;
}
