import { App, Chart, Testing } from 'cdk8s';
import { Secret, SecretValue } from 'cdk8s-plus-28';
import { LlmBackend, LlmProvider } from '../src';
import { parseObjects } from '../src/resources/parse';

interface Rendered {
  readonly schema: string;
  readonly version?: string;
  readonly credential?: unknown;
  readonly body?: unknown;
  readonly endpoint: { readonly hostname: string; readonly port: number };
  readonly tls: boolean;
}

/** The two objects of a backend with this provider, in short; the LLMBackend is what ExtProc takes. */
function rendered(provider: (key: SecretValue, token: SecretValue) => LlmProvider): Rendered {
  const chart = new Chart(new App(), 'chart', { namespace: 'llm' });
  const secret = Secret.fromSecretName(chart, 'Secret', 'keys');
  new LlmBackend(chart, 'Backend', { provider: provider({ secret, key: 'apiKey' }, { secret, key: 'access_token' }) });
  const [resource, backend] = Testing.synth(chart) as Array<{ spec: Record<string, never> }>;
  expect(parseObjects([{ source: 'test', value: resource }]).problems).toEqual([]);
  const { outputSchema, credential, body } = resource.spec as Record<string, { schema: string; version?: string }>;
  const { endpoints, tls } = backend.spec as unknown as { endpoints: Array<{ fqdn: Rendered['endpoint'] }>; tls?: unknown };
  return {
    ...outputSchema, ...credential === undefined ? {} : { credential }, ...body === undefined ? {} : { body }, endpoint: endpoints[0].fqdn, tls: tls !== undefined,
  };
}

const API_KEY = { apiKey: { secretRef: { name: 'keys', key: 'apiKey' } } };
const at = (hostname: string, port = 443) => ({ endpoint: { hostname, port }, tls: port === 443 });

test.each<[string, (key: SecretValue, token: SecretValue) => LlmProvider, Partial<Rendered>]>([
  ['openAi', (apiKey) => LlmProvider.openAi({ apiKey }), { schema: 'OpenAI', credential: API_KEY, ...at('api.openai.com') }],
  ['azureOpenAi', (apiKey) => LlmProvider.azureOpenAi({ resource: 'team', apiVersion: '2024-10-21', apiKey }), {
    schema: 'AzureOpenAI', version: '2024-10-21', credential: API_KEY, ...at('team.openai.azure.com'),
  }],
  ['azureOpenAi by token', (_key, accessToken) => LlmProvider.azureOpenAi({ resource: 'ai.example.com', accessToken }), {
    schema: 'AzureOpenAI', credential: { azure: { secretRef: { name: 'keys', key: 'access_token' } } }, ...at('ai.example.com'),
  }],
  ['anthropic', (apiKey) => LlmProvider.anthropic({ apiKey }), { schema: 'Anthropic', credential: API_KEY, ...at('api.anthropic.com') }],
  ['awsBedrock', () => LlmProvider.awsBedrock({ region: 'eu-west-1' }), {
    schema: 'AWSBedrock', credential: { aws: { region: 'eu-west-1' } }, ...at('bedrock-runtime.eu-west-1.amazonaws.com'),
  }],
  ['awsAnthropic', () => LlmProvider.awsAnthropic({ region: 'eu-west-1', anthropicVersion: 'bedrock-2023-05-31' }), {
    schema: 'AWSAnthropic', version: 'bedrock-2023-05-31', credential: { aws: { region: 'eu-west-1' } }, ...at('bedrock-runtime.eu-west-1.amazonaws.com'),
  }],
  ['gcpVertexAi', (_key, accessToken) => LlmProvider.gcpVertexAi({ project: 'p', region: 'us-central1', accessToken }), {
    schema: 'GCPVertexAI', credential: { gcp: { project: 'p', region: 'us-central1', secretRef: { name: 'keys', key: 'access_token' } } }, ...at('us-central1-aiplatform.googleapis.com'),
  }],
  ['gcpAnthropic', (_key, accessToken) => LlmProvider.gcpAnthropic({ project: 'p', region: 'global', accessToken }), {
    schema: 'GCPAnthropic', credential: { gcp: { project: 'p', region: 'global', secretRef: { name: 'keys', key: 'access_token' } } }, ...at('aiplatform.googleapis.com'),
  }],
  ['gemini', (apiKey) => LlmProvider.gemini({ apiKey }), { schema: 'GCPVertexAI', credential: API_KEY, ...at('generativelanguage.googleapis.com') }],
  ['cohere', (apiKey) => LlmProvider.cohere({ apiKey }), { schema: 'Cohere', credential: API_KEY, ...at('api.cohere.com') }],
  ['groq', (apiKey) => LlmProvider.groq({ apiKey }), { schema: 'OpenAI', version: 'openai/v1', ...at('api.groq.com') }],
  ['mistral', (apiKey) => LlmProvider.mistral({ apiKey }), { schema: 'OpenAI', version: 'v1', body: { remove: ['stream_options', 'user'] }, ...at('api.mistral.ai') }],
  ['deepSeek', (apiKey) => LlmProvider.deepSeek({ apiKey }), { version: 'v1', ...at('api.deepseek.com') }],
  ['xAi', (apiKey) => LlmProvider.xAi({ apiKey }), { version: 'v1', ...at('api.x.ai') }],
  ['together', (apiKey) => LlmProvider.together({ apiKey }), { version: 'v1', ...at('api.together.ai') }],
  ['fireworks', (apiKey) => LlmProvider.fireworks({ apiKey }), { version: 'inference/v1', ...at('api.fireworks.ai') }],
  ['openRouter', (apiKey) => LlmProvider.openRouter({ apiKey }), { version: 'api/v1', ...at('openrouter.ai') }],
  ['geminiOpenAi', (apiKey) => LlmProvider.geminiOpenAi({ apiKey }), { schema: 'OpenAI', version: 'v1beta/openai', ...at('generativelanguage.googleapis.com') }],
  ['cerebras', (apiKey) => LlmProvider.cerebras({ apiKey }), { version: 'v1', ...at('api.cerebras.ai') }],
  ['vllm', () => LlmProvider.vllm({ host: 'vllm.models.svc.cluster.local' }), { schema: 'OpenAI', ...at('vllm.models.svc.cluster.local', 8000) }],
  ['ollama', (apiKey) => LlmProvider.ollama({ host: 'ollama.models.svc.cluster.local', apiKey }), { credential: API_KEY, ...at('ollama.models.svc.cluster.local', 11434) }],
])('%s', (_name, provider, expected) => {
  expect(rendered(provider)).toMatchObject(expected);
});

test('an access token has to stand under the key by which ExtProc knows it for one', () => {
  expect(() => rendered((key) => LlmProvider.gcpVertexAi({ project: 'p', region: 'global', accessToken: key }))).toThrow('the key of accessToken\'s Secret is "apiKey"; it has to be access_token');
  expect(() => rendered(() => LlmProvider.azureOpenAi({ resource: 'team' }))).toThrow('exactly one of apiKey, accessToken and entraId is needed');
});
