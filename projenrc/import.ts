import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { crdManifests } from '../src/resources/crd/crd-manifests';

/**
 * Writes `imports/`: the L1 constructs of every kind that we emit, from the CRDs that Gateway API, Envoy Gateway and cert-manager publish in
 * their Go modules, and from our own. Cut to those kinds and to one version of each, without descriptions: whole, they are 20 MB.
 */

type Json = Record<string, unknown>;

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: ReadonlyArray<{ readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }>;
  };
}

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly [field: string]: unknown;
}

const GATEWAY_API = { module: 'sigs.k8s.io/gateway-api@v1.6.1', folder: 'config/crd/standard' };
const CERT_MANAGER = { module: 'github.com/cert-manager/cert-manager@v1.19.1', folder: 'deploy/crds' };
const ENVOY_GATEWAY = { module: 'github.com/envoyproxy/gateway@v1.9.0', folder: 'charts/gateway-helm/charts/crds/crds/generated' };

/** The version of each kind that the constructs emit. */
const EMITTED: Readonly<Record<string, string>> = {
  'gateway.networking.k8s.io/GatewayClass': 'v1',
  'gateway.networking.k8s.io/Gateway': 'v1',
  'gateway.networking.k8s.io/HTTPRoute': 'v1',
  'gateway.networking.k8s.io/BackendTLSPolicy': 'v1',
  // Also the storage version; Envoy Gateway watches v1beta1.
  'gateway.networking.k8s.io/ReferenceGrant': 'v1beta1',
  'gateway.envoyproxy.io/Backend': 'v1alpha1',
  'gateway.envoyproxy.io/BackendTrafficPolicy': 'v1alpha1',
  'gateway.envoyproxy.io/ClientTrafficPolicy': 'v1alpha1',
  'gateway.envoyproxy.io/EnvoyExtensionPolicy': 'v1alpha1',
  'gateway.envoyproxy.io/EnvoyProxy': 'v1alpha1',
  'gateway.envoyproxy.io/HTTPRouteFilter': 'v1alpha1',
  'gateway.envoyproxy.io/SecurityPolicy': 'v1alpha1',
  'cert-manager.io/Certificate': 'v1',
  'cert-manager.io/Issuer': 'v1',
  'aigateway.envoyproxy.io/LLMBackend': 'v1alpha1',
  'aigateway.envoyproxy.io/LLMRoute': 'v1alpha1',
};

/** Large parts that we do not emit, or write as plain data: each stays one field of type `any`. */
const OPAQUE: ReadonlySet<string> = new Set([
  ...['clientIPDetection', 'connection', 'grpc', 'healthCheck', 'http1', 'http2', 'http3', 'path', 'proxyProtocol', 'scheme', 'tcpKeepalive', 'timeout']
    .map((field) => `ClientTrafficPolicy.spec.${field}`),
  'EnvoyProxy.spec.geoIP',
  'EnvoyProxy.spec.provider',
  'EnvoyProxy.spec.shutdown',
  'EnvoyProxy.spec.telemetry',
  'Issuer.spec.acme',
  'Issuer.spec.vault',
  'Issuer.spec.venafi',
  'SecurityPolicy.spec.extAuth.grpc.backendSettings',
  'SecurityPolicy.spec.extAuth.http.backendSettings',
  'SecurityPolicy.spec.jwt.providers.remoteJWKS.backendSettings',
  'SecurityPolicy.spec.oidc.provider.backendSettings',
]);

/** The folder of a Go module in the module cache, downloaded when missing. */
function moduleFolder(module: string): string {
  const text = execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8', cwd: tmpdir(), stdio: ['ignore', 'pipe', 'inherit'] });
  return (JSON.parse(text) as { Dir: string }).Dir;
}

function publishedCrds(source: { module: string; folder: string }): Crd[] {
  const folder = join(moduleFolder(source.module), source.folder);
  return readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort()
    .flatMap((name) => parseAllDocuments(readFileSync(join(folder, name), 'utf8')).map((document) => document.toJS() as Json))
    .filter((object) => object.kind === 'CustomResourceDefinition') as unknown as Crd[];
}

/** Only the emitted version, only `spec`, and of the schema only what the generator reads. */
function cut(crd: Crd): Crd {
  const { group, names } = crd.spec;
  const wanted = EMITTED[`${group}/${names.kind}`];
  const version = crd.spec.versions.find(({ name }) => name === wanted);
  if (version === undefined) throw new Error(`${names.kind}.${group} has no version ${wanted}; it has ${crd.spec.versions.map(({ name }) => name).join(', ')}`);
  const { properties: { apiVersion: _apiVersion, kind: _kind, status: _status, ...properties } = {}, ...root } = version.schema.openAPIV3Schema;
  const schema = cutSchema({ ...root, properties }, names.kind);
  return { ...crd, spec: { ...crd.spec, versions: [{ ...version, schema: { openAPIV3Schema: schema } }] } };
}

/** Walks by keyword, since a field may be called `description` too. `path` is the kind and the names of the fields, lists passed over. */
function cutSchema(schema: Schema, path: string): Schema {
  if (OPAQUE.has(path)) return { 'type': 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const result: Json = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'description' || keyword === 'x-kubernetes-validations' || keyword === 'default') continue;
    if (keyword === 'properties') {
      result.properties = Object.fromEntries(Object.entries(value as Record<string, Schema>)
        .map(([name, property]) => [name, cutSchema(property, `${path}.${name}`)]));
    } else if ((keyword === 'items' || keyword === 'additionalProperties') && typeof value === 'object') {
      result[keyword] = cutSchema(value as Schema, path);
    } else {result[keyword] = value;}
  }
  return result as Schema;
}

function main(): void {
  const root = join(__dirname, '..');
  const crds = [...publishedCrds(GATEWAY_API), ...publishedCrds(ENVOY_GATEWAY), ...publishedCrds(CERT_MANAGER), ...crdManifests() as unknown as Crd[]];
  const kept = crds.filter(({ spec }) => EMITTED[`${spec.group}/${spec.names.kind}`] !== undefined);
  const missing = Object.keys(EMITTED).filter((key) => !kept.some(({ spec }) => key === `${spec.group}/${spec.names.kind}`));
  if (missing.length > 0) throw new Error(`no CRD for ${missing.join(', ')}`);

  // An import of one group overwrites the file of the one before, so each group goes in as one file.
  const groups = new Map<string, Crd[]>();
  for (const crd of kept) groups.set(crd.spec.group, [...groups.get(crd.spec.group) ?? [], cut(crd)]);

  const output = join(root, 'imports');
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output);
  const folder = mkdtempSync(join(tmpdir(), 'crds-'));
  try {
    for (const [group, members] of groups) {
      const file = join(folder, `${group}.yaml`);
      writeFileSync(file, members.map((crd) => stringify(crd, { aliasDuplicateObjects: false })).join('---\n'));
      execFileSync(join(root, 'node_modules', '.bin', 'cdk8s'), ['import', file, '--language', 'typescript', '--output', output, '--no-save'], {
        cwd: folder, stdio: 'inherit', env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' },
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  for (const name of readdirSync(output)) {
    const file = join(output, name);
    const text = readFileSync(file, 'utf8');
    if (!text.startsWith('/* eslint-disable')) writeFileSync(file, `/* eslint-disable */\n${text}`);
  }
}

main();
