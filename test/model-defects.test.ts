import { App, Chart, Testing } from 'cdk8s';
import { Secret } from 'cdk8s-plus-28';
import { BackendModel, GatewayRef, InputSchema, LlmBackend, LlmGateway, LlmProvider, LlmRoute, ModelKind, ModelMatch, OutputSchema } from '../src';

/** A route with one rule, and backends of any provider. */
class Fixture {
  readonly chart = new Chart(new App(), 'chart', { namespace: 'llm' });
  private readonly gateway = new LlmGateway(this.chart, 'Gateway', { gateway: GatewayRef.named('shared', 'infra') });
  private readonly secret = Secret.fromSecretName(this.chart, 'Keys', 'keys');
  readonly accessToken = { secret: this.secret, key: 'access_token' };
  readonly apiKey = { secret: this.secret, key: 'key' };

  backend(id: string, provider: LlmProvider, models?: BackendModel[]): LlmBackend {
    return new LlmBackend(this.chart, id, { provider, models });
  }

  route(inputSchema?: InputSchema): LlmRoute {
    return new LlmRoute(this.chart, 'Chat', { gateway: this.gateway, name: 'chat', inputSchema });
  }
}

let fixture: Fixture;
beforeEach(() => { fixture = new Fixture(); });

const vertex = () => fixture.backend('Vertex', LlmProvider.gcpVertexAi({ project: 'p', region: 'us-central1', accessToken: fixture.accessToken }));

test('a model that its provider cannot know fails with path, value, what is allowed and the remedy', () => {
  const backend = vertex();
  expect(() => fixture.route().addRule({ models: [ModelMatch.exact('smart')], targets: [{ backend, model: 'claude-opus-4-6' }] })).toThrow(
    'chart/Chat: rule 1: targets[0] sends "claude-opus-4-6" to chart/Vertex, which speaks GCPVertexAI: that is a name of Anthropic\'s; use a backend that speaks Anthropic or GCPAnthropic; '
    + 'if the catalog is wrong, describe "claude-opus-4-6" in `models` of the backend',
  );
});

test('without a name of the target\'s own the names that the rule takes go upstream, and their beginnings', () => {
  const backend = vertex();
  const route = fixture.route();
  expect(() => route.addRule({ models: [ModelMatch.exact('gemini-2.5-pro'), ModelMatch.exact('gpt-4o')], targets: [{ backend }] })).toThrow(/sends "gpt-4o" to chart\/Vertex/);
  expect(() => route.addRule({ models: [ModelMatch.prefix('claude-')], targets: [{ backend }] })).toThrow(/sends "claude-\*" to chart\/Vertex/);
  route.addRule({ models: [ModelMatch.exact('gemini-2.5-pro'), ModelMatch.prefix('gemini-3'), ModelMatch.regularExpression('claude-.*')], targets: [{ backend }] });
});

test('an embeddings model is a target of OpenAI clients and not of Anthropic\'s', () => {
  const backend = fixture.backend('Bedrock', LlmProvider.awsBedrock({ region: 'us-east-1' }));
  const rule = { targets: [{ backend, model: 'amazon.titan-embed-text-v2:0' }] };
  expect(() => fixture.route(InputSchema.ANTHROPIC).addRule(rule)).toThrow(/this model is for embeddings, and Anthropic clients use backends that speak AWSBedrock for chat/);
  new LlmRoute(fixture.chart, 'OpenAI', { gateway: fixture.chart.node.findChild('Gateway') as LlmGateway, name: 'openai', rules: [rule] });
});

test('models of the backend go before the catalog, also of one that is not part of the app', () => {
  const models = [{ name: 'text-embedding-3-small', kinds: [ModelKind.CHAT] }];
  const ours = fixture.backend('OpenAI', LlmProvider.openAi({ apiKey: fixture.apiKey }), models);
  const attributes = { schema: OutputSchema.OPENAI, host: 'api.openai.com' };
  const theirs = LlmBackend.fromLlmBackendName(fixture.chart, 'Theirs', 'theirs', { ...attributes, models });
  const unknown = LlmBackend.fromLlmBackendName(fixture.chart, 'Unknown', 'unknown', attributes);
  const route = fixture.route(InputSchema.ANTHROPIC);
  route.addRule({ models: [ModelMatch.exact('text-embedding-3-small')], targets: [{ backend: ours }, { backend: theirs }] });
  expect(() => route.addRule({ models: [ModelMatch.exact('other')], targets: [{ backend: unknown, model: 'text-embedding-3-small' }] })).toThrow(/this model is for embeddings/);
  expect(Testing.synth(fixture.chart).find(({ kind }) => kind === 'LLMRoute')?.spec.rules).toHaveLength(1);
});
