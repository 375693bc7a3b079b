import { Chart, Duration, Testing } from 'cdk8s';
import { Secret, SecretValue } from 'cdk8s-plus-28';
import {
  GatewayRef, InputSchema, LimitPeriod, LlmBackend, LlmBackendProps, LlmGateway, LlmProvider, LlmRoute, LlmRouteProps, LlmRuleOptions, ModelMatch, TokenLimitKey,
  TokenLimitOptions,
} from '../src';

/** What people get wrong first; each message names the object, the field, the value and what to do. */
class Fixture {
  readonly app = Testing.app();
  readonly chart = new Chart(this.app, 'llm', { namespace: 'llm' });
  readonly gateway = new LlmGateway(this.chart, 'Gateway', { name: 'llm', gatewayClassName: 'eg' });
  readonly llama = this.backend('Llama', LlmProvider.openAiCompatible({ host: 'llama.models.svc.cluster.local', port: 8080 }));
  readonly key: SecretValue = { secret: Secret.fromSecretName(this.chart, 'Keys', 'keys'), key: 'openai' };

  backend(id: string, provider: LlmProvider, props: Partial<LlmBackendProps> = {}): LlmBackend {
    return new LlmBackend(this.chart, id, { provider, ...props });
  }

  route(id: string, props: Partial<LlmRouteProps> = {}, rule: Partial<LlmRuleOptions> = {}): LlmRoute {
    return new LlmRoute(this.chart, id, { gateway: this.gateway, name: id.toLowerCase(), rules: [{ targets: [{ backend: this.llama }], ...rule }], ...props });
  }
}

/** As from plain JavaScript, or from an environment variable that is not set. */
const missing = undefined as never;
const PASTED = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789';

let fixture: Fixture;

beforeEach(() => { fixture = new Fixture(); });

describe('regions', () => {
  test.each(['us-east-1', 'eu-central-1', 'ap-southeast-5', 'us-gov-west-1', 'us-iso-east-1', 'cn-northwest-1', 'eusc-de-east-1', 'mx-central-1'])('AWS has %s', (region) => {
    expect(() => LlmProvider.awsBedrock({ region })).not.toThrow();
  });

  test.each(['us-central1', 'europe-west12', 'asia-northeast1', 'northamerica-northeast2', 'me-central1', 'global'])('Google Cloud has %s', (region) => {
    expect(() => LlmProvider.gcpVertexAi({ project: 'p', region })).not.toThrow();
  });

  test.each<[string, () => LlmProvider, string]>([
    ['a typing error', () => LlmProvider.awsBedrock({ region: 'us-esat-1' }), 'LlmProvider.awsBedrock: region "us-esat-1" is no name of an AWS region, such as us-east-1 or eu-central-1; correct it'],
    ['a title', () => LlmProvider.awsAnthropic({ region: 'US East (N. Virginia)' }), 'LlmProvider.awsAnthropic: region "US East (N. Virginia)" is no name of an AWS region'],
    ['a zone', () => LlmProvider.awsBedrock({ region: 'us-east-1a' }), 'region "us-east-1a" is an availability zone; its region is us-east-1'],
    ['the style of the other cloud', () => LlmProvider.gcpAnthropic({ project: 'p', region: 'us-central-1' }), 'LlmProvider.gcpAnthropic: region "us-central-1" is no name of a Google Cloud region'],
    ['none', () => LlmProvider.awsBedrock({ region: missing }), 'LlmProvider.awsBedrock: region is missing; give a text, and where it comes from the environment of the synth, see that it is set there'],
    ['an empty one', () => LlmProvider.gcpVertexAi({ project: 'p', region: '' }), 'LlmProvider.gcpVertexAi: region is empty'],
    ['no project', () => LlmProvider.gcpVertexAi({ project: missing, region: 'global' }), 'LlmProvider.gcpVertexAi: project is missing'],
    ['no resource', () => LlmProvider.azureOpenAi({ resource: missing, entraId: {} }), 'LlmProvider.azureOpenAi: resource is missing'],
    ['no host', () => LlmProvider.openAiCompatible({ host: missing }), 'LlmProvider.openAiCompatible: host is missing'],
  ])('%s', (_what, provider, message) => {
    expect(provider).toThrow(message);
  });

  test('a host of one\'s own goes before what the region looks like', () => {
    expect(() => LlmProvider.awsBedrock({ region: 'lab-1', host: 'bedrock.lab.example.com' })).not.toThrow();
  });

  test('a pasted key is not repeated', () => {
    expect(() => LlmProvider.awsBedrock({ region: PASTED })).toThrow(/^LlmProvider\.awsBedrock: region holds what looks like an API key; put it into a Secret and pass that as a SecretValue$/);
  });
});

describe('credentials', () => {
  test('a key in place of a SecretValue', () => {
    const provider = LlmProvider.openAi({ apiKey: PASTED as unknown as SecretValue });

    expect(() => fixture.backend('OpenAi', provider)).toThrow(/^llm\/OpenAi: a credential of the provider is no SecretValue; keys never stand in the code: give \{ secret: Secret\.fromSecretName/);
  });

  test.each(['authorization', 'X-Api-Key'])('a header %s of the backend', (name) => {
    expect(() => fixture.backend('Proxy', LlmProvider.openAiCompatible({ host: 'proxy' }), { headers: { set: { [name]: 'Bearer abc' } } }))
      .toThrow(`llm/Proxy: headers.set "${name}" is for credentials, which never stand in a manifest; put it into a Secret, and give that to the provider as apiKey`);
  });

  test('a port that does not say whether to speak TLS', () => {
    const provider = () => LlmProvider.openAiCompatible({ host: 'llm.example.com', port: 8443, apiKey: fixture.key });

    expect(provider).toThrow('LlmProvider.openAiCompatible: host "llm.example.com" on port 8443: only port 443 implies TLS, and without it the credential would cross the network in plain text; '
      + 'give tls: true, or tls: false where that network is private');
  });

  test.each<[string, { port?: number; tls?: boolean; host?: string }]>([
    ['it is said', { port: 8443, tls: true }], ['it is said to be off', { port: 8080, tls: false }], ['port 443', {}],
    ['a Service', { host: 'llama.models.svc', port: 8080 }], ['a whole name of a Service', { host: 'llama.models.svc.cluster.local', port: 8080 }], ['one label', { host: 'llama', port: 8080 }],
  ])('nothing is asked where %s', (_what, options) => {
    expect(() => LlmProvider.openAiCompatible({ host: 'llm.example.com', apiKey: fixture.key, ...options })).not.toThrow();
  });

  test.each(['api.groq.com', 'api.openai.com', 'team.openai.azure.com'])('%s without TLS', (host) => {
    expect(() => LlmProvider.openAiCompatible({ host, port: 80, tls: false })).toThrow(`host "${host}" on port 80 is a public provider, which is called over TLS alone; leave out tls and port`);
  });
});

describe('names and hosts that are taken', () => {
  test('two gateways of one name', () => {
    const second = new LlmGateway(fixture.chart, 'Second', { name: 'llm', gateway: GatewayRef.named('shared', 'infra') });
    fixture.route('Chat');
    fixture.route('Other', { gateway: second, hostnames: ['other.example.com'] });

    expect(() => fixture.app.synth()).toThrow('[llm/Gateway] llm/Second has the same name in namespace llm: ExtProc of both is llm-extproc; give one of the two another name');
  });

  test.each<[string, Partial<LlmRouteProps>, string]>([
    ['without host names', {}, 'every host'],
    ['of one host name', { hostnames: ['a.example.com', 'llm.example.com'] }, 'a.example.com'],
  ])('two routes %s', (_what, props, hosts) => {
    fixture.route('Chat', props);
    fixture.route('Other', props.hostnames === undefined ? {} : { hostnames: ['a.example.com'] });

    expect(() => fixture.app.synth()).toThrow(`[llm/Other] takes the same requests of ${hosts} as LlmRoute llm/Chat, and one of the two would never get any; `
      + 'put the rules of both into one LlmRoute, or give them different hostnames');
  });

  test.each<[string, Partial<LlmRouteProps>]>([['another host name', { hostnames: ['b.example.com'] }], ['other clients', { inputSchema: InputSchema.ANTHROPIC }]])('%s is no conflict', (_what, props) => {
    fixture.route('Chat', { hostnames: ['a.example.com'] });
    fixture.route('Other', { hostnames: ['a.example.com'], ...props });

    expect(() => fixture.app.synth()).not.toThrow();
  });
});

describe('rules', () => {
  test.each<[string, Partial<LlmRuleOptions>, string]>([
    ['a glob', { models: [ModelMatch.exact('gpt-*')] }, 'models[0] "gpt-*" has a "*", which is taken as it is and is in no model\'s name; write ModelMatch.prefix("gpt-") for every model that begins so'],
    ['a glob as prefix', { models: [ModelMatch.prefix('gpt-*')] }, 'models[0] "gpt-*" has a "*", which is taken as it is and is in no model\'s name; write ModelMatch.prefix("gpt-")'],
    ['everything', { models: [ModelMatch.exact('*')] }, 'models[0] "*" has a "*", which is taken as it is and is in no model\'s name; leave models out to take every model'],
    ['no models', { models: [] }, 'models is empty; leave it out to take every model'],
    ['a text as model', { models: ['llama' as unknown as ModelMatch] }, 'models[0] is no ModelMatch; write ModelMatch.exact(...), prefix(...) or regularExpression(...)'],
    ['an object as header', { headers: [{ name: 'x-a', value: 'b' } as never] }, 'headers[0] is no HeaderMatch; write HeaderMatch.exact(...)'],
    ['no backend', { targets: [{ backend: missing }] }, 'targets[0].backend is missing; give an LlmBackend'],
    ['no targets', { targets: missing }, 'targets needs at least one target; give the backends, such as [{ backend }]'],
  ])('%s', (_what, rule, message) => {
    expect(() => fixture.route('Chat', {}, rule)).toThrow(`llm/Chat: rule 1: ${message}`);
  });

  test('an asterisk of a regular expression stays', () => {
    expect(() => fixture.route('Chat', {}, { models: [ModelMatch.regularExpression('gpt-.*')] })).not.toThrow();
  });
});

describe('what is missing', () => {
  test('the gateway of a route', () => {
    expect(() => fixture.route('Chat', { gateway: missing })).toThrow('llm/Chat: gateway is missing; give the LlmGateway that takes the requests');
  });

  test('the provider of a backend', () => {
    expect(() => fixture.backend('Backend', missing)).toThrow('llm/Backend: provider is missing; give one, such as LlmProvider.openAi');
  });

  test('the key of a limit', () => {
    const limit = { tokens: 10, per: LimitPeriod.DAY } as TokenLimitOptions;

    expect(() => fixture.route('Chat').addTokenLimit(limit)).toThrow('llm/Chat: token limit 1 has no key; say what has a budget of its own, such as TokenLimitKey.header(\'x-tenant\'), or TokenLimitKey.everyone()');
    expect(() => fixture.route('Other').addTokenLimit({ ...limit, key: TokenLimitKey.everyone() })).not.toThrow();
  });
});

test.each<[string, LlmRouteProps['timeouts'], string]>([
  ['a request timeout of 0', { request: Duration.seconds(0) }, 'timeouts.request must be above 0; leave it out for its default, or give a long one'],
  ['an idle timeout of 0', { idle: Duration.millis(0) }, 'timeouts.idle must be above 0'],
  ['a first byte behind the end', { request: Duration.seconds(5), firstByte: Duration.seconds(5) }, 'timeouts.firstByte 5 s never comes before the 5 s of timeouts.request; shorten it, or leave it out'],
  ['a first byte behind the default end', { firstByte: Duration.hours(1) }, 'timeouts.firstByte 3600 s never comes before the 600 s of timeouts.request'],
])('%s', (_what, timeouts, message) => {
  expect(() => fixture.route('Chat', { timeouts })).toThrow(`llm/Chat: ${message}`);
});
