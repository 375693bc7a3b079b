import { AWS_PROFILE_RULE, AZURE_CLIENT_RULE, LLM_BACKEND_SPEC, PREFIX_SCHEMA_RULE, REQUEST_HEADER_RULE } from './crd/llm-backend-schema';
import { LLM_ROUTE_SPEC } from './crd/llm-route-schema';
import { ConfigMap, Secret } from './gateway-api';
import { ACCESS_TOKEN_KEY, LLMBackend, LLMBackendSpec } from './llm-backend';
import { Failover, LLMRoute, LLMRouteSpec } from './llm-route';
import { API_GROUP, API_VERSION, objectKey, ObjectKey, ObjectMeta } from './object-meta';
import { Problem } from './problem';
import { requestEditDefects } from './request-edit-defects';
import { ResourceSet } from './resource-set';
import { INPUT_SCHEMAS } from './schema-name';
import { atOnce, Steps } from './steps';
import { Report, validate } from './validate';

/** One parsed document of a file or of the API server. */
export interface ManifestDocument {
  /** `chart.yaml:12`, or `cluster`. */
  readonly source: string;
  readonly value: unknown;
}

type Manifest = { apiVersion?: unknown; kind?: unknown; metadata?: unknown; spec?: unknown; data?: unknown; stringData?: unknown };

/** What a document says by itself, whatever the others say. */
interface ParsedDocument {
  /** Absent: routing has no use for it, or it is no object. */
  readonly kind?: keyof ResourceSet;
  /** `LLMRoute default/chat`. */
  readonly object: string;
  readonly key?: ObjectKey;
  /** Absent: it is broken. */
  readonly value?: unknown;
  readonly defects: ReadonlyArray<Pick<Problem, 'path' | 'message'>>;
}

/** What was parsed before: a document that is still the same object is not parsed again, and gives the same object. */
export type ParseMemory = WeakMap<ManifestDocument, ParsedDocument>;

/** Sorts documents into a ResourceSet. Kinds that routing has no use for are passed over; a broken object is left out and named in `problems`. */
export function parseObjects(documents: readonly ManifestDocument[]): ResourceSet {
  return atOnce(parseSteps(documents));
}

/** As `parseObjects`, yielding after every document. */
export function* parseSteps(documents: readonly ManifestDocument[], memory: ParseMemory = new WeakMap()): Steps<ResourceSet> {
  const problems: Problem[] = [];
  const set = {
    llmRoutes: new Map<ObjectKey, LLMRoute>(),
    llmBackends: new Map<ObjectKey, LLMBackend>(),
    httpRoutes: new Map(),
    backends: new Map(),
    backendTlsPolicies: new Map(),
    referenceGrants: new Map(),
    secrets: new Map<ObjectKey, Secret>(),
    configMaps: new Map<ObjectKey, ConfigMap>(),
  };
  for (const document of documents) {
    const { source } = document;
    const parsed = memory.get(document) ?? parseDocument(document.value);
    memory.set(document, parsed);
    const { kind, object, key, value, defects } = parsed;
    const target = kind && (set as Record<string, unknown>)[kind] as Map<ObjectKey, unknown>;
    if (target !== undefined && key !== undefined && target.has(key)) {
      problems.push({ source, object, path: 'metadata.name', message: 'the same object was given before; this one is left out' });
    } else {
      for (const defect of defects) problems.push({ source, object, ...defect });
      if (target !== undefined && key !== undefined && value !== undefined) target.set(key, value);
    }
    yield;
  }
  return { ...set, problems };
}

function parseDocument(value: unknown): ParsedDocument {
  if (value === null || value === undefined) return { object: '', defects: [] };
  if (typeof value !== 'object' || Array.isArray(value)) {
    return { object: '', defects: [{ path: '', message: 'is no Kubernetes object: a mapping with apiVersion, kind and metadata is needed' }] };
  }
  const manifest = value as Manifest;
  const kind = kindOf(manifest);
  if (kind === undefined) return { object: '', defects: [] };
  const metadata = readMetadata(manifest.metadata);
  if (metadata === undefined) return { object: `${String(manifest.kind)} (without a name)`, defects: [{ path: 'metadata.name', message: 'is required' }] };
  const key = objectKey(metadata.namespace, metadata.name);
  const defects: Array<Pick<Problem, 'path' | 'message'>> = [];
  const parsed = parseOne(manifest, metadata, (path, message) => { defects.push({ path, message }); });
  return { kind, object: `${String(manifest.kind)} ${key}`, key, defects, ...(defects.length === 0 ? { value: parsed } : {}) };
}

function kindOf(manifest: Manifest): keyof ResourceSet | undefined {
  const group = typeof manifest.apiVersion === 'string' && manifest.apiVersion.includes('/') ? manifest.apiVersion.split('/')[0] : '';
  return KINDS[`${group}/${String(manifest.kind)}`];
}

const KINDS: Readonly<Record<string, keyof ResourceSet>> = {
  [`${API_GROUP}/LLMRoute`]: 'llmRoutes',
  [`${API_GROUP}/LLMBackend`]: 'llmBackends',
  'gateway.networking.k8s.io/HTTPRoute': 'httpRoutes',
  'gateway.networking.k8s.io/BackendTLSPolicy': 'backendTlsPolicies',
  'gateway.networking.k8s.io/ReferenceGrant': 'referenceGrants',
  'gateway.envoyproxy.io/Backend': 'backends',
  '/Secret': 'secrets',
  '/ConfigMap': 'configMaps',
};

function readMetadata(value: unknown): ObjectMeta | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, namespace, ...rest } = value as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') return undefined;
  return { ...rest, name, namespace: typeof namespace === 'string' && namespace !== '' ? namespace : 'default' };
}

function parseOne(manifest: Manifest, metadata: ObjectMeta, report: Report): unknown {
  switch (manifest.kind) {
    case 'LLMRoute': return parseLLMRoute(manifest, metadata, report);
    case 'LLMBackend': return parseLLMBackend(manifest, metadata, report);
    case 'Secret': return { kind: 'Secret', metadata, data: secretData(manifest, report) };
    case 'ConfigMap': return { kind: 'ConfigMap', metadata, data: isRecord(manifest.data) ? manifest.data : {} };
    default:
      if (!isRecord(manifest.spec)) report('spec', 'must be an object');
      return { kind: manifest.kind, metadata, spec: manifest.spec };
  }
}

function checkVersion(manifest: Manifest, report: Report): void {
  if (manifest.apiVersion !== API_VERSION) report('apiVersion', `must be ${API_VERSION}, not ${String(manifest.apiVersion)}`);
}

function parseLLMRoute(manifest: Manifest, metadata: ObjectMeta, report: Report): LLMRoute {
  checkVersion(manifest, report);
  let broken = false;
  const spec = validate(manifest.spec, LLM_ROUTE_SPEC, 'spec', (path, message) => { broken = true; report(path, message); }) as LLMRouteSpec;
  if (!broken) checkLLMRoute(spec, report);
  return { apiVersion: API_VERSION, kind: 'LLMRoute', metadata, spec };
}

/** What the CRD's CEL rules say, with the same words, and what CEL cannot say. */
function checkLLMRoute(spec: LLMRouteSpec, report: Report): void {
  if (!(INPUT_SCHEMAS as readonly string[]).includes(spec.inputSchema.schema)) {
    report('spec.inputSchema.schema', `inputSchema.schema must be one of ${INPUT_SCHEMAS.join(', ')}, not ${JSON.stringify(spec.inputSchema.schema)}`);
  }
  if (spec.failover !== undefined && spec.rules !== undefined) report('spec.failover', 'failover goes with an HTTPRoute\'s own rules; with rules, each has its own failover');
  checkFailover(spec.failover, 'spec.failover', report);
  const names = new Set<string>();
  (spec.rules ?? []).forEach((rule, index) => {
    const path = `spec.rules[${index}]`;
    if (rule.name !== undefined && names.has(rule.name)) report(`${path}.name`, `${JSON.stringify(rule.name)} names an earlier rule too; rule names must be unique`);
    if (rule.name !== undefined) names.add(rule.name);
    if (!rule.backendRefs.some((reference) => reference.weight > 0)) report(`${path}.backendRefs`, 'at least one weight must be above 0');
    for (const defect of requestEditDefects(rule.requestHeaders, rule.requestBody)) report(`${path}.${defect.path}`, defect.message);
    if (rule.failover && rule.backendRefs.length < 2) report(`${path}.failover`, 'failover needs a second backend');
    checkFailover(rule.failover, `${path}.failover`, report);
  });
  const keys = new Set<string>();
  (spec.costs ?? []).forEach((cost, index) => {
    if (keys.has(cost.metadataKey)) report(`spec.costs[${index}].metadataKey`, `${JSON.stringify(cost.metadataKey)} is given twice`);
    keys.add(cost.metadataKey);
    if (cost.unitsPerDollar !== undefined && cost.type !== 'Price') report(`spec.costs[${index}].unitsPerDollar`, 'unitsPerDollar goes with type Price');
  });
  const headers = new Set<string>();
  (spec.limitKeys ?? []).forEach(({ header }, index) => {
    if (headers.has(header.toLowerCase())) report(`spec.limitKeys[${index}].header`, `${JSON.stringify(header)} is given twice`);
    headers.add(header.toLowerCase());
  });
}

function checkFailover(failover: Failover | undefined, path: string, report: Report): void {
  if (failover === undefined || failover.retryOn.triggers.length + failover.retryOn.httpStatusCodes.length > 0) return;
  report(`${path}.retryOn`, 'retryOn needs a trigger or a status; with neither, failover never happens');
}

function parseLLMBackend(manifest: Manifest, metadata: ObjectMeta, report: Report): LLMBackend {
  checkVersion(manifest, report);
  let broken = false;
  const spec = validate(manifest.spec, LLM_BACKEND_SPEC, 'spec', (path, message) => { broken = true; report(path, message); }) as LLMBackendSpec;
  if (broken) return { apiVersion: API_VERSION, kind: 'LLMBackend', metadata, spec };
  const { backendRef, credential } = spec;
  const service = backendRef.kind === 'Service';
  if (service && backendRef.port === undefined) report('spec.backendRef.port', 'a Service needs a port');
  if (backendRef.group !== undefined && service !== (backendRef.group === '')) {
    report('spec.backendRef.group', 'group must be "" for a Service and gateway.envoyproxy.io for a Backend; leave it out to have it filled in');
  }
  const kinds = (['apiKey', 'aws', 'azure', 'gcp'] as const).filter((kind) => credential?.[kind] !== undefined);
  if (kinds.length > 1) report('spec.credential', `at most one of apiKey, aws, azure, gcp may be set, not ${kinds.join(' and ')}`);
  checkCredential(spec, report);
  (spec.body?.set ?? []).forEach((edit, index) => {
    try {
      JSON.parse(edit.value);
    } catch {
      report(`spec.body.set[${index}].value`, 'must be JSON text; write a string with its quotes, as in \'"gateway"\'');
    }
  });
  (spec.models ?? []).forEach(({ name }, index, models) => {
    const twin = models.findIndex((other) => other.name === name);
    if (twin < index) report(`spec.models[${index}].name`, `${JSON.stringify(name)} is described by spec.models[${twin}] too; give each model one entry`);
  });
  const filled: LLMBackendSpec = { ...spec, backendRef: { ...backendRef, group: service ? '' : 'gateway.envoyproxy.io' } };
  return { apiVersion: API_VERSION, kind: 'LLMBackend', metadata, spec: filled };
}

function checkCredential({ credential: { aws, azure, fromRequestHeader } = {}, outputSchema: { schema } }: LLMBackendSpec, report: Report): void {
  if (aws?.profile !== undefined && aws.secretRef === undefined) report('spec.credential.aws.profile', AWS_PROFILE_RULE.message);
  const signsIn = azure?.secretRef !== undefined && azure.secretRef.key !== ACCESS_TOKEN_KEY;
  if (signsIn && (azure.tenantId === undefined || azure.clientId === undefined)) report('spec.credential.azure', AZURE_CLIENT_RULE.message);
  if (fromRequestHeader === undefined) return;
  if ((fromRequestHeader.name === undefined) === (fromRequestHeader.prefix === undefined)) report('spec.credential.fromRequestHeader', REQUEST_HEADER_RULE.message);
  else if (fromRequestHeader.prefix !== undefined && !schema.startsWith('AWS')) report('spec.credential.fromRequestHeader.prefix', PREFIX_SCHEMA_RULE.message);
}

function secretData(manifest: Manifest, report: Report): ReadonlyMap<string, Uint8Array> {
  const data = new Map<string, Uint8Array>();
  for (const [key, value] of Object.entries(isRecord(manifest.data) ? manifest.data : {})) {
    if (typeof value === 'string' && /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value)) data.set(key, Buffer.from(value, 'base64'));
    else report(`data.${key}`, 'must be base64; use stringData for plain text');
  }
  for (const [key, value] of Object.entries(isRecord(manifest.stringData) ? manifest.stringData : {})) {
    if (typeof value === 'string') data.set(key, Buffer.from(value, 'utf8'));
    else report(`stringData.${key}`, 'must be a string');
  }
  return data;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
