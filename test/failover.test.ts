import { ApiObject, App, Chart, Duration, Testing } from 'cdk8s';
import { FailoverOptions, FailoverTrigger, GatewayRef, HttpRouteRef, LlmBackend, LlmGateway, LlmProvider, LlmRoute, LlmRouteProps, LlmTarget, ModelMatch } from '../src';
import { parseObjects } from '../src/resources/parse';
import { buildConfiguration } from '../src/runtime/build-configuration';

interface Spec {
  readonly rules: ReadonlyArray<{ readonly failover: unknown }>;
  readonly failover: unknown;
  readonly timeouts: unknown;
  readonly retry: unknown;
}
interface Manifest { readonly kind: string; readonly spec: Spec }

class Fixture {
  readonly chart = new Chart(new App(), 'chart', { namespace: 'llm' });
  readonly gateway = new LlmGateway(this.chart, 'Gateway', { gateway: GatewayRef.named('shared', 'infra') });
  readonly first = this.backend('first');
  readonly second = this.backend('second');

  backend(name: string): LlmBackend {
    return new LlmBackend(this.chart, name, { metadata: { name }, provider: LlmProvider.openAiCompatible({ host: `${name}.models`, port: 8080 }) });
  }

  route(failover: FailoverOptions, props: Partial<LlmRouteProps> = {}, given?: LlmTarget[]): LlmRoute {
    const targets = given ?? [{ backend: this.first }, { backend: this.second, priority: 1 }];
    const route = new LlmRoute(this.chart, 'Chat', { gateway: this.gateway, name: 'chat', ...props });
    route.addRule({ models: [ModelMatch.exact('m')], targets, failover });
    return route;
  }

  one(kind: string): Manifest {
    return (Testing.synth(this.chart) as Manifest[]).filter((manifest) => manifest.kind === kind)[0];
  }
}

let fixture: Fixture;

beforeEach(() => { fixture = new Fixture(); });

test('failover becomes that of the rule, and what is left out is left to the defaults', () => {
  const retryOn = { triggers: [FailoverTrigger.RESET, FailoverTrigger.SERVER_ERROR], httpStatusCodes: [408, 429] };
  fixture.route({ attempts: 2, perAttemptTimeout: Duration.seconds(90), retryOn })
    .addRule({ targets: [{ backend: fixture.first }, { backend: fixture.second }], failover: {} });
  expect(fixture.one('LLMRoute').spec.rules.map(({ failover }) => failover)).toEqual([
    { attempts: 2, perAttemptTimeout: '1m30s', retryOn: { triggers: ['reset', '5xx'], httpStatusCodes: [408, 429] } }, {},
  ]);
  const { problems } = buildConfiguration(parseObjects((Testing.synth(fixture.chart) as object[]).map((value) => ({ source: 'synth', value }))), 1);
  expect(problems).toEqual([]);
});

test('the first attempt is bounded by Envoy, by the longest of the route', () => {
  const route = fixture.route({ perAttemptTimeout: Duration.seconds(20) });
  route.addRule({ models: [ModelMatch.exact('n')], targets: [{ backend: fixture.first }, { backend: fixture.second }], failover: { perAttemptTimeout: Duration.seconds(40) } });
  expect(fixture.one('BackendTrafficPolicy').spec.retry).toEqual({ numRetries: 0, perRetry: { timeout: '40s' }, retryOn: { triggers: ['connect-failure'] } });
});

test('without perAttemptTimeout Envoy bounds nothing', () => {
  fixture.route({});
  expect(fixture.one('BackendTrafficPolicy').spec.retry).toBeUndefined();
});

test.each<[string, FailoverOptions, Partial<LlmRouteProps>, (fixture: Fixture) => LlmTarget[] | undefined, RegExp]>([
  ['one target', {}, {}, ({ first }) => [{ backend: first }], /chart\/Chat: rule 1: failover needs a second target with a weight above 0; add one, or leave failover out$/],
  ['no weight but one', {}, {}, ({ first, second }) => [{ backend: first }, { backend: second, weight: 0 }], /failover needs a second target with a weight above 0/],
  ['nothing to retry on', { retryOn: { triggers: [], httpStatusCodes: [] } }, {}, () => undefined, /failover\.retryOn needs a trigger or a status; with neither, failover never happens$/],
  ['too few attempts', { attempts: 1 }, {}, () => undefined, /failover\.attempts .*2/],
  ['a status that is none', { retryOn: { httpStatusCodes: [200] } }, {}, () => undefined, /failover\.retryOn\.httpStatusCodes\[0\] .*400/],
  ['no time', { perAttemptTimeout: Duration.seconds(0) }, {}, () => undefined, /failover\.perAttemptTimeout must be above 0/],
  ['more time than the request has', { perAttemptTimeout: Duration.seconds(20) }, { timeouts: { request: Duration.seconds(30) } }, () => undefined,
    /failover\.perAttemptTimeout 20s for 2 attempts is longer than the 30 s that a request may take; shorten it, lower failover\.attempts, or raise timeouts\.request of the route$/],
  ['more time than the default', { perAttemptTimeout: Duration.minutes(6) }, {}, () => undefined, /6m for 2 attempts is longer than the 600 s/],
  ['two bounds for one attempt', { perAttemptTimeout: Duration.seconds(5) }, { timeouts: { firstByte: Duration.seconds(5) } }, () => undefined, /failover\.perAttemptTimeout and timeouts\.firstByte .* give one of the two$/],
])('a failover that cannot work is refused: %s', (_, failover, props, targets, message) => {
  expect(() => fixture.route(failover, props, targets(fixture))).toThrow(message);
});

test('timeouts.request is told to ExtProc too', () => {
  fixture.route({}, { timeouts: { request: Duration.seconds(90) } });
  expect(fixture.one('LLMRoute').spec.timeouts).toEqual({ request: '1m30s' });
});

describe('beside an HTTPRoute of the user', () => {
  const route = (weights: number[], failover: FailoverOptions, props: Partial<LlmRouteProps> = {}): void => {
    const { chart, first, second, gateway } = fixture;
    const httpRoute = new ApiObject(chart, 'Own', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'own', namespace: 'llm' },
      spec: {
        rules: [{
          matches: [{ headers: [{ name: 'x-envoy-ai-gateway-llm-model', value: 'm' }] }],
          backendRefs: [first, second].slice(0, weights.length).map((backend, place) => ({ group: 'gateway.envoyproxy.io', kind: 'Backend', name: backend.backendName, weight: weights[place] })),
        }],
      },
    });
    new LlmRoute(chart, 'Chat', { gateway, name: 'chat', httpRoute: HttpRouteRef.fromApiObject(httpRoute), backends: [first, second], failover, ...props });
  };

  test('failover is the route\'s own, and its rules share it', () => {
    route([1, 3], { attempts: 2, perAttemptTimeout: Duration.seconds(20) });
    expect(fixture.one('LLMRoute').spec).toMatchObject({ failover: { attempts: 2, perAttemptTimeout: '20s' } });
    expect(fixture.one('BackendTrafficPolicy').spec.retry).toMatchObject({ perRetry: { timeout: '20s' } });
    const configuration = buildConfiguration(parseObjects((Testing.synth(fixture.chart) as object[]).map((value) => ({ source: 'synth', value }))), 1);
    expect(configuration.problems).toEqual([]);
    const choice = configuration.routes.get('llm/chat')?.choose('m', { method: 'POST', path: '/v1/chat/completions', authority: 'a', header: () => undefined }, 0);
    expect(choice?.failover).toMatchObject({ attempts: 2, perAttemptTimeout: 20_000, retryOn: { httpStatusCodes: [429] } });
    expect(choice?.failover?.choices.map(({ choice: { target }, weight }) => [target.key, weight])).toEqual([['llm/first', 1], ['llm/second', 3]]);
  });

  test.each<[string, number[], FailoverOptions, Partial<LlmRouteProps>, RegExp]>([
    ['one backendRef', [1], {}, {}, /failover needs a rule of HTTPRoute own with two backendRefs of a weight above 0; add one, or leave failover out/],
    ['one weight', [1, 0], {}, {}, /failover needs a rule of HTTPRoute own with two backendRefs/],
    ['nothing to retry on', [1, 1], { retryOn: { triggers: [], httpStatusCodes: [] } }, {}, /failover\.retryOn needs a trigger or a status/],
    ['too few attempts', [1, 1], { attempts: 1 }, {}, /failover\.attempts .*2/],
    ['more time than the request has', [1, 1], { perAttemptTimeout: Duration.seconds(20) }, { timeouts: { request: Duration.seconds(30) } }, /20s for 2 attempts is longer than the 30 s/],
  ])('a failover that cannot work is refused: %s', (_, weights, failover, props, message) => {
    route(weights, failover, props);
    expect(() => fixture.chart.node.root instanceof App && fixture.chart.node.root.synth()).toThrow(message);
  });

  test('without it, failover belongs to the rules', () => {
    expect(() => fixture.route({}, { failover: {} })).toThrow(/failover goes with httpRoute; give each rule the failover that it needs$/);
  });
});

test('a target of a later priority is refused without failover only', () => {
  const route = fixture.route({});
  expect(() => route.addRule({ targets: [{ backend: fixture.first }, { backend: fixture.second, priority: 1 }] })).toThrow(/is never used: .*give the rule failover/);
});
