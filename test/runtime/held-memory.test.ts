import { backendManifest, configurationOf, routeManifest, secretManifest } from './configuration-of';
import { DrivenExchange, headOf } from './driven-exchange';
import { memoryUsed } from '../memory-used';

jest.setTimeout(60_000);

const AWS = ', credential: {aws: {region: us-east-1, secretRef: {name: aws, key: k}}}';
const GCP = ', credential: {gcp: {project: p, region: us-central1, secretRef: {name: token, key: access_token}}}';
const BACKENDS: Readonly<Record<string, readonly [schema: string, model: string, more?: string]>> = {
  openai: ['OpenAI', 'gpt-5.2'],
  azure: ['AzureOpenAI', 'my-deployment'],
  anthropic: ['Anthropic', 'claude-sonnet-4-5'],
  bedrock: ['AWSBedrock', 'anthropic.claude-sonnet-4-5-20250929-v1:0', AWS],
  awsclaude: ['AWSAnthropic', 'anthropic.claude-sonnet-4-5-20250929-v1:0', AWS],
  gemini: ['GCPVertexAI', 'gemini-2.5-flash', GCP],
  gcpclaude: ['GCPAnthropic', 'claude-sonnet-4-5@20250929', GCP],
  cohere: ['Cohere', 'command-a'],
};
const rules = Object.entries(BACKENDS).map(([name, [, model]]) => `{name: ${name}, models: [{value: ${name}}], backendRefs: [{name: ${name}, model: "${model}"}]}`).join(', ');
const backends = Object.entries(BACKENDS).map(([name, [schema, , more = '']]) => backendManifest(name, schema, more.replace(/^, /, ''))).join('');
const secrets = secretManifest('aws', 'k', '[default]\naws_access_key_id = AKIA\naws_secret_access_key = s\n') + secretManifest('token', 'access_token', 't');
const configurations = {
  OpenAI: configurationOf(backends + secrets + routeManifest(`[${rules}]`)),
  Anthropic: configurationOf(backends + secrets + routeManifest(`[${rules.replace(/, \{name: cohere.*/, '')}]`).replace('inputSchema: {schema: OpenAI}', 'inputSchema: {schema: Anthropic}')),
};

const SIZE = 200_000;
const words = (length: number) => 'the quick brown fox jumps over the lazy dog '.repeat(Math.ceil(length / 44)).slice(0, length);
const CONVERSATIONS = {
  'one long text': [{ role: 'user', content: words(SIZE) }],
  'many messages': Array.from({ length: SIZE / 100 + 1 }, (_, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content: words(100) })),
};
const EXCHANGES = 20;

/** While a model thinks and speaks, thousands of exchanges wait: they must not hold what was asked. */
describe.each(Object.keys(CONVERSATIONS) as Array<keyof typeof CONVERSATIONS>)('%s', (conversation) => {
  const messages = CONVERSATIONS[conversation];
  const cases = [
    ...Object.keys(BACKENDS).flatMap((model) => [['OpenAI', '/v1/chat/completions', model, { messages }] as const, ['OpenAI', '/v1/responses', model, { input: messages }] as const]),
    ...Object.keys(BACKENDS).map((model) => ['Anthropic', '/v1/messages', model, { messages, max_tokens: 1_000 }] as const),
  ].filter(([, path, model]) => model !== 'cohere' || path === '/v1/chat/completions');

  test.each(cases)('of a client of %s on %s to %s', async (input, path, model, request) => {
    const send = async (stream: boolean) => {
      const driven = new DrivenExchange(configurations[input]);
      const { body } = await driven.forward({ model, ...request, stream }, headOf({ path }));
      expect(body?.length ?? SIZE).toBeGreaterThanOrEqual(SIZE);
      return driven;
    };
    const waiting = [await send(false), await send(true)];
    const before = memoryUsed();
    for (let index = 0; index < EXCHANGES; index++) waiting.push(await send(index % 2 === 0));
    expect((memoryUsed() - before) / EXCHANGES).toBeLessThan(SIZE / 5);
    expect(waiting).toHaveLength(EXCHANGES + 2);
  });
});
