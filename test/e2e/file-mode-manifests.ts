import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** A manifest as synthesized; the harness looks into it by path only. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  readonly [field: string]: unknown;
}

/** Loopback port of a server, with `h2c` one that speaks HTTP/2 without TLS, with `tls` one whose certificate must be one that the system trusts; a name without an address. */
export type StandIn = number | { readonly h2c: number } | { readonly tls: number; readonly serverName: string } | { readonly unknownHost: string };

interface FileModeOptions {
  /** What stands in for each provider, by the EG Backend's name. */
  readonly backendPorts: Readonly<Record<string, StandIn>>;
  /** Where ExtProc listens. */
  readonly extProcPorts: readonly number[];
  /** The Gateway's listener port. */
  readonly listenerPort: number;
}

export function readManifests(folder: string): Manifest[] {
  return readdirSync(folder).filter((file) => file.endsWith('.yaml')).sort()
    .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => document.toJS() as Manifest | null))
    .filter((manifest): manifest is Manifest => manifest !== null && typeof manifest === 'object');
}

const EXT_PROC_STAND_IN = 'extproc-stand-in';

/**
 * What Envoy Gateway reads in file mode, made of the synthesized manifests. Only what a machine without Kubernetes cannot have is
 * replaced: addresses of providers and of ExtProc become loopback ports, the GatewayClass is added, Envoy's infrastructure is the host.
 */
export function fileModeManifests(synthesized: readonly Manifest[], options: FileModeOptions): unknown[] {
  const result: unknown[] = [];
  const namespaces = new Set<string>();
  for (const manifest of synthesized.map((original) => structuredClone(original) as Manifest & Record<string, any>)) { // eslint-disable-line @typescript-eslint/no-explicit-any
    if (!isForEnvoyGateway(manifest)) continue;
    namespaces.add(manifest.metadata.namespace ?? 'default');
    switch (manifest.kind) {
      case 'Gateway':
        result.push({
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'GatewayClass',
          metadata: { name: manifest.spec.gatewayClassName },
          spec: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
        });
        for (const listener of manifest.spec.listeners) {
          listener.port = options.listenerPort;
          // In file mode no namespace has labels that a listener could select by.
          if (listener.allowedRoutes?.namespaces?.from === 'Selector') listener.allowedRoutes.namespaces = { from: 'All' };
        }
        break;
      case 'Secret':
        // As the API server does.
        manifest.data = { ...manifest.data, ...Object.fromEntries(Object.entries(manifest.stringData ?? {}).map(([key, value]) => [key, Buffer.from(String(value)).toString('base64')])) };
        delete manifest.stringData;
        break;
      case 'EnvoyProxy':
        manifest.spec.provider = { type: 'Host', host: {} };
        break;
      case 'Backend':
        // With mutual TLS ExtProc has one of its own, whose TLS stays.
        if (manifest.metadata.labels?.['app.kubernetes.io/component'] === 'extproc') manifest.spec.endpoints = extProcEndpoints(options);
        else manifest.spec = standInSpec(manifest.metadata.name, options.backendPorts);
        break;
      case 'HTTPRoute':
        for (const rule of manifest.spec.rules ?? []) {
          for (const reference of rule.backendRefs ?? []) if (reference.kind === 'Service') Object.assign(reference, extProcStandIn(options));
        }
        break;
      case 'EnvoyExtensionPolicy':
        for (const extProc of manifest.spec.extProc.filter((one: { backendRefs: Array<{ kind: string }> }) => one.backendRefs[0].kind === 'Service')) {
          extProc.backendRefs = [extProcStandIn(options)];
        }
        break;
    }
    result.push(manifest);
  }
  for (const namespace of namespaces) {
    result.push({
      apiVersion: 'gateway.envoyproxy.io/v1alpha1',
      kind: 'Backend',
      metadata: { name: EXT_PROC_STAND_IN, namespace },
      spec: { appProtocols: ['gateway.envoyproxy.io/h2c'], endpoints: extProcEndpoints(options) },
    });
  }
  return result;
}

function extProcStandIn({ extProcPorts }: FileModeOptions): object {
  return { group: 'gateway.envoyproxy.io', kind: 'Backend', name: EXT_PROC_STAND_IN, port: extProcPorts[0] };
}

function extProcEndpoints({ extProcPorts }: FileModeOptions): unknown[] {
  return extProcPorts.map((port) => ({ ip: { address: '127.0.0.1', port } }));
}

function standInSpec(name: string, standIns: Readonly<Record<string, StandIn>>): object {
  const standIn = standIns[name];
  if (standIn === undefined) throw new Error(`Backend ${name} has no stand-in; there are ${Object.keys(standIns).join(', ')}`);
  const at = (port: number) => ({ endpoints: [{ ip: { address: '127.0.0.1', port } }] });
  if (typeof standIn === 'number') return at(standIn);
  if ('h2c' in standIn) return { appProtocols: ['gateway.envoyproxy.io/h2c'], ...at(standIn.h2c) };
  if ('tls' in standIn) return { ...at(standIn.tls), tls: { wellKnownCACertificates: 'System', sni: standIn.serverName } };
  return { endpoints: [{ fqdn: { hostname: standIn.unknownHost, port: 80 } }] };
}

/** With the providers' stand-ins in place of their addresses, for an ExtProc that calls them itself. */
export function withStandIns(manifests: readonly Manifest[], standIns: Readonly<Record<string, StandIn>>): Manifest[] {
  return manifests.filter(({ kind }) => kind !== 'BackendTLSPolicy')
    .map((manifest) => (manifest.kind === 'Backend' ? { ...manifest, spec: standInSpec(manifest.metadata.name, standIns) } : manifest));
}

const KINDS = new Set([
  'Gateway', 'HTTPRoute', 'ReferenceGrant', 'EnvoyProxy', 'Backend', 'EnvoyExtensionPolicy', 'BackendTrafficPolicy', 'SecurityPolicy', 'ClientTrafficPolicy',
  'HTTPRouteFilter',
]);

/** Of the core group: clients' keys, JSON Web Key Sets. */
const CORE_KINDS = new Set(['Secret', 'ConfigMap']);

function isForEnvoyGateway(manifest: Manifest): boolean {
  if (manifest.apiVersion === 'v1') return CORE_KINDS.has(manifest.kind);
  return KINDS.has(manifest.kind) && /^gateway\.(networking\.k8s|envoyproxy)\.io\//.test(manifest.apiVersion);
}

const READ_BY_EXT_PROC = new Set(['LLMRoute', 'LLMBackend', 'HTTPRoute', 'Backend', 'BackendTLSPolicy', 'ReferenceGrant', 'ConfigMap', 'Secret']);

/** The objects that ExtProc would read from the API server. */
export function extProcManifests(synthesized: readonly Manifest[]): Manifest[] {
  return synthesized.filter((manifest) => READ_BY_EXT_PROC.has(manifest.kind));
}
