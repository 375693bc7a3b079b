import { UpstreamEndpoint } from './configuration';
import { originOf } from './upstream-origin';
import { BackendTLSPolicy, EnvoyGatewayBackend } from '../resources/gateway-api';
import { LLMBackend } from '../resources/llm-backend';
import { objectKey } from '../resources/object-meta';
import { ResourceSet } from '../resources/resource-set';

/** Says what is wrong with an object (`Backend default/openai`). */
export type ReportProblem = (object: string, path: string, message: string) => void;

/** Where calls of our own go. `undefined`, with a problem, where the references do not lead to one host and port. */
export function resolveEndpoint(backend: LLMBackend, resources: ResourceSet, report: ReportProblem): UpstreamEndpoint | undefined {
  const { namespace, name } = backend.metadata;
  const reference = backend.spec.backendRef;
  if (reference.kind === 'Service') {
    const port = reference.port ?? 80;
    const host = `${reference.name}.${namespace}.svc.cluster.local`;
    return withTls({ host, port }, undefined, policyFor(resources, namespace, '', 'Service', reference.name, port), namespace, resources, report);
  }
  const target = resources.backends.get(objectKey(namespace, reference.name));
  if (target === undefined) {
    report(`LLMBackend ${objectKey(namespace, name)}`, 'spec.backendRef.name', `there is no Backend ${objectKey(namespace, reference.name)}; `
      + 'create it (gateway.envoyproxy.io/v1alpha1) in this namespace or name an existing one');
    return undefined;
  }
  const address = addressOf(target, report);
  if (address === undefined) return undefined;
  const policy = policyFor(resources, namespace, 'gateway.envoyproxy.io', 'Backend', reference.name, address.port);
  return withTls(address, target, policy, namespace, resources, report);
}

interface Address {
  readonly host: string;
  readonly port: number;
  /** The name of an endpoint that is given by its address. */
  readonly hostname?: string;
}

/** The first endpoint: Envoy balances over all of them, calls of our own use one. */
function addressOf(backend: EnvoyGatewayBackend, report: ReportProblem): Address | undefined {
  const endpoints: unknown = backend.spec.endpoints;
  const first = Array.isArray(endpoints) ? (endpoints as NonNullable<EnvoyGatewayBackend['spec']['endpoints']>)[0] : undefined;
  const host = first?.fqdn?.hostname ?? first?.ip?.address;
  const port = first?.fqdn?.port ?? first?.ip?.port;
  if (typeof host === 'string' && host !== '' && typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536) {
    return { host, port, ...(typeof first?.hostname === 'string' ? { hostname: first.hostname } : {}) };
  }
  report(nameOf(backend), 'spec.endpoints[0]', 'must have fqdn with hostname and port, or ip with address and port; Unix sockets and dynamic resolvers cannot be called');
  return undefined;
}

/** As Envoy Gateway merges (1.9, mergeServerValidationTLSConfigs): what a BackendTLSPolicy says goes before the Backend's own TLS settings. */
function withTls(
  address: Address, backend: EnvoyGatewayBackend | undefined, policy: BackendTLSPolicy | undefined, namespace: string, resources: ResourceSet, report: ReportProblem,
): UpstreamEndpoint | undefined {
  const tls = backend?.spec.tls;
  if (!tls && policy === undefined) return { origin: originOf(false, address.host, address.port) };
  const serverName = policy?.spec.validation?.hostname ?? tls?.sni ?? address.hostname;
  const insecureSkipVerify = tls?.insecureSkipVerify === true;
  const authorities = insecureSkipVerify ? [] : policy === undefined
    ? certificateAuthorities(tls?.wellKnownCACertificates, tls?.caCertificateRefs, namespace, resources, report, backend && nameOf(backend), 'spec.tls')
    : certificateAuthorities(policy.spec.validation?.wellKnownCACertificates, policy.spec.validation?.caCertificateRefs, namespace, resources, report,
      `BackendTLSPolicy ${objectKey(policy.metadata.namespace, policy.metadata.name)}`, 'spec.validation');
  // Without the authorities that were asked for there is no call: the system's might vouch for somebody else.
  if (authorities === undefined) return undefined;
  return {
    origin: originOf(true, address.host, address.port),
    ...(serverName === undefined || serverName === address.host ? {} : { serverName }),
    ...(authorities.length === 0 ? {} : { certificateAuthorities: authorities }),
    ...(insecureSkipVerify ? { insecureSkipVerify } : {}),
  };
}

/** Empty: the system's. */
function certificateAuthorities(
  wellKnown: string | undefined, references: ReadonlyArray<{ readonly kind?: string; readonly name: string }> | undefined,
  namespace: string, resources: ResourceSet, report: ReportProblem, object = '', path = '',
): string[] | undefined {
  if (wellKnown === 'System' || !Array.isArray(references)) return [];
  const found = references.map((reference: { readonly kind?: string; readonly name: string }, index) => {
    const key = objectKey(namespace, reference.name);
    const secret = reference.kind === 'Secret';
    const value: unknown = secret ? decodeText(resources.secrets.get(key)?.data.get('ca.crt')) : resources.configMaps.get(key)?.data['ca.crt'];
    if (typeof value === 'string' && value.includes('-----BEGIN CERTIFICATE-----')) return value;
    report(object, `${path}.caCertificateRefs[${index}]`, `there is no ${secret ? 'Secret' : 'ConfigMap'} ${key} with PEM certificates in its key ca.crt; create it`);
    return undefined;
  });
  const values = found.filter((value) => value !== undefined);
  return values.length < found.length ? undefined : values;
}

function decodeText(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('utf8');
}

/**
 * The policy for one port of an object. A policy's sectionName is a port number for a Backend. For a Service it is a port's name, which is not
 * known here, so it counts where no other policy does: TLS where none was meant fails, plain text where TLS was meant gives a key away.
 */
function policyFor(resources: ResourceSet, namespace: string, group: string, kind: string, name: string, port: number): BackendTLSPolicy | undefined {
  const ranked = [...resources.backendTlsPolicies.values()].filter((policy) => policy.metadata.namespace === namespace).flatMap((policy) => {
    const references = Array.isArray(policy.spec.targetRefs) ? policy.spec.targetRefs : [];
    const ranks = references.filter((one) => one.group === group && one.kind === kind && one.name === name).map((one) => {
      if (one.sectionName === String(port)) return 0;
      if (one.sectionName === undefined) return 1;
      return kind === 'Service' ? 2 : 3;
    });
    return ranks.length > 0 && Math.min(...ranks) < 3 ? [{ policy, rank: Math.min(...ranks) }] : [];
  });
  ranked.sort((left, right) => left.rank - right.rank || compareAge(left.policy, right.policy));
  return ranked[0]?.policy;
}

function compareAge(left: BackendTLSPolicy, right: BackendTLSPolicy): number {
  const text = ({ metadata }: BackendTLSPolicy) => `${metadata.creationTimestamp ?? '~'} ${metadata.name}`;
  return text(left) < text(right) ? -1 : 1;
}

function nameOf(backend: EnvoyGatewayBackend): string {
  return `Backend ${objectKey(backend.metadata.namespace, backend.metadata.name)}`;
}
