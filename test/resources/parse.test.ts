import fc from 'fast-check';
import { parseObjects } from '../../src/resources/parse';

const document = (value: unknown) => ({ source: 'test.yaml:1', value });
const route = (name: string, spec: object = {}) => ({
  apiVersion: 'aigateway.envoyproxy.io/v1alpha1',
  kind: 'LLMRoute',
  metadata: { name },
  spec: { inputSchema: { schema: 'OpenAI' }, httpRouteRef: { name: 'chat' }, rules: [{ backendRefs: [{ name: 'a' }] }], ...spec },
});
const backend = (spec: object = {}) => ({
  apiVersion: 'aigateway.envoyproxy.io/v1alpha1',
  kind: 'LLMBackend',
  metadata: { name: 'a' },
  spec: { outputSchema: { schema: 'OpenAI' }, backendRef: { name: 'a' }, ...spec },
});

describe('defaults', () => {
  test('namespace, match type, weight, priority, unsupportedParameters', () => {
    const parsed = parseObjects([document(route('chat', { rules: [{ models: [{ value: 'm' }], backendRefs: [{ name: 'a' }] }] }))]).llmRoutes.get('default/chat');
    expect(parsed?.spec.rules).toEqual([{ models: [{ type: 'Exact', value: 'm' }], backendRefs: [{ name: 'a', weight: 1, priority: 0 }], unsupportedParameters: 'Safe' }]);
  });

  test('failover', () => {
    const parsed = parseObjects([document(route('chat', { rules: [{ backendRefs: [{ name: 'a' }, { name: 'b' }], failover: {} }] }))]).llmRoutes.get('default/chat');
    expect(parsed?.spec.rules?.[0].failover).toEqual({
      attempts: 3, retryOn: { triggers: ['5xx', 'reset', 'connect-failure', 'timeout'], httpStatusCodes: [429] },
    });
  });

  test('backendRef is an Envoy Gateway Backend', () => {
    expect(parseObjects([document(backend())]).llmBackends.get('default/a')?.spec.backendRef).toEqual({ group: 'gateway.envoyproxy.io', kind: 'Backend', name: 'a' });
  });
});

test.each<[string, unknown, string, RegExp]>([
  ['input schema', route('r', { inputSchema: { schema: 'AWSBedrock' } }), 'spec.inputSchema.schema', /must be one of OpenAI, Anthropic, Cohere, not "AWSBedrock"/],
  ['weights of 0', route('r', { rules: [{ backendRefs: [{ name: 'a', weight: 0 }] }] }), 'spec.rules[0].backendRefs', /at least one weight must be above 0/],
  ['negative weight', route('r', { rules: [{ backendRefs: [{ name: 'a', weight: -1 }] }] }), 'spec.rules[0].backendRefs[0].weight', /must be at least 0, not -1/],
  ['failover alone', route('r', { rules: [{ backendRefs: [{ name: 'a' }], failover: {} }] }), 'spec.rules[0].failover', /failover needs a second backend/],
  ['empty retryOn',
    route('r', { rules: [{ backendRefs: [{ name: 'a' }, { name: 'b' }], failover: { retryOn: { triggers: [], httpStatusCodes: [] } } }] }),
    'spec.rules[0].failover.retryOn', /retryOn needs a trigger or a status/],
  ['rule names', route('r', { rules: [{ name: 'x', backendRefs: [{ name: 'a' }] }, { name: 'x', backendRefs: [{ name: 'a' }] }] }), 'spec.rules[1].name', /must be unique/],
  ['unknown field', route('r', { ruels: [] }), 'spec.ruels', /unknown field; allowed: inputSchema, httpRouteRef, rules, costs, limitKeys, modelAccess/],
  ['an access rule by expression', route('r', { modelAccess: [{ models: [{ type: 'RegularExpression', value: 'a.*' }] }] }), 'spec.modelAccess[0].models[0].type', /must be one of Exact, Prefix, not "RegularExpression"/],
  ['a claim without values', route('r', { modelAccess: [{ claims: [{ name: 'sub' }] }] }), 'spec.modelAccess[0].claims[0].values', /is required/],
  ['a header of the connection', route('r', { rules: [{ backendRefs: [{ name: 'a' }], requestHeaders: { set: [{ name: 'Host', value: 'a' }] } }] }), 'spec.rules[0].requestHeaders.set[0].name', /"Host" belongs to the connection/],
  ['an edit that is no JSON', route('r', { rules: [{ backendRefs: [{ name: 'a' }], requestBody: { set: [{ path: 'user', value: 'me' }] } }] }), 'spec.rules[0].requestBody.set[0].value', /must be JSON text/],
  ['missing field', route('r', { httpRouteRef: undefined }), 'spec.httpRouteRef', /is required/],
  ['output schema', backend({ outputSchema: { schema: 'OpenAl' } }), 'spec.outputSchema.schema', /must be one of OpenAI, .*, not "OpenAl"/],
  ['Service without port', backend({ backendRef: { kind: 'Service', name: 's' } }), 'spec.backendRef.port', /a Service needs a port/],
  ['group of a Service', backend({ backendRef: { group: 'gateway.envoyproxy.io', kind: 'Service', name: 's', port: 80 } }), 'spec.backendRef.group', /group must be ""/],
  ['two credentials', backend({ credential: { apiKey: { secretRef: { name: 's', key: 'k' } }, aws: { region: 'us-east-1' } } }), 'spec.credential', /not apiKey and aws/],
  ['body edit', backend({ body: { set: [{ path: 'user', value: 'gateway' }] } }), 'spec.body.set[0].value', /must be JSON text/],
  ['a price that is a number', backend({ models: [{ name: 'm', prices: { input: 2.5, output: '1' } }] }), 'spec.models[0].prices.input', /must be a string, not 2.5/],
  ['a price that is none', backend({ models: [{ name: 'm', prices: { input: '$2', output: '1' } }] }), 'spec.models[0].prices.input', /must match .*, not "\$2"/],
  ['a price without output', backend({ models: [{ name: 'm', prices: { input: '2' } }] }), 'spec.models[0].prices.output', /is required/],
  ['a kind of model', backend({ models: [{ name: 'm', kinds: ['Chatting'] }] }), 'spec.models[0].kinds[0]', /must be one of Chat, Responses, .*, not "Chatting"/],
  ['a model twice', backend({ models: [{ name: 'm' }, { name: 'n' }, { name: 'm' }] }), 'spec.models[2].name', /"m" is described by spec.models\[0\] too/],
  ['version', { ...backend(), apiVersion: 'aigateway.envoyproxy.io/v9' }, 'apiVersion', /must be aigateway.envoyproxy.io\/v1alpha1/],
  ['no name', { ...backend(), metadata: {} }, 'metadata.name', /is required/],
])('%s is a problem that names its field', (_, value, path, message) => {
  const { problems, llmRoutes, llmBackends } = parseObjects([document(value)]);
  expect(problems).toEqual([{ source: 'test.yaml:1', object: expect.stringMatching(/^LLM(Route|Backend) /), path, message: expect.stringMatching(message) }]);
  expect(llmRoutes.size + llmBackends.size).toBe(0);
});

test('a Secret that is no base64 is a problem without its value', () => {
  const { problems, secrets } = parseObjects([document({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { key: 'sk-planted!!' } })]);
  expect(secrets.size).toBe(0);
  expect(JSON.stringify(problems)).not.toContain('planted');
});

test('the second of two equal objects is left out and named', () => {
  const { problems, llmRoutes } = parseObjects([document(route('chat')), document(route('chat'))]);
  expect(llmRoutes.size).toBe(1);
  expect(problems).toHaveLength(1);
});

test('no document throws, and none takes a good object down', () => {
  const kinds = fc.constantFrom('LLMRoute', 'LLMBackend', 'Secret', 'HTTPRoute', 'ConfigMap', 'Gateway');
  const versions = fc.constantFrom('aigateway.envoyproxy.io/v1alpha1', 'v1', 'gateway.networking.k8s.io/v1');
  const any = fc.jsonValue();
  const broken = fc.oneof(any, fc.record({ apiVersion: versions, kind: kinds, metadata: any, spec: any, data: any }));
  fc.assert(fc.property(fc.array(broken, { maxLength: 5 }), (documents) => {
    const { llmRoutes } = parseObjects([...documents.map(document), document(route('good-one'))]);
    expect(llmRoutes.has('default/good-one')).toBe(true);
  }), { numRuns: 200 });
});
