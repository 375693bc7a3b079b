import { configurationOf, backendManifest, routeManifest, secretManifest } from './configuration-of';
import { OUTPUT_SCHEMAS } from '../../src/resources/schema-name';
import { LlmEngine } from '../../src/runtime/llm-engine';
import { upstreamHeaders } from '../../src/runtime/message-headers';

const BODY = Buffer.from('{"model": "m", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 5}');
/** Headers in which clients of one provider or another bring credentials. */
const BROUGHT = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie', 'proxy-authorization', 'x-amz-security-token', 'x-own-key', 'x-aws-access-key-id', 'x-aws-secret-access-key', 'x-aws-session-token'];
const OTHERS = backendManifest('other', 'OpenAI', 'credential: {fromRequestHeader: {name: X-Own-Key}}') + backendManifest('signed', 'AWSBedrock', 'credential: {fromRequestHeader: {prefix: X-Aws-}}');

/** The headers that the provider of this backend would get. */
async function sent(schema: string, spec: string, more = ''): Promise<Record<string, string>> {
  const configuration = configurationOf(backendManifest('b', schema, spec) + more + OTHERS + routeManifest('[{backendRefs: [{name: b}]}]'));
  expect(configuration.problems).toEqual([]);
  const client = new Map([...BROUGHT.map((name) => [name, `planted-${name}`] as const), ['content-type', 'application/json'], ['x-trace', 'kept']]);
  const exchange = new LlmEngine({ configuration: () => configuration }).exchange();
  const head = { method: 'POST', path: '/v1/chat/completions', authority: 'llm', endOfStream: false, header: (name: string) => client.get(name) };
  expect((await exchange.requestHead(head)).kind).toBe('needBody');
  const forward = await exchange.requestBody(BODY);
  if (forward.kind !== 'forward') throw new Error(Buffer.from(forward.body).toString('utf8'));
  return upstreamHeaders([...client.keys()], (name) => client.get(name), forward);
}

const CHAT = OUTPUT_SCHEMAS.filter((schema) => !schema.startsWith('GCP'));

test.each(CHAT)('%s: no credential of the client goes on, with and without one of the gateway\'s', async (schema) => {
  for (const [spec, more] of [['', ''], ['credential: {apiKey: {secretRef: {name: s, key: k}}}', secretManifest('s', 'k', 'own')]]) {
    const headers = await sent(schema, spec, more);
    expect(JSON.stringify(headers)).not.toContain('planted');
    expect(headers['x-trace']).toBe('kept');
    expect(JSON.stringify(headers).includes('own')).toBe(spec !== '');
  }
});

test.each(['GCPVertexAI', 'GCPAnthropic'])('%s: no credential of the client goes on', async (schema) => {
  const headers = await sent(schema, 'credential: {gcp: {project: p, region: r, secretRef: {name: s, key: access_token}}}', secretManifest('s', 'access_token', 'own'));
  expect(headers.authorization).toBe('Bearer own');
  expect(JSON.stringify(headers)).not.toContain('planted');
});

test.each([
  ['OpenAI', '', 'authorization', 'Bearer planted-x-own-key'], ['AzureOpenAI', '', 'api-key', 'planted-x-own-key'], ['Anthropic', '', 'x-api-key', 'planted-x-own-key'],
  ['Cohere', '', 'authorization', 'Bearer planted-x-own-key'], ['AWSBedrock', '', 'authorization', 'Bearer planted-x-own-key'],
  ['GCPVertexAI', 'gcp: {project: p, region: r}, ', 'authorization', 'Bearer planted-x-own-key'], ['AzureOpenAI', 'azure: {}, ', 'authorization', 'Bearer planted-x-own-key'],
])('%s with {%s}: the one header that is configured goes on, as %s', async (schema, own, name, value) => {
  const headers = await sent(schema, `credential: {${own}fromRequestHeader: {name: X-Own-Key, required: true}}`);
  expect(headers[name]).toBe(value);
  expect(JSON.stringify({ ...headers, [name]: '' })).not.toContain('planted');
});

test.each(['AWSBedrock', 'AWSAnthropic'] as const)('%s: signed with what the client brought, which does not go on', async (schema) => {
  const headers = await sent(schema, 'credential: {fromRequestHeader: {prefix: X-Aws-, required: true}}');
  expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=planted-x-aws-access-key-id\//);
  expect(headers['x-amz-security-token']).toBe('planted-x-aws-session-token');
  expect(JSON.stringify(headers)).not.toContain('planted-x-aws-secret-access-key');
  expect(headers['x-own-key']).toBeUndefined();
});
