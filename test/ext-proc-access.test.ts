import { App, Chart, Testing } from 'cdk8s';
import { attachment, llmGateway, Manifest, manifestOf, manifestsOf } from './attachment-stand-in';
import { LlmGateway } from '../src';
import { ObjectName } from '../src/route-attachment';

const READ = ['list', 'watch'];
const CONFIGURATION = [
  { apiGroups: ['aigateway.envoyproxy.io'], resources: ['llmroutes', 'llmbackends'], verbs: READ },
  { apiGroups: ['aigateway.envoyproxy.io'], resources: ['llmroutes/status', 'llmbackends/status'], verbs: ['patch'] },
  { apiGroups: ['gateway.networking.k8s.io'], resources: ['httproutes', 'backendtlspolicies', 'referencegrants'], verbs: READ },
  { apiGroups: ['gateway.envoyproxy.io'], resources: ['backends'], verbs: READ },
];

function readRoles(gateway: LlmGateway): Manifest[] {
  return manifestsOf(gateway, 'Role').filter(({ metadata }) => !metadata.name.endsWith('-leases'));
}

test('reads configuration in the route\'s namespace and in those of its backends, and nowhere else', () => {
  // WHEN
  const gateway = llmGateway({ gatewayClassName: 'eg' }, [attachment({ namespace: 'team', readNamespaces: () => ['team', 'shared'] })]);

  // THEN
  const roles = readRoles(gateway);
  expect(roles.map(({ metadata, rules }) => ({ namespace: metadata.namespace, rules }))).toEqual(['shared', 'team'].map((namespace) => ({ namespace, rules: CONFIGURATION })));
  expect(manifestsOf(gateway).map(({ kind }) => kind)).not.toContain('ClusterRole');
});

test('binds every Role, in its own namespace, to the ServiceAccount', () => {
  // WHEN
  const gateway = llmGateway({ gatewayClassName: 'eg' }, [attachment({ readNamespaces: () => ['shared'] })]);

  // THEN
  const key = ({ metadata }: Manifest) => `${metadata.namespace}/${metadata.name}`;
  const bindings = manifestsOf(gateway, 'RoleBinding');
  expect(bindings).toHaveLength(3);
  expect(bindings.map(({ metadata, roleRef }) => key({ metadata: { ...metadata, name: roleRef.name } })).sort()).toEqual(manifestsOf(gateway, 'Role').map(key).sort());
  const account = manifestOf(gateway, 'ServiceAccount').metadata;
  expect(account.namespace).toBe('llm');
  expect(manifestOf(gateway, 'Deployment').spec.template.spec.serviceAccountName).toBe(account.name);
  for (const { roleRef, subjects } of bindings) {
    expect(roleRef).toMatchObject({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Role' });
    expect(subjects).toEqual([{ kind: 'ServiceAccount', name: account.name, namespace: 'llm' }]);
  }
});

test('stands before the pods that use it, in the first synthesis as well', () => {
  // WHEN
  const kinds = manifestsOf(llmGateway({ gatewayClassName: 'eg' }, [attachment({ readNamespaces: () => ['shared'] })])).map(({ kind }) => kind);

  // THEN
  for (const kind of ['ServiceAccount', 'Role', 'RoleBinding']) expect(kinds.lastIndexOf(kind)).toBeLessThan(kinds.indexOf('Deployment'));
});

test('reads Secrets and ConfigMaps by name only', () => {
  // WHEN
  const gateway = llmGateway({ gatewayClassName: 'eg' }, [
    attachment({
      readNamespaces: () => ['llm', 'shared'],
      readSecrets: () => [{ namespace: 'llm', name: 'openai' }, { namespace: 'shared', name: 'bedrock' }, { namespace: 'llm', name: 'azure' }],
    }),
    attachment({ readSecrets: () => [{ namespace: 'llm', name: 'openai' }], readConfigMaps: () => [{ namespace: 'shared', name: 'ca' }] }),
  ]);

  // THEN
  const rules = Object.fromEntries(readRoles(gateway).map((role) => [role.metadata.namespace, role.rules.slice(CONFIGURATION.length)]));
  expect(rules).toEqual({
    llm: [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['azure', 'openai'], verbs: READ }],
    shared: [
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['bedrock'], verbs: READ },
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['ca'], verbs: READ },
    ],
  });
});

test('has no rule for Secrets or ConfigMaps without names', () => {
  const gateway = llmGateway({ gatewayClassName: 'eg' }, [attachment({ readSecrets: () => [{ namespace: 'shared', name: 'bedrock' }] })]);
  for (const { rules } of manifestsOf(gateway, 'Role')) {
    for (const { resources, resourceNames } of rules) {
      if (resources.includes('secrets') || resources.includes('configmaps')) expect(resourceNames.length).toBeGreaterThan(0);
    }
  }
  expect(readRoles(gateway).find(({ metadata }) => metadata.namespace === 'llm').rules).toEqual(CONFIGURATION);
});

test('a namespace of Secrets alone gives no right to read configuration', () => {
  const gateway = llmGateway({ gatewayClassName: 'eg' }, [attachment({ readSecrets: () => [{ namespace: 'vault', name: 'bedrock' }] })]);
  expect(readRoles(gateway).find(({ metadata }) => metadata.namespace === 'vault').rules).toEqual([
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['bedrock'], verbs: READ },
  ]);
  expect(manifestOf(gateway, 'Deployment').spec.template.spec.containers[0].args).not.toContain('vault');
});

test('the replicas may hold one Lease, in their own namespace only', () => {
  const gateway = llmGateway({ name: 'chat', gatewayClassName: 'eg' }, [attachment({ namespace: 'team' })]);
  const withLeases = manifestsOf(gateway, 'Role').filter(({ rules }) => rules.some(({ resources }: Manifest) => resources.includes('leases')));
  expect(withLeases.map(({ metadata, rules }) => [metadata.namespace, rules])).toEqual([
    ['llm', [
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], resourceNames: ['chat-extproc'], verbs: ['get', 'patch'] },
    ]],
  ]);
});

test('the Lease is emitted, before the pods, and nobody holds it yet', () => {
  const manifests = manifestsOf(llmGateway({ name: 'chat', gatewayClassName: 'eg' }));
  const lease = manifests.find(({ kind }) => kind === 'Lease');
  expect(lease.metadata).toMatchObject({ name: 'chat-extproc', namespace: 'llm' });
  expect(lease.spec).toBeUndefined();
  expect(manifests.indexOf(lease)).toBeLessThan(manifests.findIndex(({ kind }) => kind === 'Deployment'));
});

test('like-named gateways of two namespaces have Roles of their own where both read', () => {
  // GIVEN
  const names = ['a', 'b'].map((namespace) => {
    const gateway = new LlmGateway(new Chart(new App(), 'llm', { namespace }), 'Gateway', { gatewayClassName: 'eg' });
    gateway._attach(attachment({ namespace: 'shared' }));

    // WHEN
    return readRoles(gateway).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  }).flat();

  // THEN
  expect(names).toHaveLength(2);
  expect(new Set(names).size).toBe(2);
});

test('sees what routes add after they were attached, with every way to synthesize', () => {
  // GIVEN
  const app = Testing.app();
  const chart = new Chart(app, 'llm', { namespace: 'llm' });
  const namespaces: string[] = [];
  const secrets: ObjectName[] = [];
  new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg' })._attach(attachment({ readNamespaces: () => namespaces, readSecrets: () => secrets }));

  // WHEN
  namespaces.push('shared');

  // THEN
  expect(app.synthYaml()).toContain('namespace: shared');
  namespaces.push('late');
  secrets.push({ namespace: 'shared', name: 'added' });
  const roles = (Testing.synth(chart) as Manifest[]).filter(({ kind }) => kind === 'Role');
  expect(roles.map(({ metadata }) => metadata.namespace)).toEqual(expect.arrayContaining(['llm', 'shared', 'late']));
  expect(roles.find(({ metadata }) => metadata.namespace === 'shared').rules).toContainEqual({ apiGroups: [''], resources: ['secrets'], resourceNames: ['added'], verbs: READ });
});
