import { ApiObject, App, Chart, Duration, Size, Testing } from 'cdk8s';
import { HttpRoute } from '../imports/gateway.networking.k8s.io';
import {
  CostType, GatewayRef, HeaderMatch, HttpRouteRef, InputSchema, LlmBackend, LlmGateway, LlmProvider, LlmRoute, LlmRouteProps, LlmRuleOptions, ModelMatch, OutputSchema,
} from '../src';
import { allOptionsApp } from './apps/all-options';
import { crossNamespaceApp } from './apps/cross-namespace';
import { httpRouteModeApp } from './apps/http-route-mode';
import { manyBackendsApp } from './apps/many-backends';
import { sharedGatewayApp } from './apps/shared-gateway';
import { parseObjects } from '../src/resources/parse';
import { buildConfiguration } from '../src/runtime/build-configuration';
import { openAiDialect } from '../src/translate/openai/dialect';

type Manifest = { apiVersion: string; kind: string; metadata: { name: string; namespace: string; labels?: Record<string, string> }; spec: any }; // eslint-disable-line @typescript-eslint/no-explicit-any

const ROUTE_LABELS = {
  'app.kubernetes.io/name': 'llmgw', 'app.kubernetes.io/instance': 'chat', 'app.kubernetes.io/component': 'route', 'app.kubernetes.io/managed-by': 'cdk8s',
};
const CARRIER_LABELS = { ...ROUTE_LABELS, 'aigateway.envoyproxy.io/llm-route': 'chat' };

const KEY = 'sk-proj-abcdefghijklmnopqrstuvwx';

class Fixture {
  readonly app = new App();
  readonly chart = new Chart(this.app, 'chart', { namespace: 'llm' });
  readonly gateway = new LlmGateway(this.chart, 'Gateway', { gateway: GatewayRef.named('shared', 'infra') });
  readonly kserve = this.backend('kserve');
  readonly bedrock = new LlmBackend(this.chart, 'bedrock', { metadata: { name: 'bedrock' }, provider: LlmProvider.awsBedrock({ region: 'us-east-1' }) });

  backend(name: string, chart: Chart = this.chart): LlmBackend {
    return new LlmBackend(chart, name, { metadata: { name }, provider: LlmProvider.openAiCompatible({ host: `${name}.models`, port: 8080 }) });
  }

  route(props: Partial<LlmRouteProps> = {}): LlmRoute {
    return new LlmRoute(this.chart, 'Chat', { gateway: this.gateway, name: 'chat', ...props });
  }

  manifests(): Manifest[] {
    return Testing.synth(this.chart) as Manifest[];
  }

  one(kind: string): Manifest {
    const found = this.manifests().filter((manifest) => manifest.kind === kind);
    expect(found).toHaveLength(1);
    return found[0];
  }
}

let fixture: Fixture;

beforeEach(() => { fixture = new Fixture(); });

const all = (app: App): Manifest[] => app.charts.flatMap((chart) => Testing.synth(chart) as Manifest[]);
const ofKind = (manifests: readonly Manifest[], kind: string) => manifests.filter((manifest) => manifest.kind === kind);

describe('rules', () => {
  test('become those of the LLMRoute', () => {
    const route = fixture.route({ costs: [{ metadataKey: 'total_tokens', type: CostType.TOTAL_TOKEN }] });
    route.addRule({
      name: 'llama',
      models: [ModelMatch.exact('llama3-70b')],
      headers: [HeaderMatch.prefix('x-tenant', 'a')],
      targets: [{ backend: fixture.kserve, weight: 20 }, { backend: fixture.bedrock, weight: 80, model: 'meta.llama3-70b-instruct-v1:0' }],
    });

    expect(fixture.one('LLMRoute')).toEqual({
      apiVersion: 'aigateway.envoyproxy.io/v1alpha1',
      kind: 'LLMRoute',
      metadata: { name: 'chat', namespace: 'llm', labels: ROUTE_LABELS },
      spec: {
        inputSchema: { schema: 'OpenAI' },
        httpRouteRef: { name: 'chat' },
        rules: [{
          name: 'llama',
          models: [{ type: 'Exact', value: 'llama3-70b' }],
          headers: [{ type: 'Prefix', name: 'x-tenant', value: 'a' }],
          backendRefs: [{ name: 'kserve', weight: 20 }, { name: 'bedrock', weight: 80, model: 'meta.llama3-70b-instruct-v1:0' }],
        }],
        costs: [{ metadataKey: 'total_tokens', type: 'TotalToken' }],
      },
    });
  });

  test('become one pinned HTTPRoute rule a backend, by name, behind a catch-all without backends', () => {
    const route = fixture.route({ hostnames: ['llm.example.com'] });
    route.addRule({ models: [ModelMatch.exact('a')], targets: [{ backend: fixture.kserve }] });
    route.addRule({ models: [ModelMatch.exact('b')], targets: [{ backend: fixture.kserve }, { backend: fixture.bedrock }] });

    const { metadata, spec } = fixture.one('HTTPRoute');
    expect(metadata).toEqual({ name: 'chat', namespace: 'llm', labels: CARRIER_LABELS });
    expect(spec.parentRefs).toEqual([{ name: 'shared', namespace: 'infra' }]);
    expect(spec.hostnames).toEqual(['llm.example.com']);
    expect(spec.rules.map(({ name }: { name: string }) => name)).toEqual(['catch-all', 'llm.bedrock', 'llm.kserve']);
    expect(spec.rules[0]).toEqual({
      name: 'catch-all',
      matches: [{ path: { type: 'PathPrefix', value: '/v1' } }, { path: { type: 'PathPrefix', value: '/tokenize' } }],
      filters: [{ type: 'ExtensionRef', extensionRef: { group: 'gateway.envoyproxy.io', kind: 'HTTPRouteFilter', name: 'chat-catch-all' } }],
    });
    const headers = [{ type: 'Exact', name: 'x-ai-gateway-llm-backend', value: 'llm/kserve' }];
    expect(spec.rules[2]).toEqual({
      name: 'llm.kserve',
      matches: ['/v1', '/tokenize', '/'].map((value) => ({ path: { type: 'PathPrefix', value }, headers })),
      filters: [
        { type: 'URLRewrite', urlRewrite: { hostname: 'kserve.models' } },
        { type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['x-ai-gateway-llm-backend', 'x-ai-gateway-llm-model'] } },
      ],
      backendRefs: [{ group: 'gateway.envoyproxy.io', kind: 'Backend', name: 'kserve', namespace: 'llm', port: 8080 }],
    });
    expect(fixture.one('HTTPRouteFilter').spec.directResponse).toMatchObject({ statusCode: 404, contentType: 'application/json' });
    expect(JSON.parse(fixture.one('HTTPRouteFilter').spec.directResponse.body.inline).error.code).toBe('not_found');
  });

  test('of more backends than one HTTPRoute has room for spill over, and all policies cover all of it', () => {
    const manifests = all(manyBackendsApp());

    const routes = ofKind(manifests, 'HTTPRoute');
    expect(routes.map(({ metadata, spec }) => [metadata.name, spec.rules.length])).toEqual([['chat', 16], ['chat-2', 5]]);
    expect(routes.map(({ metadata }) => metadata.labels)).toEqual([CARRIER_LABELS, CARRIER_LABELS]);
    const names = routes.flatMap(({ spec }) => spec.rules.map(({ name }: { name: string }) => name));
    expect(names).toEqual(['catch-all', ...Array.from({ length: 20 }, (_, index) => `llm.vllm-${String(index + 1).padStart(2, '0')}`)]);
    for (const kind of ['EnvoyExtensionPolicy', 'BackendTrafficPolicy']) {
      expect(ofKind(manifests, kind)[0].spec.targetRefs).toEqual(['chat', 'chat-2'].map((name) => ({ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name })));
    }
  });

  test.each([[14, 1], [15, 1], [16, 2], [31, 2], [32, 3]])('%i backends need %i HTTPRoutes', (backends, routes) => {
    const route = fixture.route();
    for (let place = 0; place < backends; place += 1) route.addRule({ models: [ModelMatch.exact(`m${place}`)], targets: [{ backend: fixture.backend(`b${place}`) }] });

    const found = ofKind(fixture.manifests(), 'HTTPRoute');
    expect(found).toHaveLength(routes);
    for (const { spec } of found) {
      expect(spec.rules.length).toBeLessThanOrEqual(16);
      expect(spec.rules.flatMap(({ matches }: { matches: unknown[] }) => matches).length).toBeLessThanOrEqual(128);
    }
  });

  test('are on the listeners that the GatewayRef means', () => {
    expect(ofKind(all(sharedGatewayApp()), 'HTTPRoute')[0].spec.parentRefs).toEqual([{ name: 'shared', namespace: 'infra', sectionName: 'http' }]);
  });

  test('may come with the properties', () => {
    fixture.route({ rules: [{ targets: [{ backend: fixture.kserve }] }] });

    expect(fixture.one('LLMRoute').spec.rules).toEqual([{ backendRefs: [{ name: 'kserve' }] }]);
  });

  test('reach backends of other namespaces that let them', () => {
    const manifests = all(crossNamespaceApp());

    const shared = ofKind(manifests, 'LLMBackend').find(({ metadata }) => metadata.namespace === 'models')?.metadata.name;
    expect(ofKind(manifests, 'LLMRoute')[0].spec.rules[0].backendRefs[0]).toEqual({ name: shared, namespace: 'models' });
    const pinned = ofKind(manifests, 'HTTPRoute')[0].spec.rules.find(({ name }: { name: string }) => name === `models.${shared}`);
    expect(pinned.backendRefs[0]).toMatchObject({ name: shared, namespace: 'models' });
    expect(ofKind(manifests, 'EnvoyExtensionPolicy')[0].spec.extProc[0].backendRefs[0]).toMatchObject({ kind: 'Service', namespace: 'infra' });
  });
});

describe('policies', () => {
  test('send whole requests to ExtProc and stream answers back, closed when it is away', () => {
    fixture.route({ rules: [{ targets: [{ backend: fixture.kserve }] }] });

    const { metadata, spec } = fixture.one('EnvoyExtensionPolicy');
    const { name } = fixture.gateway._extProc;
    expect(metadata).toEqual({ name: 'chat', namespace: 'llm', labels: ROUTE_LABELS });
    expect(spec).toEqual({
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'chat' }],
      extProc: [{
        backendRefs: [{ group: '', kind: 'Service', name, port: 9002 }],
        failOpen: false,
        statusOnError: 510,
        messageTimeout: '10s',
        processingMode: {
          request: { body: 'Buffered', attributes: ['xds.route_name'] },
          response: { body: 'FullDuplexStreamed', attributes: ['xds.route_name', 'response.code_details'] },
        },
        metadata: { writableNamespaces: ['io.envoy.ai_gateway'] },
        backendSettings: {
          connection: { bufferLimit: '50Mi' },
          circuitBreaker: { maxConnections: 10000, maxPendingRequests: 10000, maxParallelRequests: 10000, maxRequestsPerConnection: 800 },
          retry: { numRetries: 2, retryOn: { triggers: ['connect-failure', 'refused-stream'] } },
          healthCheck: { passive: { splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 2, interval: '1s', baseEjectionTime: '5s', maxEjectionPercent: 50 } },
        },
      }],
    });
  });

  test('lift the body limit, the timeouts and the circuit breakers, and answer JSON while ExtProc is away', () => {
    fixture.route({ rules: [{ targets: [{ backend: fixture.kserve }] }] });

    const { spec } = fixture.one('BackendTrafficPolicy');
    expect(spec).toMatchObject({
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'chat' }],
      requestBuffer: { limit: '50Mi' },
      circuitBreaker: { maxConnections: 10000, maxPendingRequests: 10000, maxParallelRequests: 10000 },
      timeout: { http: { requestTimeout: '10m', streamIdleTimeout: '10m' } },
    });
    expect(spec.retry).toBeUndefined();
    const [{ match, source, response }] = spec.responseOverride;
    expect(match).toEqual({ statusCodes: [{ type: 'Value', value: 510 }, { type: 'Value', value: 500 }] });
    expect(source).toBe('Local');
    expect(response).toMatchObject({ statusCode: 503, contentType: 'application/json', header: { set: [{ name: 'retry-after', value: '2' }] } });
    expect(JSON.parse(response.body.inline).error.type).toBe('server_error');
    // Envoy would take it for a command.
    expect(response.body.inline).not.toContain('%');
  });

  test('take the route\'s limits', () => {
    fixture.route({
      rules: [{ targets: [{ backend: fixture.kserve }] }],
      bodyLimit: Size.mebibytes(8),
      timeouts: { request: Duration.minutes(30), idle: Duration.seconds(90), firstByte: Duration.seconds(45) },
    });

    expect(fixture.one('BackendTrafficPolicy').spec).toMatchObject({
      requestBuffer: { limit: '8Mi' },
      timeout: { http: { requestTimeout: '30m', streamIdleTimeout: '1m30s' } },
      retry: { numRetries: 0, perRetry: { timeout: '45s' }, retryOn: { triggers: ['connect-failure'] } },
    });
    expect(fixture.one('EnvoyExtensionPolicy').spec.extProc[0].backendSettings.connection).toEqual({ bufferLimit: '8Mi' });
    expect(fixture.one('HTTPRoute').spec.rules.every((rule: { timeouts?: unknown }) => rule.timeouts === undefined)).toBe(true);
  });
});

test('the gateway is told what ExtProc has to read', () => {
  const attach = jest.spyOn(LlmGateway.prototype, '_attach');

  allOptionsApp();

  const [attachment] = attach.mock.calls[0];
  expect(attachment).toMatchObject({ path: 'llm/Chat', namespace: 'llm' });
  expect(attachment.readNamespaces()).toEqual(['llm']);
  expect(attachment.readSecrets().map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(expect.arrayContaining(['llm/aws', 'llm/imported']));
  expect(attachment.readConfigMaps().map(({ name }) => name)).toContain('imported-ca');
  attach.mockRestore();
});

describe('HTTPRoute mode', () => {
  test('leaves the user\'s HTTPRoute alone and puts a companion beside it', () => {
    const manifests = all(httpRouteModeApp());

    const [user, companion] = ofKind(manifests, 'HTTPRoute');
    expect(user.metadata).toEqual({ name: 'chat', namespace: 'llm' });
    expect(companion.metadata).toEqual({ name: 'chat-llm', namespace: 'llm', labels: CARRIER_LABELS });
    expect(companion.spec.hostnames).toEqual(['llm.example.com']);
    expect(companion.spec.rules.map(({ name }: { name: string }) => name)).toEqual(['catch-all', 'llm.bedrock', 'llm.kserve']);
    const headers = [
      { type: 'Exact', name: 'x-ai-gateway-llm-backend', value: 'llm/kserve' }, { type: 'RegularExpression', name: 'x-ai-gateway-llm-model', value: '.+' },
    ];
    expect(companion.spec.rules[2].matches).toEqual([
      { path: { type: 'RegularExpression', value: '/.*' }, headers },
      ...openAiDialect.paths.map((value) => ({ path: { type: 'Exact', value }, headers })),
    ]);
    expect(ofKind(manifests, 'LLMRoute')[0].spec).toEqual({ inputSchema: { schema: 'OpenAI' }, httpRouteRef: { name: 'chat' } });
  });

  test('puts the policies on both', () => {
    const manifests = all(httpRouteModeApp());

    for (const kind of ['EnvoyExtensionPolicy', 'BackendTrafficPolicy']) {
      expect(ofKind(manifests, kind)[0].spec.targetRefs.map(({ name }: { name: string }) => name)).toEqual(['chat', 'chat-llm']);
    }
  });

  test('takes an HTTPRoute of which only the name is known', () => {
    fixture.route({ httpRoute: HttpRouteRef.named('theirs'), backends: [fixture.kserve], hostnames: ['a.example'] });

    expect(fixture.one('LLMRoute').spec.httpRouteRef).toEqual({ name: 'theirs' });
    expect(fixture.one('HTTPRoute').spec.hostnames).toEqual(['a.example']);
  });

  test('fails when the HTTPRoute refers to a backend that is not named', () => {
    const httpRoute = new HttpRoute(fixture.chart, 'Theirs', { metadata: { name: 'theirs' }, spec: { rules: [{ backendRefs: [{ name: 'other', port: 80 }] }] } });
    fixture.route({ httpRoute: HttpRouteRef.fromApiObject(httpRoute), backends: [fixture.kserve] });

    expect(() => fixture.manifests()).toThrow(/\[chart\/Chat\] HTTPRoute theirs: spec\.rules\[0\]\.backendRefs\[0\] is Service llm\/other, which belongs to none of the LlmBackends in backends \(Backend llm\/kserve\)/);
  });

  test('and rules exclude each other', () => {
    const route = fixture.route({ httpRoute: HttpRouteRef.named('theirs'), backends: [fixture.kserve] });

    expect(() => route.addRule({ targets: [{ backend: fixture.kserve }] })).toThrow('chart/Chat: rule 1: the HTTPRoute theirs decides here; use either rules or httpRoute');
  });
});

describe.each([
  ['all options', allOptionsApp], ['backends and a gateway of other namespaces', crossNamespaceApp], ['HTTPRoute mode', httpRouteModeApp], ['20 backends', manyBackendsApp],
  ['a shared Gateway', sharedGatewayApp],
])('%s', (_name, app) => {
  test('is what ExtProc takes, and every HTTPRoute of ours carries an LLMRoute', () => {
    const manifests = all(app());
    const set = parseObjects(manifests.map((value) => ({ source: 'test', value })));
    const configuration = buildConfiguration(set, 1);

    // Secrets, certificates and an imported backend are other people's.
    expect(configuration.problems.filter(({ message }) => !/there is no (Secret|usable LLMBackend)/.test(message))).toEqual([]);
    for (const { metadata } of ofKind(manifests, 'HTTPRoute')) {
      expect(configuration.routeOfHttpRoute(`${metadata.namespace}/${metadata.name}`)?.key).toBe(`${metadata.namespace}/${ofKind(manifests, 'LLMRoute')[0].metadata.name}`);
    }
  });

  test('writes out every namespace', () => {
    for (const { kind, metadata } of all(app())) {
      if (!['GatewayClass', 'ClusterRole', 'ClusterRoleBinding'].includes(kind)) expect({ kind, namespace: metadata.namespace }).toEqual({ kind, namespace: expect.any(String) });
    }
  });
});

describe('what can be known at synth fails there', () => {
  const rule = (options: Partial<LlmRuleOptions>): LlmRuleOptions => ({ targets: [{ backend: fixture.kserve }], ...options });

  test('no rules', () => {
    fixture.route();

    expect(() => fixture.manifests()).toThrow('[chart/Chat] has no rules; add one with addRule, or name your own HTTPRoute in httpRoute');
  });

  test('no targets', () => {
    expect(() => fixture.route().addRule({ targets: [] })).toThrow('chart/Chat: rule 1: targets needs at least one target; give the backends, such as [{ backend }]');
  });

  test('two rules of one name', () => {
    const route = fixture.route({ rules: [rule({ name: 'a', models: [ModelMatch.exact('m')] })] });

    expect(() => route.addRule(rule({ name: 'a' }))).toThrow('chart/Chat: rule 2 (a): name "a" is taken by rule 1; rule names must be unique');
  });

  test('the same target twice', () => {
    expect(() => fixture.route().addRule({ targets: [{ backend: fixture.kserve }, { backend: fixture.kserve, weight: 3 }] }))
      .toThrow('chart/Chat: rule 1: targets[1] repeats targets[0]; give one of the two the whole weight');
  });

  test('two models of one backend are two targets', () => {
    fixture.route().addRule({ targets: [{ backend: fixture.kserve, model: 'a' }, { backend: fixture.kserve, model: 'b' }] });

    expect(fixture.one('LLMRoute').spec.rules[0].backendRefs).toHaveLength(2);
  });

  test.each([
    [-1, 'targets[0].weight must be at least 0, not -1'], [1.5, 'targets[0].weight must be a whole number, not 1.5'], [0, 'the weights of its targets sum to 0; at least one must be above 0'],
  ])('a weight of %d', (weight, message) => {
    expect(() => fixture.route().addRule({ targets: [{ backend: fixture.kserve, weight }] })).toThrow(`chart/Chat: rule 1: ${message}`);
  });

  test('a target that is never used', () => {
    expect(() => fixture.route().addRule({ targets: [{ backend: fixture.kserve }, { backend: fixture.bedrock, priority: 1 }] })).toThrow('rule 1: targets[1] is never used');
  });

  test('a rule that is never reached', () => {
    const route = fixture.route({ rules: [rule({ name: 'all llamas', models: [ModelMatch.prefix('llama')] }), rule({ models: [ModelMatch.exact('gpt-4o')] })] });

    expect(() => route.addRule(rule({ models: [ModelMatch.exact('llama3-70b'), ModelMatch.exact('gpt-4o')] })))
      .toThrow('chart/Chat: rule 3: can never be reached: rule 1 (all llamas) and rule 2 take every request that it matches; add it before, or remove it');
  });

  test('a single model that an earlier rule takes fails, its rule\'s others or not', () => {
    const route = fixture.route();
    route.addRule({ name: 'llamas', models: [ModelMatch.prefix('llama')], targets: [{ backend: fixture.kserve }] });
    expect(() => route.addRule({ models: [ModelMatch.exact('qwen3'), ModelMatch.exact('llama3')], targets: [{ backend: fixture.kserve }] }))
      .toThrow('chart/Chat: rule 2: models[1] ("llama3") never gets here: rule 1 (llamas) takes it; remove it here or there');
    route.addRule({ models: [ModelMatch.exact('qwen3')], targets: [{ backend: fixture.kserve }] });
  });

  test.each(['(?=a)', '(', '(a)\\1'])('the regular expression %s', (expression) => {
    expect(() => fixture.route().addRule(rule({ models: [ModelMatch.regularExpression(expression)] }))).toThrow(/^chart\/Chat: rule 1: models\[0\]\.value .* is no regular expression in RE2 syntax: /);
    expect(() => fixture.route({ name: 'other' })).toThrow();
  });

  test('empty models', () => {
    expect(() => fixture.route().addRule(rule({ models: [ModelMatch.exact('')] }))).toThrow('chart/Chat: rule 1: models[0].value must not be empty');
  });

  test('a dialect that nothing translates to', () => {
    const backend = LlmBackend.fromLlmBackendName(fixture.chart, 'Vertex', 'vertex', { schema: OutputSchema.GCP_VERTEX_AI, host: 'example.com' });
    const inputSchema = InputSchema.COHERE;

    expect(() => fixture.route({ inputSchema }).addRule({ models: [ModelMatch.prefix('rerank-')], targets: [{ backend }] }))
      .toThrow(/^chart\/Chat: rule 1 sends "rerank-\*" to chart\/Vertex, which speaks GCPVertexAI; requests of Cohere clients are translated to (?:OpenAI, Cohere|Cohere, OpenAI);/);
    expect(() => new LlmRoute(fixture.chart, 'Mode', { gateway: fixture.gateway, httpRoute: HttpRouteRef.named('theirs'), backends: [backend], inputSchema }))
      .toThrow(/^chart\/Mode: backends\[0\] is chart\/Vertex, which speaks GCPVertexAI/);
  });

  test('clients of a dialect that is not there', () => {
    expect(() => fixture.route({ inputSchema: 'Gemini' as InputSchema })).toThrow('chart/Chat: inputSchema "Gemini" is not allowed; allowed: OpenAI, Anthropic, Cohere');
  });

  test('a backend of another namespace that did not let the route in', () => {
    const backend = fixture.backend('shared', new Chart(fixture.app, 'models', { namespace: 'models' }));
    fixture.route({ rules: [{ targets: [{ backend }] }] });

    expect(() => fixture.manifests()).toThrow('[chart/Chat] LlmBackend models/shared is in namespace models and does not allow routes from namespace llm; call allowRoutesFrom("llm") on it');
    backend.allowRoutesFrom('llm');
    expect(() => fixture.manifests()).not.toThrow();
  });

  test('two routes of one name', () => {
    fixture.route({ rules: [rule({})] });
    new LlmRoute(fixture.chart, 'Again', { gateway: fixture.gateway, name: 'chat', rules: [rule({})] });

    expect(() => fixture.manifests()).toThrow('[chart/Chat] HTTPRoute llm/chat is also that of LlmRoute chart/Again; one HTTPRoute carries one LlmRoute');
  });

  test('two routes on one HTTPRoute', () => {
    for (const name of ['a', 'b']) new LlmRoute(fixture.chart, name, { gateway: fixture.gateway, name, httpRoute: HttpRouteRef.named('theirs'), backends: [fixture.kserve] });

    expect(() => fixture.manifests()).toThrow('[chart/a] HTTPRoute llm/theirs is also that of LlmRoute chart/b');
  });

  test('another kind as HTTPRoute', () => {
    expect(() => HttpRouteRef.fromApiObject(new ApiObject(fixture.chart, 'Grpc', { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GRPCRoute' })))
      .toThrow('chart/Grpc: is of kind GRPCRoute, not HTTPRoute');
  });

  test('a backend of another app', () => {
    expect(() => fixture.route().addRule({ targets: [{ backend: new Fixture().kserve }] })).toThrow('chart/Chat: rule 1: LlmBackend chart/kserve belongs to another app');
  });

  test.each<[string, Partial<LlmRouteProps>, string]>([
    ['two costs of one key', { costs: [{ metadataKey: 'a', type: CostType.TOTAL_TOKEN }, { metadataKey: 'a', type: CostType.INPUT_TOKEN }] }, 'costs[1].metadataKey "a" is taken by costs[0]; keys must be unique'],
    ['a cost\'s key', { costs: [{ metadataKey: 'total tokens', type: CostType.TOTAL_TOKEN }] }, 'costs[0].metadataKey must match'],
    ['a host name with a scheme', { hostnames: ['https://llm.example.com'] }, 'hostnames[0] "https://llm.example.com" must be a DNS name in lower case'],
    ['a host name with a port', { hostnames: ['a.example', 'llm.example.com:443'] }, 'hostnames[1] "llm.example.com:443" must be a DNS name'],
    ['an IP address as host name', { hostnames: ['10.0.0.1'] }, 'hostnames[0] "10.0.0.1" must be a DNS name'],
    ['a host name twice', { hostnames: ['a.example', 'a.example'] }, 'hostnames[1] "a.example" is given twice'],
    ['a name that is no label value', { name: 'a'.repeat(64) }, 'must have 1 to 63'],
    ['a body limit above ExtProc\'s', { bodyLimit: Size.mebibytes(51) }, 'bodyLimit 51Mi is above 50Mi, which ExtProc of chart/Gateway takes; raise extProc.bodyLimit there'],
    ['half a MiB', { bodyLimit: Size.mebibytes(0.5) }, 'bodyLimit must be a whole number above 0, not 0.5Mi; take a smaller unit'],
    ['an HTTPRoute without backends', { httpRoute: HttpRouteRef.named('theirs') }, 'backends must name the LlmBackends that HTTPRoute theirs refers to'],
    ['backends without an HTTPRoute', { backends: [] }, 'backends go with httpRoute; in rules, name them as targets'],
  ])('%s', (_what, props, message) => {
    expect(() => fixture.route(props)).toThrow(`chart/Chat: ${message.startsWith('must') ? 'name' : message}`);
    expect(() => new LlmRoute(fixture.chart, 'Again', { gateway: fixture.gateway, ...props })).toThrow(message);
  });

  test.each<[string, Partial<LlmRouteProps>, Partial<LlmRuleOptions>, string]>([
    ['host name', { hostnames: [KEY] }, {}, 'chart/Chat: hostnames[0]'],
    ['rule name', {}, { name: KEY }, 'chart/Chat: rule 1: name'],
    ['model', {}, { models: [ModelMatch.exact(KEY)] }, 'chart/Chat: rule 1: models[0].value'],
    ['header value', {}, { headers: [HeaderMatch.exact('x-key', KEY)] }, 'chart/Chat: rule 1: headers[0].value'],
    ['regular expression', {}, { models: [ModelMatch.regularExpression(`${KEY}(`)] }, 'chart/Chat: rule 1: models[0].value'],
  ])('a key as %s, without saying it', (_what, props, options, field) => {
    const error = errorOf(() => fixture.route(props).addRule(rule(options)));

    expect(error).toContain(`${field} holds what looks like an API key`);
    expect(error).not.toContain(KEY);
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
