import * as fc from 'fast-check';
import { ManifestDocument, ParseMemory, parseObjects, parseSteps } from '../../src/resources/parse';
import { atOnce } from '../../src/resources/steps';
import { buildConfiguration, buildSteps } from '../../src/runtime/build-configuration';
import { BuildMemory } from '../../src/runtime/build-memory';
import { Configuration, RoutingRequest } from '../../src/runtime/configuration';

const AI = 'aigateway.envoyproxy.io/v1alpha1';
const NAMES = ['a', 'b'] as const;
type Manifest = Readonly<Record<string, unknown>>;

const document = (value: Manifest): ManifestDocument => ({ source: 'test.yaml', value });
const meta = (name: string, more: object = {}) => ({ metadata: { name, namespace: 'default', ...more } });

/** Every version that an object may have; `undefined`: it is not there. */
const VERSIONS: ReadonlyArray<ReadonlyArray<ManifestDocument | undefined>> = [
  ...NAMES.map((name) => [
    undefined,
    ...[`${name}.example`, 'other.example'].map((hostname) => document({
      apiVersion: 'gateway.envoyproxy.io/v1alpha1', kind: 'Backend', ...meta(name), spec: { endpoints: [{ fqdn: { hostname, port: 443 } }], tls: { caCertificateRefs: [{ kind: 'ConfigMap', name: 'ca' }] } },
    })),
  ]),
  ...NAMES.map((name) => [
    undefined,
    ...['OpenAI', 'Cohere'].map((schema) => document({
      apiVersion: AI, kind: 'LLMBackend', ...meta(name), spec: { outputSchema: { schema }, backendRef: { name }, credential: { apiKey: { secretRef: { name: 'keys', key: 'k' } } } },
    })),
    document({ apiVersion: AI, kind: 'LLMBackend', ...meta(name), spec: { outputSchema: { schema: 'none' }, backendRef: { name } } }),
  ]),
  [undefined, document({ apiVersion: AI, kind: 'LLMBackend', metadata: { name: 'shared', namespace: 'other' }, spec: { outputSchema: { schema: 'OpenAI' }, backendRef: { kind: 'Service', name: 'shared', port: 80 } } })],
  [undefined, ...['default', 'elsewhere'].map((namespace) => document({
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    metadata: { name: 'g', namespace: 'other' },
    spec: { from: [{ group: 'aigateway.envoyproxy.io', kind: 'LLMRoute', namespace }], to: [{ group: 'aigateway.envoyproxy.io', kind: 'LLMBackend' }] },
  }))],
  [undefined, ...['one', 'two'].map((value) => document({ apiVersion: 'v1', kind: 'Secret', ...meta('keys'), stringData: { k: value } }))],
  [undefined, document({ apiVersion: 'v1', kind: 'ConfigMap', ...meta('ca'), data: { 'ca.crt': '-----BEGIN CERTIFICATE-----' } })],
  ...NAMES.map((name) => [
    undefined,
    ...[{ value: '/v1' }, { value: '/v2' }, { type: 'RegularExpression', value: '(' }].map((path) => document({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      ...meta(name),
      spec: { rules: [{ matches: [{ path, headers: [{ name: 'x-envoy-ai-gateway-llm-model', value: 'm' }] }], backendRefs: [{ group: 'gateway.envoyproxy.io', kind: 'Backend', name }] }] },
    })),
  ]),
  ...NAMES.map((name) => [
    undefined,
    ...['a', 'b', 'shared'].map((target) => document({
      apiVersion: AI,
      kind: 'LLMRoute',
      ...meta(name, { creationTimestamp: '2026-01-01T00:00:00Z' }),
      spec: { inputSchema: { schema: 'OpenAI' }, httpRouteRef: { name }, rules: [{ backendRefs: [target === 'shared' ? { name: target, namespace: 'other' } : { name: target, model: name }] }] },
    })),
    // HTTPRoute mode, on its own route and on the other's.
    ...NAMES.map((target) => document({ apiVersion: AI, kind: 'LLMRoute', ...meta(name), spec: { inputSchema: { schema: 'OpenAI' }, httpRouteRef: { name: target } } })),
  ]),
];

const request = (path: string): RoutingRequest => ({ method: 'POST', path, authority: 'x', header: () => undefined });

/** All that can be seen of a configuration. */
function seen({ routes, backends, problems, routeOfHttpRoute, routeOfRequest, httpRouteOfRequest }: Configuration): unknown {
  return {
    problems,
    backends: [...backends].map(([key, backend]) => [key, backend.resource, backend.endpoint, backend.secret('keys', 'k')]),
    routes: [...routes].map(([key, route]) => {
      const choice = route.choose('m', request('/v1/x'), 0);
      const { key: target, model, backend } = choice?.target ?? {};
      return [key, route.resource, route.models, target, model, backend?.endpoint, backend?.secret('keys', 'k')];
    }),
    carried: NAMES.map((name) => routeOfHttpRoute(`default/${name}`)?.key),
    table: ['/v1/x', '/v2/x'].map((path) => [routeOfRequest(request(path))?.key, httpRouteOfRequest(request(path))]),
  };
}

function build(documents: readonly ManifestDocument[], parsed: ParseMemory, memory: BuildMemory): Configuration {
  return atOnce(buildSteps(atOnce(parseSteps(documents, parsed)), 1, {}, memory));
}

test('property: with what was compiled before, a configuration is what it is without', () => {
  const changes = fc.array(fc.record({ object: fc.nat({ max: VERSIONS.length - 1 }), version: fc.nat({ max: 9 }) }), { minLength: 1, maxLength: 25 });
  const beginning = fc.tuple(...VERSIONS.map((versions) => fc.nat({ max: versions.length - 1 })));
  fc.assert(fc.property(beginning, changes, (first, steps) => {
    const current = [...first];
    const parsed: ParseMemory = new WeakMap();
    const memory = new BuildMemory();
    for (const { object, version } of [{ object: 0, version: first[0] }, ...steps]) {
      current[object] = version % VERSIONS[object].length;
      const documents = current.flatMap((one, place) => VERSIONS[place][one] ?? []);
      expect(seen(build(documents, parsed, memory))).toEqual(seen(buildConfiguration(parseObjects(documents), 1)));
    }
  }), { numRuns: 200 });
});

describe('what stays', () => {
  const all = VERSIONS.map((versions) => versions[1]).filter((one) => one !== undefined);
  const routeB = all.findIndex(({ value }) => (value as Manifest).kind === 'LLMRoute' && (value as { metadata: { name: string } }).metadata.name === 'b');

  function rebuilt(change: (documents: ManifestDocument[]) => void): [Configuration, Configuration] {
    const parsed: ParseMemory = new WeakMap();
    const memory = new BuildMemory();
    const before = build(all, parsed, memory);
    const documents = [...all];
    change(documents);
    return [before, build(documents, parsed, memory)];
  }

  test('a changed LLMRoute leaves the others and all LLMBackends as they are', () => {
    const [before, after] = rebuilt((documents) => { documents[routeB] = document({ ...documents[routeB].value as Manifest, status: {} }); });
    expect(before.problems).toEqual([]);
    expect(after.routes.get('default/a')).toBe(before.routes.get('default/a'));
    expect(after.routes.get('default/b')).not.toBe(before.routes.get('default/b'));
    expect(after.backends.get('default/a')).toBe(before.backends.get('default/a'));
  });

  test('nothing after a changed Secret, which a backend may have read', () => {
    const secret = all.findIndex(({ value }) => (value as Manifest).kind === 'Secret');
    const [before, after] = rebuilt((documents) => { documents[secret] = document({ ...documents[secret].value as Manifest, stringData: { k: 'rotated' } }); });
    expect(after.backends.get('default/a')).not.toBe(before.backends.get('default/a'));
    expect(Buffer.from(after.routes.get('default/a')?.choose('m', request('/v1'), 0)?.target.backend?.secret('keys', 'k') ?? []).toString()).toBe('rotated');
  });
});
