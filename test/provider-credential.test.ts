import { App, Chart, Testing } from 'cdk8s';
import { Secret, SecretValue } from 'cdk8s-plus-28';
import { LlmBackend, LlmProvider } from '../src';
import { parseObjects } from '../src/resources/parse';

/** The LLMBackend's credential; ExtProc takes the object as it is. */
function credentialOf(provider: (secret: (key: string) => SecretValue) => LlmProvider): unknown {
  const chart = new Chart(new App(), 'chart', { namespace: 'llm' });
  const secret = Secret.fromSecretName(chart, 'Secret', 'keys');
  new LlmBackend(chart, 'Backend', { provider: provider((key) => ({ secret, key })) });
  const [resource] = Testing.synth(chart) as Array<{ spec: { credential?: unknown } }>;
  expect(parseObjects([{ source: 'test', value: resource }]).problems).toEqual([]);
  return resource.spec.credential;
}

const ref = (key: string) => ({ secretRef: { name: 'keys', key } });
const ROLE = { roleArn: 'arn:aws:iam::123456789012:role/bedrock' };
const VERTEX = { project: 'p', region: 'us-central1' };

test.each<[string, (secret: (key: string) => SecretValue) => LlmProvider, unknown]>([
  ['AWS by the pod', () => LlmProvider.awsBedrock({ region: 'us-east-1' }), { aws: { region: 'us-east-1' } }],
  ['AWS by a profile', (secret) => LlmProvider.awsBedrock({ region: 'us-east-1', credentials: secret('credentials'), profile: 'prod' }), { aws: { region: 'us-east-1', ...ref('credentials'), profile: 'prod' } }],
  ['AWS in a role', () => LlmProvider.awsAnthropic({ region: 'us-east-1', assumeRole: { ...ROLE, externalId: 'tenant-7', sessionName: 'gw' } }),
    { aws: { region: 'us-east-1', assumeRole: { ...ROLE, externalId: 'tenant-7', sessionName: 'gw' } } }],
  ['a Bedrock API key', (secret) => LlmProvider.awsBedrock({ region: 'us-east-1', apiKey: secret('key') }), { apiKey: ref('key') }],
  ['AWS of the caller', () => LlmProvider.awsBedrock({ region: 'us-east-1', credentialFromRequest: { headerPrefix: 'x-aws-' } }), { aws: { region: 'us-east-1' }, fromRequestHeader: { prefix: 'x-aws-', required: false } }],
  ['Azure by client secret', (secret) => LlmProvider.azureOpenAi({ resource: 'team', entraId: { tenantId: 't', clientId: 'c', clientSecret: secret('client-secret') } }),
    { azure: { tenantId: 't', clientId: 'c', ...ref('client-secret') } }],
  ['Azure by workload identity', () => LlmProvider.azureOpenAi({ resource: 'team', entraId: {} }), { azure: {} }],
  ['Azure by the caller alone', () => LlmProvider.azureOpenAi({ resource: 'team', credentialFromRequest: { header: 'x-azure-key' } }), { fromRequestHeader: { name: 'x-azure-key', required: true } }],
  ['Google by a service account', (secret) => LlmProvider.gcpVertexAi({ ...VERTEX, serviceAccount: secret('service_account.json') }), { gcp: { ...VERTEX, ...ref('service_account.json') } }],
  ['Google by the pod', () => LlmProvider.gcpAnthropic(VERTEX), { gcp: VERTEX }],
  ['Google of the caller', () => LlmProvider.gcpVertexAi({ ...VERTEX, credentialFromRequest: { header: 'x-token', required: true } }), { gcp: VERTEX, fromRequestHeader: { name: 'x-token', required: true } }],
  ['a key of the caller with a fallback', (secret) => LlmProvider.openAi({ apiKey: secret('key'), credentialFromRequest: { header: 'x-key' } }), { apiKey: ref('key'), fromRequestHeader: { name: 'x-key', required: false } }],
  ['a key of the caller alone', () => LlmProvider.groq({ credentialFromRequest: { header: 'x-key' } }), { fromRequestHeader: { name: 'x-key', required: true } }],
  ['a key of the caller, wanted by nobody', () => LlmProvider.vllm({ host: 'vllm.models', credentialFromRequest: { header: 'x-key', required: false } }), { fromRequestHeader: { name: 'x-key', required: false } }],
])('%s', (_, provider, expected) => {
  expect(credentialOf(provider)).toEqual(expected);
});

test.each<[string, (secret: (key: string) => SecretValue) => LlmProvider, RegExp]>([
  ['no key', () => LlmProvider.anthropic({}), /LlmProvider\.anthropic: apiKey or credentialFromRequest is needed/],
  ['no key of a preset', () => LlmProvider.mistral({}), /LlmProvider\.mistral: apiKey or credentialFromRequest is needed/],
  ['key and token', (secret) => LlmProvider.azureOpenAi({ resource: 'a', apiKey: secret('k'), accessToken: secret('access_token') }), /azureOpenAi: apiKey and accessToken are both given/],
  ['a client secret of nobody', (secret) => LlmProvider.azureOpenAi({ resource: 'a', entraId: { clientSecret: secret('k') } }), /entraId\.clientSecret needs entraId\.tenantId/],
  ['a client secret under the token\'s key', (secret) => LlmProvider.azureOpenAi({ resource: 'a', entraId: { tenantId: 't', clientId: 'c', clientSecret: secret('access_token') } }), /entraId\.clientSecret's Secret is access_token/],
  ['token and service account', (secret) => LlmProvider.gcpVertexAi({ ...VERTEX, accessToken: secret('access_token'), serviceAccount: secret('k') }), /gcpVertexAi: accessToken and serviceAccount are both given/],
  ['a service account under the token\'s key', (secret) => LlmProvider.gcpAnthropic({ ...VERTEX, serviceAccount: secret('access_token') }), /gcpAnthropic: the key of serviceAccount's Secret is access_token/],
  ['keys of two kinds', (secret) => LlmProvider.awsBedrock({ region: 'us-east-1', apiKey: secret('k'), credentials: secret('c') }), /awsBedrock: credentials and apiKey are both given/],
  ['a role with an API key', (secret) => LlmProvider.awsBedrock({ region: 'us-east-1', apiKey: secret('k'), assumeRole: ROLE }), /assumeRole goes with AWS credentials, not with apiKey/],
  ['a profile of no file', () => LlmProvider.awsAnthropic({ region: 'us-east-1', profile: 'prod' }), /awsAnthropic: profile "prod" needs credentials/],
  ['a role that is none', () => LlmProvider.awsBedrock({ region: 'us-east-1', assumeRole: { roleArn: 'bedrock' } }), /credential\.aws\.assumeRole\.roleArn must match .*, not "bedrock"/],
  ['a header that is none', (secret) => LlmProvider.openAi({ apiKey: secret('k'), credentialFromRequest: { header: 'x key' } }), /credential\.fromRequestHeader\.name must match .*, not "x key"/],
])('%s is refused at synth', (_, provider, message) => {
  expect(() => credentialOf(provider)).toThrow(message);
});
