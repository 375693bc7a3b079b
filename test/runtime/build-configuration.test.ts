import { parseAllDocuments } from 'yaml';
import { parseObjects } from '../../src/resources/parse';
import { buildConfiguration, BuildOptions } from '../../src/runtime/build-configuration';
import { RoutingRequest } from '../../src/runtime/configuration';

const AI = 'apiVersion: aigateway.envoyproxy.io/v1alpha1';
const GATEWAY_API = 'apiVersion: gateway.networking.k8s.io/v1';
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const llmBackend = (name: string, more = '', namespace = 'default') =>
  `---\n${AI}\nkind: LLMBackend\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {outputSchema: {schema: OpenAI}, backendRef: {name: ${name}}${more}}\n`;
const backend = (name: string, more = '', namespace = 'default') =>
  `---\napiVersion: gateway.envoyproxy.io/v1alpha1\nkind: Backend\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {endpoints: [{fqdn: {hostname: ${name}.example, port: 8080}}]${more}}\n`;
const llmRoute = (rules: string, more = '') =>
  `---\n${AI}\nkind: LLMRoute\nmetadata: {name: chat, creationTimestamp: "2026-01-01T00:00:00Z"}\nspec: {inputSchema: {schema: OpenAI}, httpRouteRef: {name: chat}${more}${rules === '' ? '' : `, rules: ${rules}`}}\n`;
const httpRoute = (name = 'chat', spec = 'rules: [{matches: [{path: {value: /v1}}]}]', metadata = '') =>
  `---\n${GATEWAY_API}\nkind: HTTPRoute\nmetadata: {name: ${name}${metadata}}\nspec: {${spec}}\n`;
const grant = (from: string, to: string) =>
  `---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {name: g, namespace: shared}\nspec: {from: [${from}], to: [${to}]}\n`;
const FROM_LLM_ROUTE = '{group: aigateway.envoyproxy.io, kind: LLMRoute, namespace: default}';
const TO_LLM_BACKEND = '{group: aigateway.envoyproxy.io, kind: LLMBackend}';

function build(text: string, options?: BuildOptions) {
  return buildConfiguration(parseObjects(parseAllDocuments(text).map((document) => ({ source: 'test.yaml', value: document.toJS() as unknown }))), 1, options);
}

const request = (headers: Record<string, string> = {}, more: Partial<RoutingRequest> = {}): RoutingRequest => ({
  method: 'POST', path: '/v1/chat/completions', authority: 'gateway.example', header: (name) => headers[name], ...more,
});

describe('rules', () => {
  const text = llmBackend('kserve') + backend('kserve') + llmBackend('bedrock') + backend('bedrock') + httpRoute() + llmRoute(`[
    {name: llama, models: [{value: llama}, {type: RegularExpression, value: "ll.+"}], backendRefs: [{name: kserve, weight: 20}, {name: bedrock, weight: 80, model: meta.llama}]},
    {models: [{value: gpt}, {value: llama}], headers: [{name: x-tenant, value: a}], unsupportedParameters: Strict, backendRefs: [{name: bedrock}, {name: kserve, priority: 1}]}]`);

  test('model and headers choose the rule, the number chooses the target', () => {
    const { problems, routes } = build(text);
    expect(problems).toEqual([]);
    const route = routes.get('default/chat');
    const first = route?.choose('llama', request(), 0.19);
    expect([first?.rule, first?.unsupportedParameters, first?.target.key, first?.target.backend?.endpoint, first?.target.model])
      .toEqual(['llama', 'Safe', 'default/kserve', { origin: 'http://kserve.example:8080' }, undefined]);
    expect(route?.choose('llxx', request(), 0.2)?.target).toMatchObject({ key: 'default/bedrock', model: 'meta.llama' });
    expect(route?.choose('gpt', request({ 'x-tenant': 'a' }), 0)).toMatchObject({ rule: 'rule/1', unsupportedParameters: 'Strict', target: { key: 'default/bedrock' } });
    expect(route?.choose('gpt', request({ 'x-tenant': 'b' }), 0)).toBeUndefined();
    expect(route?.choose('none', request(), 0)).toBeUndefined();
  });

  test('shares, for explain', () => {
    const route = build(text).routes.get('default/chat');
    const shares = route?.shares('llama', request());
    expect([shares?.rule, shares?.targets.map(({ target, share }) => [target.key, share])]).toEqual(['llama', [['default/kserve', 0.2], ['default/bedrock', 0.8]]]);
    expect(route?.shares('gpt', request({ 'x-tenant': 'a' }))?.targets.map(({ target, share }) => [target.key, share])).toEqual([['default/bedrock', 1]]);
    expect(route?.shares('none', request())).toBeUndefined();
  });

  test('listed models are the exact ones, in order and once', () => {
    expect(build(text).routes.get('default/chat')?.models).toEqual([
      { id: 'llama', created: 1_767_225_600, ownedBy: 'kserve' }, { id: 'gpt', created: 1_767_225_600, ownedBy: 'bedrock' },
    ]);
  });

  test('a reference that leads nowhere keeps its share, has no backend, and leaves the rest alone', () => {
    const { problems, routes } = build(text.replace(llmBackend('kserve'), ''));
    const route = routes.get('default/chat');
    expect(route?.choose('llama', request(), 0.1)?.target).toEqual({ key: 'default/kserve' });
    expect(route?.choose('llama', request(), 0.5)?.target.backend?.key).toBe('default/bedrock');
    expect(problems.map(({ source, object, path }) => [source, object, path])).toEqual([
      ['cluster', 'LLMRoute default/chat', 'spec.rules[0].backendRefs[0]'], ['cluster', 'LLMRoute default/chat', 'spec.rules[1].backendRefs[1]'],
    ]);
    expect(problems[0].message).toMatch(/there is no usable LLMBackend default\/kserve; create or mend it/);
  });

  test('an expression that does not compile leaves its own route out, with its place', () => {
    const broken = llmRoute('[{models: [{type: RegularExpression, value: "("}], backendRefs: [{name: kserve}]}]').replaceAll('chat', 'broken');
    const { problems, routes, routeOfHttpRoute } = build(text + broken + httpRoute('broken'));
    expect([...routes.keys()]).toEqual(['default/chat']);
    expect(problems).toEqual([{ source: 'cluster', object: 'LLMRoute default/broken', path: 'spec.rules[0].models[0].value', message: expect.stringMatching(/RE2/) }]);
    expect(routeOfHttpRoute('default/broken')).toBeUndefined();
  });

  test('what parsing found is among the problems', () => {
    expect(build(`${text}---\n${AI}\nkind: LLMBackend\nmetadata: {name: bad}\nspec: {}\n`).problems).toContainEqual(
      expect.objectContaining({ source: 'test.yaml', object: 'LLMBackend default/bad' }),
    );
  });
});

describe('other namespaces', () => {
  const text = llmBackend('azure', '', 'shared') + backend('azure', '', 'shared') + httpRoute() + llmRoute('[{backendRefs: [{name: azure, namespace: shared}]}]');

  test.each<[string, string, boolean]>([
    ['no grant', '', false],
    ['a grant', grant(FROM_LLM_ROUTE, TO_LLM_BACKEND), true],
    ['a grant by name', grant(FROM_LLM_ROUTE, TO_LLM_BACKEND.replace('}', ', name: azure}')), true],
    ['a grant for another name', grant(FROM_LLM_ROUTE, TO_LLM_BACKEND.replace('}', ', name: other}')), false],
    ['a grant for another namespace', grant(FROM_LLM_ROUTE.replace('default', 'other'), TO_LLM_BACKEND), false],
    ['a grant for another kind', grant(FROM_LLM_ROUTE.replace('LLMRoute', 'HTTPRoute'), TO_LLM_BACKEND), false],
    ['a grant in another namespace', grant(FROM_LLM_ROUTE, TO_LLM_BACKEND).replace('namespace: shared', 'namespace: other'), false],
    ['a grant that is no list', '---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {name: g, namespace: shared}\nspec: {from: x}\n', false],
  ])('%s', (_, manifest, granted) => {
    const { problems, routes } = build(text + manifest);
    expect(routes.get('default/chat')?.choose('m', request(), 0)?.target.backend !== undefined).toBe(granted);
    expect(problems.map(({ path, message }) => [path, message])).toEqual(granted ? [] : [
      ['spec.rules[0].backendRefs[0]', expect.stringMatching(/no ReferenceGrant in namespace shared lets LLMRoutes of namespace default use LLMBackend azure; create one/)],
    ]);
  });
});

describe('endpoints', () => {
  const endpoint = (text: string) => {
    const { backends, problems } = build(text);
    return { endpoint: backends.get('default/b')?.endpoint, problems: problems.map(({ object, path, message }) => `${object}: ${path}: ${message}`) };
  };
  const configMap = (value: string) => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ca}\ndata: {ca.crt: ${JSON.stringify(value)}}\n`;
  const policy = (validation: string, target = 'group: gateway.envoyproxy.io, kind: Backend, name: b', name = 'p') =>
    `---\n${GATEWAY_API}\nkind: BackendTLSPolicy\nmetadata: {name: ${name}}\nspec: {targetRefs: [{${target}}], validation: {${validation}}}\n`;

  test.each<[string, string, unknown]>([
    ['a Service', llmBackend('b').replace('{name: b}}', '{kind: Service, name: svc, port: 81}}'), { origin: 'http://svc.default.svc.cluster.local:81' }],
    ['a Backend', llmBackend('b') + backend('b'), { origin: 'http://b.example:8080' }],
    ['an address', llmBackend('b') + backend('b').replace('fqdn: {hostname: b.example', 'ip: {address: 10.0.0.1'), { origin: 'http://10.0.0.1:8080' }],
    ['an IPv6 address', llmBackend('b') + backend('b').replace('fqdn: {hostname: b.example', 'ip: {address: "fd00::1"'), { origin: 'http://[fd00::1]:8080' }],
    ['TLS', llmBackend('b') + backend('b', ', tls: {wellKnownCACertificates: System}'), { origin: 'https://b.example:8080' }],
    ['SNI', llmBackend('b') + backend('b', ', tls: {wellKnownCACertificates: System, sni: api.example}'), { origin: 'https://b.example:8080', serverName: 'api.example' }],
    ['SNI equal to the host', llmBackend('b') + backend('b', ', tls: {wellKnownCACertificates: System, sni: b.example}'), { origin: 'https://b.example:8080' }],
    ['own authorities', llmBackend('b') + backend('b', ', tls: {caCertificateRefs: [{group: "", kind: ConfigMap, name: ca}]}') + configMap(PEM),
      { origin: 'https://b.example:8080', certificateAuthorities: [PEM] }],
    ['authorities in a Secret', `${llmBackend('b') + backend('b', ', tls: {caCertificateRefs: [{kind: Secret, name: ca}]}')}---\napiVersion: v1\nkind: Secret\nmetadata: {name: ca}\nstringData: {ca.crt: ${JSON.stringify(PEM)}}\n`,
      { origin: 'https://b.example:8080', certificateAuthorities: [PEM] }],
    ['no verification', llmBackend('b') + backend('b', ', tls: {insecureSkipVerify: true}'), { origin: 'https://b.example:8080', insecureSkipVerify: true }],
    ['a BackendTLSPolicy', llmBackend('b') + backend('b') + policy('hostname: api.example, caCertificateRefs: [{group: "", kind: ConfigMap, name: ca}]') + configMap(PEM),
      { origin: 'https://b.example:8080', serverName: 'api.example', certificateAuthorities: [PEM] }],
    ['a policy goes before the Backend', llmBackend('b') + backend('b', ', tls: {caCertificateRefs: [{kind: ConfigMap, name: missing}], sni: no.example}') + policy('hostname: api.example, wellKnownCACertificates: System'),
      { origin: 'https://b.example:8080', serverName: 'api.example' }],
    ['a policy for another port', llmBackend('b') + backend('b') + policy('hostname: x, wellKnownCACertificates: System', 'group: gateway.envoyproxy.io, kind: Backend, name: b, sectionName: "9"'),
      { origin: 'http://b.example:8080' }],
    ['a policy for the port goes before one for all', llmBackend('b') + backend('b') + policy('hostname: all.example, wellKnownCACertificates: System', undefined, 'a')
      + policy('hostname: port.example, wellKnownCACertificates: System', 'group: gateway.envoyproxy.io, kind: Backend, name: b, sectionName: "8080"'),
    { origin: 'https://b.example:8080', serverName: 'port.example' }],
    ['a policy for a Service', llmBackend('b').replace('{name: b}}', '{kind: Service, name: svc, port: 81}}') + policy('hostname: api.example, wellKnownCACertificates: System', 'group: "", kind: Service, name: svc, sectionName: https'),
      { origin: 'https://svc.default.svc.cluster.local:81', serverName: 'api.example' }],
  ])('%s', (_, text, expected) => {
    expect(endpoint(text)).toEqual({ endpoint: expected, problems: [] });
  });

  test.each<[string, string, RegExp]>([
    ['no Backend', llmBackend('b'), /^LLMBackend default\/b: spec\.backendRef\.name: there is no Backend default\/b; create it/],
    ['a Unix socket', llmBackend('b') + backend('b').replace('fqdn: {hostname: b.example, port: 8080}', 'unix: {path: /x}'), /^Backend default\/b: spec\.endpoints\[0\]: must have fqdn/],
    ['endpoints that are no list', llmBackend('b') + backend('b').replace(/\[.*\]/, 'x'), /^Backend default\/b: spec\.endpoints\[0\]: must have/],
    ['a missing ConfigMap', llmBackend('b') + backend('b', ', tls: {caCertificateRefs: [{kind: ConfigMap, name: ca}]}'), /^Backend default\/b: spec\.tls\.caCertificateRefs\[0\]: there is no ConfigMap default\/ca/],
    ['a ConfigMap without PEM', llmBackend('b') + backend('b') + policy('hostname: x, caCertificateRefs: [{group: "", kind: ConfigMap, name: ca}]') + configMap('text'),
      /^BackendTLSPolicy default\/p: spec\.validation\.caCertificateRefs\[0\]: there is no ConfigMap default\/ca with PEM/],
  ])('%s is a problem, and there is no endpoint: never another one', (_, text, problem) => {
    expect(endpoint(text)).toEqual({ endpoint: undefined, problems: [expect.stringMatching(problem)] });
  });

  test('an override goes first; one for nothing is a problem', () => {
    const { backends, problems } = build(llmBackend('b'), { endpointOverrides: new Map([['default/b', { origin: 'http://127.0.0.1:9' }], ['default/typo', { origin: 'http://127.0.0.1:9' }]]) });
    expect(backends.get('default/b')?.endpoint).toEqual({ origin: 'http://127.0.0.1:9' });
    expect(problems.map((problem) => [problem.object, problem.message])).toEqual([['LLMBackend default/typo', expect.stringMatching(/no such LLMBackend/)]]);
  });
});

describe('secrets', () => {
  const text = llmBackend('b', ', credential: {apiKey: {secretRef: {name: s, key: apiKey}}}') + backend('b');
  const secret = (namespace = 'default') => `---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ${namespace}}\nstringData: {apiKey: sk-secret}\n`;

  test('come from the namespace of the LLMBackend', () => {
    const { backends, problems } = build(text + secret());
    expect(Buffer.from(backends.get('default/b')?.secret('s', 'apiKey') ?? []).toString()).toBe('sk-secret');
    expect(backends.get('default/b')?.secret('s', 'other')).toBeUndefined();
    expect(problems).toEqual([]);
  });

  test('one that is missing, or in another namespace, is a problem; the backend stays', () => {
    const { backends, problems } = build(text + secret('other'));
    expect(backends.get('default/b')?.secret('s', 'apiKey')).toBeUndefined();
    expect(problems).toEqual([{
      source: 'cluster', object: 'LLMBackend default/b', path: 'spec.credential.apiKey.secretRef', message: expect.stringMatching(/there is no Secret default\/s with key apiKey; create it/),
    }]);
    expect(JSON.stringify(problems)).not.toContain('sk-secret');
  });

  test('an override goes first; one that nothing uses is a problem without its value', () => {
    const { backends, problems } = build(text + secret(), { secretOverrides: new Map([['default/s/apiKey', Buffer.from('sk-override')], ['default/s/apikey', Buffer.from('sk-typo')]]) });
    expect(Buffer.from(backends.get('default/b')?.secret('s', 'apiKey') ?? []).toString()).toBe('sk-override');
    expect(problems.map((problem) => [problem.object, problem.message])).toEqual([['Secret default/s', expect.stringMatching(/its key apikey on the command line, but no LLMBackend uses it/)]]);
    expect(JSON.stringify(problems)).not.toContain('sk-');
  });
});

describe('HTTPRoute mode', () => {
  const rules = `hostnames: [gateway.example], rules: [
    {name: llama, matches: [{path: {value: /v1}, headers: [{name: X-Envoy-AI-Gateway-LLM-Model, value: llama}]}], backendRefs: [
      {group: gateway.envoyproxy.io, kind: Backend, name: kserve, weight: 20}, {name: svc, port: 80, weight: 80}]},
    {matches: [{path: {value: /v1}, headers: [{name: x-envoy-ai-gateway-llm-model, type: RegularExpression, value: "gpt-.*"}]}], backendRefs: [{group: gateway.envoyproxy.io, kind: Backend, name: nobody}]},
    {name: empty, matches: [{path: {value: /v1/empty}}]}]`;
  const text = llmBackend('kserve') + backend('kserve') + llmBackend('hosted').replace('{name: hosted}}', '{kind: Service, name: svc, port: 80}}') + httpRoute('chat', rules) + llmRoute('');

  test('the HTTPRoute is evaluated with the model as its header, and the LLMBackend is found by its backendRef', () => {
    const route = build(text).routes.get('default/chat');
    expect(route?.choose('llama', request(), 0.19)).toMatchObject({ rule: 'llama', unsupportedParameters: 'Safe', target: { key: 'default/kserve', backend: { key: 'default/kserve' } } });
    expect(route?.choose('llama', request(), 0.2)?.target.backend?.key).toBe('default/hosted');
    expect(route?.shares('llama', request())?.targets.map(({ target, share }) => [target.key, share])).toEqual([['default/kserve', 0.2], ['default/hosted', 0.8]]);
    expect(route?.models).toEqual([{ id: 'llama', created: 1_767_225_600, ownedBy: 'kserve' }]);
    // A header of the client's changes nothing.
    expect(route?.choose('other', request({ 'x-envoy-ai-gateway-llm-model': 'llama' }), 0)).toBeUndefined();
    expect(route?.choose('llama', request({}, { authority: 'other.example' }), 0)).toBeUndefined();
    expect(route?.choose('llama', request({}, { path: '/v2' }), 0)).toBeUndefined();
  });

  test('a backendRef without an LLMBackend is a target without backend; no backendRefs are no target', () => {
    const { problems, routes } = build(text);
    expect(routes.get('default/chat')?.choose('gpt-4o', request(), 0)).toMatchObject({ rule: 'rule/1', target: { key: 'default/nobody' } });
    expect(routes.get('default/chat')?.choose('gpt-4o', request(), 0)?.target.backend).toBeUndefined();
    expect(routes.get('default/chat')?.choose('m', request({}, { path: '/v1/empty' }), 0)).toBeUndefined();
    expect(problems.map(({ object, path, message }) => [object, path, message.split(';')[0]])).toEqual([
      ['HTTPRoute default/chat', 'spec.rules[1].backendRefs[0]', 'no LLMBackend in namespace default has a backendRef that equals this Backend nobody'],
      ['HTTPRoute default/chat', 'spec.rules[2].backendRefs', 'has no backendRef with a weight above 0'],
    ]);
  });

  test('two LLMBackends on one Backend: the first by name, and a problem', () => {
    const { problems, routes } = build(text + llmBackend('aaa').replace('{name: aaa}}', '{name: kserve}}'));
    expect(routes.get('default/chat')?.choose('llama', request(), 0)?.target.key).toBe('default/aaa');
    expect(problems[0]).toMatchObject({ path: 'spec.rules[0].backendRefs[0]', message: expect.stringMatching(/LLMBackend default\/aaa and LLMBackend default\/kserve/) });
  });

  test('a Backend of another namespace needs both grants: for the address, and for the credential', () => {
    const other = llmBackend('azure', '', 'shared') + backend('azure', '', 'shared') + llmRoute('')
      + httpRoute('chat', 'rules: [{backendRefs: [{group: gateway.envoyproxy.io, kind: Backend, name: azure, namespace: shared}]}]');
    const both = `${FROM_LLM_ROUTE}, {group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default}`;
    const toBackend = '{group: gateway.envoyproxy.io, kind: Backend}';
    const usable = (manifest: string) => build(other + manifest).routes.get('default/chat')?.choose('m', request(), 0)?.target.backend !== undefined;
    expect([usable(''), usable(grant(both, toBackend)), usable(grant(both, TO_LLM_BACKEND)), usable(grant(both, `${toBackend}, ${TO_LLM_BACKEND}`))]).toEqual([false, false, false, true]);
  });

  test('without Envoy the route is found although the model is not known yet', () => {
    expect(build(text).routeOfRequest(request())?.key).toBe('default/chat');
  });
});

describe('which LLMRoute an HTTPRoute carries', () => {
  const text = llmBackend('b') + backend('b') + llmRoute('[{backendRefs: [{name: b}]}]');
  const labelled = ', labels: {aigateway.envoyproxy.io/llm-route: chat}';

  test('by httpRouteRef, and by label', () => {
    const { problems, routeOfHttpRoute } = build(text + httpRoute() + httpRoute('chat-2', undefined, labelled) + httpRoute('foreign'));
    expect(['default/chat', 'default/chat-2', 'default/foreign'].map((key) => routeOfHttpRoute(key as `${string}/${string}`)?.key)).toEqual(['default/chat', 'default/chat', undefined]);
    expect(problems).toEqual([]);
  });

  test('no HTTPRoute', () => {
    expect(build(text).problems).toEqual([expect.objectContaining({ object: 'LLMRoute default/chat', path: 'spec.httpRouteRef.name', message: expect.stringMatching(/there is no HTTPRoute default\/chat; create it/) })]);
  });

  test('of two LLMRoutes on one HTTPRoute the older has it', () => {
    const second = llmRoute('[{backendRefs: [{name: b}]}]').replace('name: chat, creationTimestamp: "2026-01-01', 'name: aaa, creationTimestamp: "2026-02-01');
    const { problems, routeOfHttpRoute } = build(text + second + httpRoute());
    expect(routeOfHttpRoute('default/chat')?.key).toBe('default/chat');
    expect(problems).toEqual([expect.objectContaining({ object: 'LLMRoute default/aaa', message: expect.stringMatching(/belongs to LLMRoute chat, which is older/) })]);
  });

  test('requests of an HTTPRoute whose LLMRoute is broken fall to no other route', () => {
    const { problems, routeOfRequest } = build(text + httpRoute() + httpRoute('b', 'hostnames: [b.example], rules: [{}]', ', labels: {aigateway.envoyproxy.io/llm-route: gone}'));
    expect(routeOfRequest(request())?.key).toBe('default/chat');
    expect(routeOfRequest(request({}, { authority: 'b.example' }))).toBeUndefined();
    expect(problems).toEqual([expect.objectContaining({ object: 'HTTPRoute default/b', message: expect.stringMatching(/there is no usable LLMRoute default\/gone/) })]);
  });

  test('a broken HTTPRoute is a problem and leaves the others alone', () => {
    const { problems, routeOfRequest } = build(text + httpRoute() + httpRoute('bad', 'rules: [{matches: [{path: {type: RegularExpression, value: "("}}]}]', labelled));
    expect(routeOfRequest(request())?.key).toBe('default/chat');
    expect(problems).toEqual([expect.objectContaining({ object: 'HTTPRoute default/bad', path: 'spec.rules[0].matches[0].path.value' })]);
  });
});

test('a rule with failover: its choices know the whole rule, durations in milliseconds', () => {
  const { problems, routes } = build(backend('b') + httpRoute() + llmBackend('b') + llmBackend('c') + backend('c') + llmRoute(`[
    {backendRefs: [{name: b}], models: [{value: m}]}, {backendRefs: [{name: b}, {name: c, priority: 1, model: x}], failover: {perAttemptTimeout: 1m1s500ms}}]`));
  expect(problems).toEqual([]);
  const route = routes.get('default/chat');
  expect(route?.choose('m', request(), 0)?.failover).toBeUndefined();
  const choice = route?.choose('other', request(), 0);
  expect(choice?.target.backend?.key).toBe('default/b');
  expect(choice?.failover).toMatchObject({
    attempts: 3,
    perAttemptTimeout: 61_500,
    retryOn: { triggers: ['5xx', 'reset', 'connect-failure', 'timeout'], httpStatusCodes: [429] },
    choices: [{ id: 'default/b ', priority: 0 }, { id: 'default/c x', priority: 1 }],
  });
  expect(choice?.failover?.choices[0].choice).toBe(choice);
  expect(route?.shares('other', request())?.failover).toBe(choice?.failover);
});

describe('credentials at load', () => {
  const text = (schema: string, credential = '') => backend('b') + httpRoute() + llmBackend('b', credential).replace('schema: OpenAI', `schema: ${schema}`);

  const file = '{"type": "service_account", "client_email": "a@p.iam.gserviceaccount.com", "private_key": "planted"}';

  test.each([
    ['azure', '{tenantId: t, clientId: c}'], ['azure', '{tenantId: t, clientId: c, secretRef: {name: s, key: client-secret}}'],
    ['gcp', '{project: p, region: r}'], ['gcp', '{project: p, region: r, secretRef: {name: s, key: service_account.json}}'],
  ])('a sign-in is no problem: %s %s', (kind, credential) => {
    const secret = `---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {client-secret: x, service_account.json: '${file}'}\n`;
    expect(build(text('OpenAI', `, credential: {${kind}: ${credential}}`) + secret).problems).toEqual([]);
  });

  test('a credential file that is none is named, without its text', () => {
    const secret = '---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {service_account.json: planted}\n';
    const { problems } = build(text('OpenAI', ', credential: {gcp: {project: p, region: r, secretRef: {name: s, key: service_account.json}}}') + secret);
    expect(problems).toEqual([expect.objectContaining({
      object: 'LLMBackend default/b', path: 'spec.credential.gcp.secretRef', message: expect.stringMatching(/^key service_account.json of Secret s must be the JSON of a service account key .*requests to this backend fail until then$/),
    })]);
    expect(JSON.stringify(problems)).not.toContain('planted');
  });

  test.each(['azure: {secretRef: {name: s, key: access_token}}', 'gcp: {project: p, region: r, secretRef: {name: s, key: access_token}}'])('a token that something else renews is fine: %s', (credential) => {
    const secret = '---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {access_token: x}\n';
    expect(build(text('OpenAI', `, credential: {${credential}}`) + secret).problems).toEqual([]);
  });

  test('a provider to which no request of the route can be translated', () => {
    const cohereClients = (objects: string) => objects.replace('inputSchema: {schema: OpenAI}', 'inputSchema: {schema: Cohere}');
    const expected = [expect.objectContaining({
      message: expect.stringMatching(/^LLMBackend b speaks AWSBedrock, to which this version translates no Cohere requests; supported: OpenAI, Cohere; requests that fall to it are answered with 400$/),
    })];
    const byRules = build(cohereClients(text('AWSBedrock') + llmRoute('[{backendRefs: [{name: b}]}]'))).problems;
    expect([byRules, byRules[0]?.object, byRules[0]?.path]).toEqual([expected, 'LLMRoute default/chat', 'spec.rules[0].backendRefs[0]']);
    const references = '{value: /v1}}], backendRefs: [{group: gateway.envoyproxy.io, kind: Backend, name: b}]}';
    const byHttpRoute = build(cohereClients(text('AWSBedrock') + llmRoute('')).replace('{value: /v1}}]}', references)).problems;
    expect([byHttpRoute, byHttpRoute[0]?.object, byHttpRoute[0]?.path]).toEqual([expected, 'HTTPRoute default/chat', 'spec.rules[0].backendRefs[0]']);
  });
});
