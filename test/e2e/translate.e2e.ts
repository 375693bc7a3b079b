import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { App } from 'cdk8s';
import { parseAllDocuments, stringify } from 'yaml';
import { Manifest, readManifests } from './file-mode-manifests';
import { accessApp } from '../apps/access';
import { allOptionsApp } from '../apps/all-options';
import { crossNamespaceApp } from '../apps/cross-namespace';
import { httpRouteModeApp } from '../apps/http-route-mode';
import { limitsApp } from '../apps/limits';
import { manyBackendsApp } from '../apps/many-backends';
import { mutualTlsApp, SERVER_NAME, tlsPairs } from '../apps/mutual-tls';
import { sharedGatewayApp } from '../apps/shared-gateway';
import { signInApp } from '../apps/sign-in';
import { TestIssuer } from '../apps/test-issuer';
import { CertificateAuthority } from '../providers/certificate';

/**
 * What we synthesize goes through Envoy Gateway's own translation (`egctl x translate`, which checks schemas and CEL rules and resolves
 * references), for the quickstart and for one app a feature. `EGCTL` names the program.
 */
const ROOT = join(__dirname, '..', '..');

type Json = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

let folder: string;

before(() => { folder = mkdtempSync(join(tmpdir(), 'llmgw-translate-')); });
after(() => { rmSync(folder, { recursive: true, force: true }); });

function quickstart(): Manifest[] {
  const outdir = join(folder, 'quickstart');
  const result = spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', join(ROOT, 'examples', 'quickstart', 'main.ts')], {
    cwd: join(ROOT, 'examples', 'quickstart'), env: { ...process.env, CDK8S_OUTDIR: outdir }, encoding: 'utf8',
  });
  assert.equal(result.status, 0, result.stderr);
  return readManifests(outdir);
}

function synthesized(app: App): Manifest[] {
  return parseAllDocuments(app.synthYaml()).map((document) => document.toJS() as Manifest);
}

/** egctl reads `data` alone, which the API server makes of `stringData`. */
function mutualTls(): Manifest[] {
  return synthesized(mutualTlsApp(tlsPairs())).map((manifest) => (manifest.kind !== 'Secret' ? manifest : {
    ...manifest, data: Object.fromEntries(Object.entries((manifest as Json).stringData as Record<string, string>).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
  }));
}

/** Kinds that egctl knows; of ours it says that no such kind is registered. */
const GROUPS = /^(v1|gateway\.networking\.k8s\.io\/.*|gateway\.envoyproxy\.io\/.*)$/;

/**
 * With stand-ins for what the API server adds (a Service's address) and what the cluster's owners have (GatewayClass, a Gateway that is not
 * ours). egctl reads no labels of Namespaces, so a listener's namespace selector lets all in.
 */
function forEgctl(manifests: readonly Manifest[]): unknown[] {
  const result: unknown[] = manifests.filter(({ apiVersion }) => GROUPS.test(apiVersion)).map((manifest) => {
    const copy = structuredClone(manifest) as Json;
    if (copy.kind === 'Service') copy.spec.clusterIP ??= '10.96.0.10';
    if (copy.kind === 'Secret') copy.data = { ...copy.data, ...Object.fromEntries(Object.entries(copy.stringData ?? {}).map(([name, value]) => [name, Buffer.from(String(value)).toString('base64')])) };
    if (copy.kind === 'Gateway') findAll(copy, ({ from }) => from === 'Selector').forEach((namespaces) => { namespaces.from = 'All'; });
    return copy;
  });
  if (!manifests.some(({ kind }) => kind === 'Gateway')) {
    const [{ name, namespace }] = ((manifests.find(({ kind }) => kind === 'HTTPRoute') as Json).spec.parentRefs as Json[]);
    result.push({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name, namespace },
      spec: { gatewayClassName: 'eg', listeners: [{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } }] },
    });
  }
  result.push({
    apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GatewayClass', metadata: { name: 'eg' }, spec: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
  });
  return result;
}

function egctl(manifests: readonly Manifest[], to: string, ...more: string[]): string {
  const input = forEgctl(manifests).map((manifest) => `---\n${stringify(manifest)}`).join('');
  const result = spawnSync(process.env.EGCTL ?? 'egctl', ['x', 'translate', '--from', 'gateway-api', '--to', to, ...more, '-f', '-'], {
    input, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 120_000,
  });
  assert.equal(result.status, 0, `egctl: ${String(result.error ?? '')}${result.stderr}`);
  return result.stdout;
}

/** Every condition in the answer that is not met, with the object it is about. */
function unmet(answer: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown, object: string) => {
    if (Array.isArray(value)) {
      value.forEach((item) => visit(item, object));
    } else if (typeof value === 'object' && value !== null) {
      const { kind, metadata, type, status, reason, message } = value as Json;
      if (type !== undefined && status === 'False') found.push(`${object}: ${type} ${reason}: ${message}`);
      Object.values(value).forEach((item) => visit(item, metadata === undefined ? object : `${kind ?? ''} ${metadata.namespace}/${metadata.name}`));
    }
  };
  parseAllDocuments(answer).forEach((document) => visit(document.toJS(), ''));
  return found;
}

function accepted(answer: string): number {
  return (answer.match(/status: "True"/g) ?? []).length;
}

/** All objects inside `value` for which `wanted` is true. */
function findAll(value: unknown, wanted: (object: Json) => boolean): Json[] {
  if (Array.isArray(value)) return value.flatMap((item) => findAll(item, wanted));
  if (typeof value !== 'object' || value === null) return [];
  return [...(wanted(value as Json) ? [value as Json] : []), ...Object.values(value).flatMap((item) => findAll(item, wanted))];
}

function xds(manifests: readonly Manifest[]): Json {
  return JSON.parse(egctl(manifests, 'xds', '--type', 'all', '--output', 'json')) as Json;
}

/** Of the API keys that somebody else keeps. */
const CLIENTS: Manifest = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'clients', namespace: 'llm' }, stringData: { red: 'a-key' } } as Manifest;

const APPS: ReadonlyArray<readonly [name: string, manifests: () => Manifest[]]> = [
  ['the quickstart', quickstart],
  ['backends and a gateway of other namespaces', () => synthesized(crossNamespaceApp())],
  ['HTTPRoute mode', () => synthesized(httpRouteModeApp())],
  ['20 backends', () => synthesized(manyBackendsApp())],
  ['a shared Gateway', () => synthesized(sharedGatewayApp())],
  ['budgets of tokens and money', () => [...synthesized(limitsApp(new TestIssuer().jwks)), CLIENTS]],
  ['all options', () => synthesized(allOptionsApp())],
  ['client certificates, a login page, keys of another namespace', () => synthesized(signInApp(new CertificateAuthority()))],
  ['client authentication, access by model, CORS', () => synthesized(accessApp(new TestIssuer().jwks))],
  ['mutual TLS with ExtProc', mutualTls],
];

describe('Envoy Gateway accepts', () => {
  for (const [name, manifests] of APPS) {
    test(name, () => {
      const answer = egctl(manifests(), 'gateway-api');

      // Envoy Gateway's own Secret for sessions is made when it is installed: nothing that egctl could be given.
      assert.deepEqual(unmet(answer).filter((line) => !/OIDC: HMAC secret .* not found/.test(line)), []);
      assert.ok(accepted(answer) > 4, 'there are conditions at all');
    });
  }

  test('and refuses what it should', () => {
    // The same check on a broken app: without the backend, the conditions must say so.
    const broken = quickstart().filter(({ apiVersion, kind, metadata }) => !(apiVersion.startsWith('gateway.envoyproxy.io') && kind === 'Backend' && metadata.name === 'bedrock'));

    assert.match(unmet(egctl(broken, 'gateway-api')).join('\n'), /ResolvedRefs BackendNotFound/);
  });
});

describe('in Envoy', () => {
  const isRoute = ({ name, match }: Json) => match !== undefined && typeof name === 'string' && /^httproute\/.*\/match\//.test(name);

  test('every route of the quickstart runs ext_proc, buffered there and streamed back, with room for large bodies', () => {
    const config = xds(quickstart());

    const [filter] = findAll(config, ({ name, typedConfig }) => typeof name === 'string' && name.startsWith('envoy.filters.http.ext_proc/') && typedConfig !== undefined);
    assert.equal(filter.typedConfig.processingMode.requestBodyMode, 'BUFFERED');
    assert.equal(filter.typedConfig.processingMode.responseBodyMode, 'FULL_DUPLEX_STREAMED');
    assert.equal(filter.typedConfig.failureModeAllow ?? false, false);
    const routes = findAll(config, isRoute);
    assert.equal(routes.length, 8, routes.map(({ name }) => name).join('\n'));
    for (const { name, typedPerFilterConfig } of routes) {
      assert.ok(typedPerFilterConfig[filter.name], name);
      assert.equal(typedPerFilterConfig['envoy.filters.http.buffer'].buffer.maxRequestBytes, 50 * 1024 * 1024, name);
    }
  });

  test('a pinned rule comes before the catch-all of the same path, and before a user\'s own rule', () => {
    const order = (manifests: Manifest[]) => findAll(xds(manifests), isRoute)
      .map(({ name, match }) => ({ name, path: match.path ?? match.pathSeparatedPrefix ?? match.prefix ?? match.safeRegex?.regex }));

    const pinned = order(quickstart());
    for (const path of ['/v1', '/tokenize']) {
      const names = pinned.filter((route) => route.path === path).map(({ name }) => name);
      assert.match(names[names.length - 1], /^httproute\/llm\/chat\/rule\/0\//);
      assert.equal(names.length, 3);
    }
    const beside = order(synthesized(httpRouteModeApp()));
    const user = beside.findIndex(({ name }) => name.startsWith('httproute/llm/chat/'));
    const same = beside.filter(({ path }) => path === '/v1/chat/completions').map(({ name }) => name);
    assert.deepEqual(same.map((name) => name.split('/')[2]), ['chat-llm', 'chat-llm', 'chat']);
    assert.ok(user >= 0);
    const expression = beside.findIndex(({ path }) => path === '/.*');
    assert.ok(expression >= 0 && expression < beside.findIndex(({ path }) => path === '/v1'));
  });

  test('budgets are counted when an answer is over, by what ExtProc says it used, and are the same for all backends', () => {
    const routes = findAll(xds(synthesized(limitsApp(new TestIssuer().jwks))), isRoute).filter(({ name }) => /^httproute\/llm\/chat\/rule\/[^0]/.test(name as string));

    const limitsOf = ({ typedPerFilterConfig }: Json) => typedPerFilterConfig['envoy.filters.http.ratelimit/llm/chat']?.rateLimits as Json[] | undefined;
    const limits = limitsOf(routes[0]) ?? [];
    assert.deepEqual(routes.filter((route) => JSON.stringify(limitsOf(route)) !== JSON.stringify(limits)).map(({ name }) => name as string), [], 'every route has the same');
    const [asked, counted] = [limits.filter(({ applyOnStreamDone }) => applyOnStreamDone !== true), limits.filter(({ applyOnStreamDone }) => applyOnStreamDone === true)];
    assert.deepEqual(asked.map(({ hitsAddend }) => Number(hitsAddend.number)), [0, 0, 0]);
    assert.deepEqual(counted.map(({ hitsAddend }) => hitsAddend.format), ['total_tokens', 'output_tokens', 'total_tokens'].map((key) => `%DYNAMIC_METADATA(io.envoy.ai_gateway:${key})%`));
    // What the rules look at must still be there when the answer is over.
    const seen = findAll(limits, ({ headerName }) => typeof headerName === 'string').map(({ headerName }) => headerName as string);
    const named = findAll(limits, ({ name, stringMatch }) => typeof name === 'string' && stringMatch !== undefined).map(({ name }) => name as string);
    const removed = new Set(routes.flatMap(({ requestHeadersToRemove = [] }) => requestHeadersToRemove as string[]));
    assert.ok(removed.has('x-ai-gateway-llm-backend'));
    assert.deepEqual([...new Set([...seen, ...named])].sort(), ['x-ai-gateway-limit-key-x-tenant', 'x-ai-gateway-llm-model']);
    assert.deepEqual([...seen, ...named].filter((name) => removed.has(name)), []);
  });

  test('merged with a SecurityPolicy on the Gateway, routes have its authorization rules beside their own authentication, or rules of their own in place of it', () => {
    const manifests = synthesized(accessApp(new TestIssuer().jwks));
    const theirs = {
      apiVersion: 'gateway.envoyproxy.io/v1alpha1',
      kind: 'SecurityPolicy',
      metadata: { name: 'theirs', namespace: 'llm' },
      spec: {
        targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: manifests.find(({ kind }) => kind === 'Gateway')?.metadata.name }],
        authorization: { defaultAction: 'Deny', rules: [{ name: 'their-rule', action: 'Allow', principal: { clientCIDRs: ['192.0.2.0/24'] } }] },
      },
    };

    const rules = new Map(findAll(xds([...manifests, theirs]), isRoute).map(({ name, typedPerFilterConfig }) => [
      name.split('/')[2], [...JSON.stringify(typedPerFilterConfig['envoy.filters.http.rbac']).matchAll(/"name":"((?:their|models)-[\w-]+)"/g)].map(([, found]) => found),
    ]));
    assert.deepEqual(rules.get('both'), ['their-rule']);
    assert.deepEqual(rules.get('tokens'), ['models-1', 'models-2']);
  });

  test('timeouts are those of the route, and the first byte has its own', () => {
    const routes = findAll(xds(synthesized(allOptionsApp())), isRoute).filter(({ route }) => route !== undefined);

    assert.ok(routes.length > 0);
    for (const { route } of routes) {
      assert.equal(route.timeout, '1800s');
      assert.equal(route.idleTimeout, '90s');
      assert.equal(route.retryPolicy.perTryTimeout, '45s');
      assert.equal(route.retryPolicy.numRetries ?? 0, 0);
    }
  });

  test('ExtProc with mutual TLS is called by HTTP/2 on TLS, with the client certificate, under the name that is asked for, in both namespaces', () => {
    const clusters = findAll(xds(mutualTls()), ({ name, clusterType }) => typeof name === 'string' && /^envoyextensionpolicy\/(infra|team-a)\/chat\/extproc\/0$/.test(name) && clusterType !== undefined);

    assert.equal(clusters.length, 2);
    for (const { name, loadAssignment, transportSocketMatches, typedExtensionProtocolOptions } of clusters) {
      const [{ lbEndpoints: [{ endpoint }] }] = loadAssignment.endpoints;
      assert.deepEqual(endpoint.address.socketAddress, { address: 'llm-extproc-headless.infra.svc.cluster.local', portValue: 9002 }, name);
      const { sni, commonTlsContext } = transportSocketMatches[0].transportSocket.typedConfig;
      assert.equal(sni, SERVER_NAME);
      assert.deepEqual(commonTlsContext.alpnProtocols, ['h2']);
      assert.equal(commonTlsContext.tlsCertificateSdsSecretConfigs.length, 1);
      assert.deepEqual(commonTlsContext.combinedValidationContext.defaultValidationContext.matchTypedSubjectAltNames, [{ sanType: 'DNS', matcher: { exact: SERVER_NAME } }]);
      const { explicitHttpConfig, commonHttpProtocolOptions } = typedExtensionProtocolOptions['envoy.extensions.upstreams.http.v3.HttpProtocolOptions'];
      assert.ok(explicitHttpConfig.http2ProtocolOptions);
      assert.equal(commonHttpProtocolOptions.maxRequestsPerConnection, 800);
    }
  });
});
