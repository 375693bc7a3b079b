import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { Secret } from 'cdk8s-plus-28';
import { attachment, llmGateway, Manifest, manifestOf, manifestsOf } from './attachment-stand-in';
import { GatewayListener, GatewayRef, LlmGateway } from '../src';

describe('a Gateway of its own', () => {
  test('is of the class, listens for HTTP on port 80 and takes routes of its own namespace', () => {
    // WHEN
    const gateway = llmGateway({ gatewayClassName: 'eg' });

    // THEN
    const manifest = manifestOf(gateway, 'Gateway');
    expect(manifest.apiVersion).toBe('gateway.networking.k8s.io/v1');
    expect(manifest.metadata.namespace).toBe('llm');
    expect(manifest.metadata.labels).toMatchObject({ 'app.kubernetes.io/name': 'llmgw', 'app.kubernetes.io/component': 'gateway', 'app.kubernetes.io/managed-by': 'cdk8s' });
    expect(manifest.spec.gatewayClassName).toBe('eg');
    expect(manifest.spec.listeners).toEqual([{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'Same' } } }]);
    expect(gateway.gateway).toMatchObject({ name: manifest.metadata.name, namespace: 'llm' });
    expect(gateway.namespace).toBe('llm');
  });

  test('has an EnvoyProxy, emitted before it, that makes Envoy close streams to ExtProc in order', () => {
    // WHEN
    const manifests = manifestsOf(llmGateway({ gatewayClassName: 'eg' }));

    // THEN
    const kinds = manifests.map(({ kind }) => kind);
    expect(kinds.indexOf('EnvoyProxy')).toBeLessThan(kinds.indexOf('Gateway'));
    const proxy = manifests.find(({ kind }) => kind === 'EnvoyProxy');
    const gateway = manifests.find(({ kind }) => kind === 'Gateway');
    expect(gateway.spec.infrastructure).toEqual({ parametersRef: { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', name: proxy.metadata.name } });
    expect(proxy.metadata.namespace).toBe('llm');
    expect(proxy.spec).toEqual({
      bootstrap: {
        type: 'JSONPatch',
        jsonPatches: [{ op: 'add', path: '/layered_runtime/layers/0/static_layer/envoy.reloadable_features.ext_proc_graceful_grpc_close', value: true }],
      },
    });
  });

  test('is the default child, for what has no property', () => {
    expect(ApiObject.of(llmGateway({ gatewayClassName: 'eg' })).kind).toBe('Gateway');
  });

  test('has the listeners that it is given', () => {
    // GIVEN
    const chart = new Chart(new App(), 'llm', { namespace: 'llm' });

    // WHEN
    const gateway = new LlmGateway(chart, 'Gateway', {
      gatewayClassName: 'eg',
      listeners: [
        GatewayListener.http({ port: 8080 }),
        GatewayListener.https([Secret.fromSecretName(chart, 'Certificate', 'llm-tls')], { hostname: 'llm.example.com' }),
      ],
    });
    gateway._attach(attachment());

    // THEN
    expect(manifestOf(gateway, 'Gateway').spec.listeners).toEqual([
      { name: 'http', port: 8080, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'Same' } } },
      {
        name: 'https',
        port: 443,
        protocol: 'HTTPS',
        hostname: 'llm.example.com',
        tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: 'llm-tls' }] },
        allowedRoutes: { namespaces: { from: 'Same' } },
      },
    ]);
  });

  test('takes routes of the attached routes\' namespaces, and of no other', () => {
    // WHEN
    const gateway = llmGateway({ gatewayClassName: 'eg' }, ['team-b', 'llm', 'team-a', 'team-b'].map((namespace) => attachment({ namespace })));

    // THEN
    expect(manifestOf(gateway, 'Gateway').spec.listeners[0].allowedRoutes).toEqual({
      namespaces: { from: 'Selector', selector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['llm', 'team-a', 'team-b'] }] } },
    });
  });

  test('does not take routes of its own namespace when every route is elsewhere', () => {
    const gateway = llmGateway({ gatewayClassName: 'eg' }, [attachment({ namespace: 'team-a' })]);
    expect(manifestOf(gateway, 'Gateway').spec.listeners[0].allowedRoutes.namespaces.selector.matchExpressions[0].values).toEqual(['team-a']);
  });
});

describe('an existing Gateway', () => {
  test('is referred to as it is, and neither it nor an EnvoyProxy is emitted', () => {
    // WHEN
    const gateway = llmGateway({ gateway: GatewayRef.named('shared', 'infra', { sectionName: 'https', port: 443 }) });

    // THEN
    expect(gateway.gateway).toMatchObject({ name: 'shared', namespace: 'infra', sectionName: 'https', port: 443 });
    const kinds = manifestsOf(gateway).map(({ kind }) => kind);
    expect(kinds).not.toContain('Gateway');
    expect(kinds).not.toContain('EnvoyProxy');
    expect(kinds).toContain('Deployment');
  });

  test('is in the namespace of the LlmGateway when it names none', () => {
    expect(llmGateway({ gateway: GatewayRef.named('shared') }).gateway.namespace).toBe('llm');
  });
});

test('every object has its namespace written out, also default', () => {
  // GIVEN
  const chart = Testing.chart();
  const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg', extProc: { autoscaling: { maxReplicas: 3 } } });
  gateway._attach(attachment({ namespace: 'default' }));

  // WHEN
  const manifests: Manifest[] = Testing.synth(chart);

  // THEN
  expect(manifests.map(({ kind }) => kind).sort()).toEqual([
    'Deployment', 'EnvoyProxy', 'Gateway', 'HorizontalPodAutoscaler', 'Lease', 'NetworkPolicy', 'PodDisruptionBudget', 'Role', 'Role', 'RoleBinding', 'RoleBinding', 'Service', 'ServiceAccount',
  ]);
  expect(manifests.map(({ metadata }) => metadata.namespace)).toEqual(manifests.map(() => 'default'));
});

test('routes of other namespaces may name the Service of ExtProc, by a ReferenceGrant each', () => {
  // WHEN
  const gateway = llmGateway({ gatewayClassName: 'eg' }, ['team-b', 'llm', 'team-a', 'team-b'].map((namespace) => attachment({ namespace })));

  // THEN
  const grants = manifestsOf(gateway, 'ReferenceGrant');
  const service = manifestOf(gateway, 'Service');
  expect(grants.map(({ apiVersion, metadata }) => [apiVersion, metadata.namespace])).toEqual(grants.map(() => ['gateway.networking.k8s.io/v1beta1', 'llm']));
  expect(new Set(grants.map(({ metadata }) => metadata.name)).size).toBe(2);
  expect(grants.map(({ spec }) => spec)).toEqual(['team-b', 'team-a'].map((namespace) => ({
    from: [{ group: 'gateway.envoyproxy.io', kind: 'EnvoyExtensionPolicy', namespace }],
    to: [{ group: '', kind: 'Service', name: service.metadata.name }],
  })));
});

test('no ReferenceGrant is emitted when all routes are in its own namespace', () => {
  expect(manifestsOf(llmGateway({ gatewayClassName: 'eg' }), 'ReferenceGrant')).toEqual([]);
});

test('the Service that routes are told of is the one that is emitted', () => {
  const gateway = llmGateway({ gatewayClassName: 'eg' });
  const { metadata, spec } = manifestOf(gateway, 'Service');
  expect(gateway._extProc).toMatchObject({
    name: metadata.name, namespace: metadata.namespace, backendRef: { group: '', kind: 'Service', name: metadata.name, port: spec.ports[0].port },
  });
});

test('two LlmGateways live in one chart', () => {
  // GIVEN
  const chart = new Chart(new App(), 'llm', { namespace: 'llm' });

  // WHEN
  for (const id of ['A', 'B']) new LlmGateway(chart, id, { gatewayClassName: 'eg' })._attach(attachment({ namespace: 'team' }));

  // THEN
  const keys = (Testing.synth(chart) as Manifest[]).map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test('synthesizing twice gives the same', () => {
  const gateway = llmGateway({ gatewayClassName: 'eg' }, [attachment({ readNamespaces: () => ['shared'] })]);
  expect(manifestsOf(gateway)).toEqual(manifestsOf(gateway));
});

describe('fails at synth', () => {
  const shared = GatewayRef.named('shared');
  const secret = () => Secret.fromSecretName(Testing.chart(), 'Certificate', 'tls');
  const { http, https } = GatewayListener;

  test.each([
    ['neither a class nor a Gateway', {}, /^llm\/Gateway: neither gatewayClassName nor gateway is given; give /],
    ['both', { gatewayClassName: 'eg', gateway: shared }, /^llm\/Gateway: gatewayClassName and gateway are both given; give /],
    ['an empty class', { gatewayClassName: '' }, /^llm\/Gateway: gatewayClassName is empty; /],
    ['listeners of an existing Gateway', { gateway: shared, listeners: [http()] }, /^llm\/Gateway: listeners is given together with gateway/],
    ['no listener', { gatewayClassName: 'eg', listeners: [] }, /listeners has 0 entries; allowed: 1 to 64/],
    ['65 listeners', { gatewayClassName: 'eg', listeners: Array.from({ length: 65 }, (_, index) => http({ name: `l${index}`, port: index + 1 })) }, /listeners has 65 entries/],
    ['port 0', { gatewayClassName: 'eg', listeners: [http({ port: 0 })] }, /^llm\/Gateway: listeners\[0\]\.port 0 is not allowed; allowed: whole numbers from 1 to 65535$/],
    ['port 65536', { gatewayClassName: 'eg', listeners: [http(), http({ name: 'b', port: 65_536 })] }, /listeners\[1\]\.port 65536 is not allowed/],
    ['half a port', { gatewayClassName: 'eg', listeners: [http({ port: 80.5 })] }, /port 80.5 is not allowed/],
    ['a bad name', { gatewayClassName: 'eg', listeners: [http({ name: 'Web_1' })] }, /name "Web_1" is not allowed/],
    ['a hostname with a port', { gatewayClassName: 'eg', listeners: [http({ hostname: 'llm.example.com:80' })] }, /hostname "llm.example.com:80" is not allowed/],
    ['a wildcard in the middle', { gatewayClassName: 'eg', listeners: [http({ hostname: 'llm.*.com' })] }, /hostname "llm\.\*\.com" is not allowed/],
    ['HTTPS without certificate', { gatewayClassName: 'eg', listeners: [https([])] }, /listeners\[0\]\.certificates is empty/],
    ['one name twice', { gatewayClassName: 'eg', listeners: [http(), http({ port: 81 })] }, /listeners\[0\] "http" and listeners\[1\] "http" have the same name; /],
    ['two protocols on a port', { gatewayClassName: 'eg', listeners: [http({ port: 443 }), https([secret()])] }, /are HTTP and HTTPS on one port, 443/],
    ['one port and hostname twice', { gatewayClassName: 'eg', listeners: [http(), http({ name: 'b' })] }, /have the same port, 80, and the same hostname/],
  ])('%s', (_, props, message) => {
    expect(() => llmGateway(props)).toThrow(message);
  });

  test('without an LlmRoute', () => {
    expect(() => manifestsOf(llmGateway({ gatewayClassName: 'eg' }, []))).toThrow(/\[llm\/Gateway\] an LlmGateway without an LlmRoute does nothing; add a route/);
  });

  test('not for two hostnames on one port', () => {
    const gateway = llmGateway({ gatewayClassName: 'eg', listeners: [http({ hostname: 'a.example.com' }), http({ name: 'b', hostname: '*.example.com' })] });
    expect(manifestOf(gateway, 'Gateway').spec.listeners.map(({ hostname }: Manifest) => hostname)).toEqual(['a.example.com', '*.example.com']);
  });
});
