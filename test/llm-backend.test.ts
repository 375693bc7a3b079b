import { App, Chart, Testing } from 'cdk8s';
import { ConfigMap, Secret } from 'cdk8s-plus-28';
import { BackendModel, LlmBackend, LlmBackendProps, LlmProvider, ModelCapability, ModelKind, OutputSchema } from '../src';
import { parseObjects } from '../src/resources/parse';

const KEY = 'sk-proj-abcdefghijklmnopqrstuvwx';

function chartOf(namespace?: string): Chart {
  return new Chart(new App(), 'chart', { namespace });
}

function synthesized(props: LlmBackendProps, chart = chartOf('llm')) {
  new LlmBackend(chart, 'Backend', props);
  return Testing.synth(chart);
}

function secretOf(chart: Chart, key = 'key') {
  return { secret: Secret.fromSecretName(chart, `Secret-${key}`, 'keys'), key };
}

const LABELS = {
  'app.kubernetes.io/name': 'llmgw', 'app.kubernetes.io/instance': 'openai', 'app.kubernetes.io/component': 'backend', 'app.kubernetes.io/managed-by': 'cdk8s', 'team': 'a',
};

describe('an LlmBackend is an LLMBackend and an Envoy Gateway Backend of one name', () => {
  test('OpenAI', () => {
    const chart = chartOf('llm');
    const [resource, backend] = synthesized({ provider: LlmProvider.openAi({ apiKey: secretOf(chart) }), metadata: { name: 'openai', labels: { team: 'a' } } }, chart);

    expect(resource).toEqual({
      apiVersion: 'aigateway.envoyproxy.io/v1alpha1',
      kind: 'LLMBackend',
      metadata: { name: 'openai', namespace: 'llm', labels: LABELS },
      spec: { outputSchema: { schema: 'OpenAI' }, backendRef: { name: 'openai' }, credential: { apiKey: { secretRef: { name: 'keys', key: 'key' } } } },
    });
    expect(backend).toEqual({
      apiVersion: 'gateway.envoyproxy.io/v1alpha1',
      kind: 'Backend',
      metadata: { name: 'openai', namespace: 'llm', labels: LABELS },
      spec: { endpoints: [{ fqdn: { hostname: 'api.openai.com', port: 443 } }], tls: { sni: 'api.openai.com', wellKnownCACertificates: 'System' } },
    });
  });

  test('a server in the cluster, without TLS and without a key', () => {
    const [resource, backend] = synthesized({ provider: LlmProvider.openAiCompatible({ host: 'vllm.models.svc.cluster.local', port: 8000 }) });

    expect(resource.metadata.name).toBe(backend.metadata.name);
    expect(resource.spec).toEqual({ outputSchema: { schema: 'OpenAI' }, backendRef: { name: backend.metadata.name } });
    expect(backend.spec).toEqual({ endpoints: [{ fqdn: { hostname: 'vllm.models.svc.cluster.local', port: 8000 } }] });
  });

  test('a server with a path prefix and certificates of its own authority', () => {
    const chart = chartOf('llm');
    const certificateAuthority = ConfigMap.fromConfigMapName(chart, 'Ca', 'ca');
    const [resource, backend] = synthesized({ provider: LlmProvider.openAiCompatible({ host: 'llm.example.com', port: 8443, pathPrefix: 'api/v3', certificateAuthority }) }, chart);

    expect(resource.spec.outputSchema).toEqual({ schema: 'OpenAI', version: 'api/v3' });
    expect(backend.spec.tls).toEqual({ sni: 'llm.example.com', caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] });
  });

  test.each([
    ['us-east-1', 'bedrock-runtime.us-east-1.amazonaws.com'], ['cn-north-1', 'bedrock-runtime.cn-north-1.amazonaws.com.cn'],
  ])('Bedrock in %s, by the default chain', (region, hostname) => {
    const [resource, backend] = synthesized({ provider: LlmProvider.awsBedrock({ region }) });

    expect(resource.spec.outputSchema).toEqual({ schema: 'AWSBedrock' });
    expect(resource.spec.credential).toEqual({ aws: { region } });
    expect(backend.spec.endpoints).toEqual([{ fqdn: { hostname, port: 443 } }]);
  });

  test('Bedrock with credentials on an endpoint of one\'s own', () => {
    const chart = chartOf('llm');
    const [resource, backend] = synthesized({ provider: LlmProvider.awsBedrock({ region: 'us-east-1', host: 'vpce-1.amazonaws.com', credentials: secretOf(chart, 'credentials') }) }, chart);

    expect(resource.spec.credential).toEqual({ aws: { region: 'us-east-1', secretRef: { name: 'keys', key: 'credentials' } } });
    expect(backend.spec.tls.sni).toBe('vpce-1.amazonaws.com');
  });

  test('models, with prices as text', () => {
    const [resource] = synthesized({
      provider: LlmProvider.awsBedrock({ region: 'us-east-1' }),
      models: [
        { name: 'own', kinds: [ModelKind.CHAT], capabilities: [ModelCapability.TOOLS], contextWindow: 8_192, maxOutputTokens: 1_024, prices: { input: 2.5, output: 0, cachedInput: 1e-7 } },
        { name: 'arn:aws:bedrock:us-east-1:1234:application-inference-profile/abcd', baseModel: 'anthropic.claude-opus-4-5-20251101-v1:0' },
      ],
    });

    expect(resource.spec.models).toEqual([
      { name: 'own', kinds: ['Chat'], capabilities: ['Tools'], contextWindow: 8_192, maxOutputTokens: 1_024, prices: { input: '2.5', output: '0', cachedInput: '0.0000001' } },
      { name: 'arn:aws:bedrock:us-east-1:1234:application-inference-profile/abcd', baseModel: 'anthropic.claude-opus-4-5-20251101-v1:0' },
    ]);
    expect(parseObjects([{ source: 'test', value: resource }]).problems).toEqual([]);
  });

  test('edits', () => {
    const [resource] = synthesized({
      provider: LlmProvider.openAiCompatible({ host: 'vllm', port: 8000 }),
      headers: { set: { 'x-team': 'a' }, remove: ['x-b'] },
      body: { set: { 'user': 'gateway', 'stream_options.include_usage': true, 'stop': null }, remove: ['seed'] },
    });

    expect(resource.spec.headers).toEqual({ set: [{ name: 'x-team', value: 'a' }], remove: ['x-b'] });
    expect(resource.spec.body).toEqual({
      set: [{ path: 'user', value: '"gateway"' }, { path: 'stream_options.include_usage', value: 'true' }, { path: 'stop', value: 'null' }], remove: ['seed'],
    });
  });

  test('a name that is undefined is a generated one', () => {
    const manifests = synthesized({ provider: LlmProvider.openAiCompatible({ host: 'vllm', port: 8000 }), metadata: { name: undefined } });

    expect(manifests.map(({ metadata }) => metadata.name)).toEqual([expect.stringMatching(/^chart-backend-/), manifests[0].metadata.name]);
  });

  test('the namespace is written out, also the default', () => {
    const manifests = synthesized({ provider: LlmProvider.openAiCompatible({ host: 'vllm', port: 8000 }) }, chartOf());

    expect(manifests.map(({ metadata }) => metadata.namespace)).toEqual(['default', 'default']);
  });

  test('what it emits is what ExtProc takes', () => {
    const chart = chartOf('llm');
    const manifests = synthesized({ provider: LlmProvider.awsBedrock({ region: 'us-east-1', credentials: secretOf(chart) }), body: { set: { user: 'a' } } }, chart);
    const set = parseObjects(manifests.map((value) => ({ source: 'test', value })));

    expect(set.problems).toEqual([]);
    expect(set.llmBackends.size).toBe(1);
  });
});

describe('routes of other namespaces', () => {
  test('are let in by one ReferenceGrant for Envoy Gateway and one for ExtProc', () => {
    const chart = chartOf('models');
    const backend = new LlmBackend(chart, 'Shared', { provider: LlmProvider.openAiCompatible({ host: 'vllm', port: 8000 }), metadata: { name: 'shared' } });

    backend.allowRoutesFrom('team-a');
    backend.allowRoutesFrom('team-a');
    backend.allowRoutesFrom('models');

    const grants = Testing.synth(chart).filter(({ kind }) => kind === 'ReferenceGrant');
    expect(grants.map(({ apiVersion, metadata, spec }) => ({ apiVersion, metadata, spec }))).toEqual([
      {
        apiVersion: 'gateway.networking.k8s.io/v1beta1',
        metadata: { name: 'shared-httproutes-team-a', namespace: 'models' },
        spec: { from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'team-a' }], to: [{ group: 'gateway.envoyproxy.io', kind: 'Backend', name: 'shared' }] },
      },
      {
        apiVersion: 'gateway.networking.k8s.io/v1beta1',
        metadata: { name: 'shared-llmroutes-team-a', namespace: 'models' },
        spec: { from: [{ group: 'aigateway.envoyproxy.io', kind: 'LLMRoute', namespace: 'team-a' }], to: [{ group: 'aigateway.envoyproxy.io', kind: 'LLMBackend', name: 'shared' }] },
      },
    ]);
    expect(['models', 'team-a', 'team-b'].map((namespace) => backend.allowsRoutesFrom(namespace))).toEqual([true, true, false]);
  });
});

test('an LLMBackend that is not ours emits nothing', () => {
  const chart = chartOf('llm');
  const backend = LlmBackend.fromLlmBackendName(chart, 'Theirs', 'theirs', { schema: OutputSchema.AWS_BEDROCK, host: 'bedrock.example.com', namespace: 'shared' });

  expect(Testing.synth(chart)).toEqual([]);
  expect(backend).toMatchObject({ name: 'theirs', namespace: 'shared', backendName: 'theirs', host: 'bedrock.example.com', port: 443, schema: 'AWSBedrock', secretNames: [] });
  expect(backend.allowsRoutesFrom('anywhere')).toBe(true);
});

describe('what can be known at synth fails there, with path and remedy', () => {
  const vllm = LlmProvider.openAiCompatible({ host: 'vllm', port: 8000 });
  const compatible = LlmProvider.openAiCompatible;

  const withModels = (...models: BackendModel[]): LlmBackendProps => ({ provider: LlmProvider.openAiCompatible({ host: 'vllm', port: 8000 }), models });
  test.each<[string, LlmBackendProps, RegExp]>([
    ['a model twice', withModels({ name: 'm' }, { name: 'm' }), /chart\/Backend: models\[1\]\.name "m" is that of models\[0\] too; give each model one entry/],
    ['a negative price', withModels({ name: 'm', prices: { input: -1, output: 1 } }), /models\[0\]\.prices\.input must be US dollars per million tokens, 0 or more, not -1/],
    ['a limit of 0', withModels({ name: 'm', maxOutputTokens: 0 }), /models\[0\]\.maxOutputTokens must be at least 1, not 0/],
    ['a URL as host', { provider: compatible({ host: 'https://vllm/v1' }) }, /^chart\/Backend: host "https:\/\/vllm\/v1" must be a DNS name/],
    ['upper case', { provider: compatible({ host: 'VLLM' }) }, /must be a DNS name in lower case/],
    ['an IP address', { provider: compatible({ host: '10.0.0.1' }) }, /for an IP address make a Service/],
    ['a port of 0', { provider: compatible({ host: 'vllm', port: 0 }) }, /port must be a whole number from 1 to 65535, not 0/],
    ['a region with spaces', { provider: LlmProvider.awsBedrock({ region: 'us east', host: 'x' }) }, /credential\.aws\.region must match/],
    ['an object name', { provider: vllm, metadata: { name: 'My Backend' } }, /metadata\.name must match/],
    ['a header name', { provider: vllm, headers: { set: { 'x team': 'a' } } }, /headers\.set\[0\]\.name must match/],
    ['a body value', { provider: vllm, body: { set: { user: undefined } } }, /body\.set "user" must be a JSON value; to remove a field, name it in body\.remove/],
  ])('%s', (_what, props, message) => {
    expect(() => synthesized(props)).toThrow(message);
  });

  test.each<[string, LlmBackendProps, string]>([
    ['model', withModels({ name: KEY }), 'models[0].name'],
    ['host', { provider: compatible({ host: KEY }) }, 'provider.host'],
    ['header', { provider: vllm, headers: { set: { 'x-key': KEY } } }, 'headers.set[0].value'],
    ['header name', { provider: vllm, headers: { remove: [KEY] } }, 'headers.remove[0]'],
    ['nested body value', { provider: vllm, body: { set: { a: { b: [KEY] } } } }, 'body.set[0].value'],
    ['label', { provider: vllm, metadata: { labels: { key: KEY } } }, 'metadata.labels.key'],
    ['path prefix', { provider: compatible({ host: 'vllm', pathPrefix: KEY }) }, 'outputSchema.version'],
  ])('a key as %s, without saying it', (_what, props, field) => {
    const error = errorOf(() => synthesized(props));

    expect(error).toContain(`chart/Backend: ${field} holds what looks like an API key; put it into a Secret`);
    expect(error).not.toContain(KEY);
  });

  test('a key as the key of a SecretValue', () => {
    const chart = chartOf('llm');

    expect(() => synthesized({ provider: LlmProvider.openAi({ apiKey: secretOf(chart, KEY) }) }, chart)).toThrow('credential.apiKey.secretRef.key holds what looks like an API key');
  });

  test('a Secret of another namespace', () => {
    const app = new App();
    const secret = new Secret(new Chart(app, 'infra', { namespace: 'infra' }), 'Keys');
    const chart = new Chart(app, 'chart', { namespace: 'llm' });

    expect(() => new LlmBackend(chart, 'Backend', { provider: LlmProvider.openAi({ apiKey: { secret, key: 'key' } }) }))
      .toThrow(/Secret infra\/Keys is in namespace infra, the backend in llm/);
  });

  test('two backends of one name', () => {
    const chart = chartOf('llm');
    for (const id of ['A', 'B']) new LlmBackend(chart, id, { provider: vllm, metadata: { name: 'vllm' } });

    expect(() => Testing.synth(chart)).toThrow('[chart/A] chart/B has the same name vllm in namespace llm; give one of the two another name');
  });

  test('certificates without TLS', () => {
    const chart = chartOf();
    const certificateAuthority = ConfigMap.fromConfigMapName(chart, 'Ca', 'ca');

    expect(() => synthesized({ provider: compatible({ host: 'vllm', tls: false, certificateAuthority }) }, chart)).toThrow('certificateAuthority needs TLS');
  });
});

function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
