import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainCommand } from '../../src/cli/explain-command';
import { Explanation } from '../../src/cli/explanation';

const FIXTURE = join(__dirname, '..', 'fixtures', 'gateway', 'chat.yaml');
const OPENAI_KEY = 'sk-planted-openai-key';
const AWS_SECRET = 'plantedAwsSecretAccessKey';
const CALLER_KEY = 'sk-planted-caller-key';

let folder: string;
let manifests: string;
let exitCode: typeof process.exitCode;

beforeEach(() => {
  exitCode = process.exitCode;
  folder = mkdtempSync(join(tmpdir(), 'llmgw-explain-'));
  manifests = join(folder, 'chat.yaml');
  copyFileSync(FIXTURE, manifests);
  writeFileSync(join(folder, 'aws.txt'), `[default]\naws_access_key_id = AKIAPLANTED\naws_secret_access_key = ${AWS_SECRET}\n`);
  process.env.EXPLAIN_TEST_KEY = OPENAI_KEY;
});

afterEach(() => {
  jest.restoreAllMocks();
  // What the command says of its own process is not what jest's process ends with.
  process.exitCode = exitCode;
  delete process.env.EXPLAIN_TEST_KEY;
  rmSync(folder, { recursive: true });
});

/** Runs the command in this process; throws what `llmgw` would print on one line and exit 2 with. */
async function explain(...args: readonly string[]): Promise<{ status: typeof process.exitCode; text: string }> {
  const write = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  await explainCommand().exitOverride().configureOutput({ writeErr: () => undefined }).parseAsync([...args], { from: 'user' });
  const text = write.mock.calls.map(([chunk]) => String(chunk)).join('');
  write.mockRestore();
  return { status: process.exitCode, text };
}

async function explained(...args: readonly string[]): Promise<Explanation & { readonly status: typeof process.exitCode }> {
  const { status, text } = await explain(manifests, ...args, '--json');
  return { ...JSON.parse(text) as Explanation, status };
}

const SECRETS = () => ['--secret', 'demo/kserve/apiKey=env:EXPLAIN_TEST_KEY', '--secret', `demo/aws/credentials=file:${join(folder, 'aws.txt')}`];

/** The manifest with this text in place of that. */
function edit(from: string, to: string): void {
  const text = readFileSync(manifests, 'utf8');
  expect(text).toContain(from);
  writeFileSync(manifests, text.replace(from, to));
}

test('route, rule, shares, and what each backend gets', async () => {
  const explanation = await explained('--model', 'llama3-70b', ...SECRETS());
  expect(explanation).toMatchObject({
    status: 0,
    method: 'POST',
    path: '/v1/chat/completions',
    endpoint: 'ChatCompletions',
    model: 'llama3-70b',
    httpRoute: 'demo/chat',
    llmRoute: 'demo/chat',
    rule: 'llama',
    unsupportedParameters: 'Safe',
    problems: [],
    instead: [],
  });
  const [kserve, bedrock] = explanation.backends;
  expect(explanation.backends).toHaveLength(2);
  expect(kserve).toMatchObject({
    backend: 'demo/kserve',
    percent: 20,
    schema: 'OpenAI',
    model: 'llama3-70b',
    method: 'POST',
    url: 'http://llama.models.svc.cluster.local:8080/v1/chat/completions',
    body: { model: 'llama3-70b', messages: [{ role: 'user', content: 'Hello' }] },
  });
  expect(bedrock).toMatchObject({
    backend: 'demo/bedrock',
    percent: 80,
    schema: 'AWSBedrock',
    model: 'meta.llama3-70b-instruct-v1:0',
    url: 'https://bedrock-runtime.us-east-1.amazonaws.com:443/model/meta.llama3-70b-instruct-v1%3A0/converse',
    body: { messages: [{ role: 'user', content: [{ text: 'Hello' }] }] },
  });
  expect(kserve.setHeaders).toEqual(expect.arrayContaining([
    { name: 'authorization', value: 'Bearer <from Secret demo/kserve key apiKey>' }, { name: 'x-ai-gateway-llm-backend', value: 'demo/kserve' },
  ]));
  expect(bedrock.setHeaders).toEqual(expect.arrayContaining([
    { name: 'authorization', value: 'AWS4-HMAC-SHA256 <signed with Secret demo/aws key credentials>' }, { name: 'x-amz-date', value: '<time of the request>' },
  ]));
  expect(kserve.removeHeaders).toEqual(expect.arrayContaining(['cookie', 'x-api-key', 'accept-encoding']));
  expect([kserve.credentialFailure, bedrock.credentialFailure]).toEqual([undefined, undefined]);
});

test('the text has what an engineer looks for, and no credential in any form', async () => {
  for (const form of [[], ['--json']]) {
    const { status, text } = await explain(manifests, '--model', 'llama3-70b', '--stream', '--header', `authorization=Bearer ${CALLER_KEY}`, ...SECRETS(), ...form);
    expect(status).toBe(0);
    for (const secret of [OPENAI_KEY, AWS_SECRET, 'AKIAPLANTED', CALLER_KEY]) expect(text).not.toContain(secret);
  }
  const { text } = await explain(manifests, '--model', 'llama3-70b', '--stream', ...SECRETS());
  const lines = text.split('\n');
  expect(lines).toEqual(expect.arrayContaining([
    'request    POST /v1/chat/completions, model llama3-70b', 'HTTPRoute  demo/chat', 'LLMRoute   demo/chat', 'rule       llama (unsupportedParameters: Safe)',
    '20 % to LLMBackend demo/kserve (OpenAI)', '  sent to    POST http://llama.models.svc.cluster.local:8080/v1/chat/completions',
    '             authorization: Bearer <from Secret demo/kserve key apiKey>', '80 % to LLMBackend demo/bedrock (AWSBedrock)',
    '  sent to    POST https://bedrock-runtime.us-east-1.amazonaws.com:443/model/meta.llama3-70b-instruct-v1%3A0/converse-stream',
  ]));
  expect(text).toContain('"include_usage": true');
  expect(text).not.toContain('problems');
});

test('a missing Secret: what would be sent, why it fails now, and where that is written', async () => {
  const { status, text } = await explain(manifests, '--model', 'only-kserve');
  expect(status).toBe(0);
  expect(text).toContain('authorization: Bearer <from Secret demo/kserve key apiKey>');
  expect(text).toMatch(/^ {2}fails {6}502 as the Secrets are now: LLMBackend demo\/kserve: Secret kserve has no key apiKey, or there is no such Secret$/m);
  expect(text).toMatch(/^ {2}\S+chat\.yaml:\d+: LLMBackend demo\/kserve: spec\.credential\.apiKey\.secretRef: there is no Secret demo\/kserve with key apiKey; create it/m);
  // The problems of backends that this request does not come across are not listed.
  expect(text).not.toContain('demo/aws');
});

test('dropped and refused parameters, with the reasons', async () => {
  const body = join(folder, 'body.json');
  writeFileSync(body, JSON.stringify({ model: 'only-bedrock', messages: [{ role: 'user', content: 'hi' }], seed: 7 }));
  const dropped = await explained('--body', body, ...SECRETS());
  expect(dropped).toMatchObject({ status: 0, model: 'only-bedrock' });
  expect(dropped.backends[0].dropped).toEqual([{ parameter: 'seed', reason: expect.stringMatching(/\S/) }]);
  expect(dropped.backends[0].possibleLosses).toContainEqual({ parameter: 'messages', reason: expect.stringContaining('sent as messages, system; ') });
  expect(JSON.stringify(dropped.backends[0].body)).not.toContain('seed');
  writeFileSync(body, JSON.stringify({ model: 'only-bedrock', messages: [{ role: 'user', content: 'hi' }], n: 2 }));
  const refused = await explained('--body', body, ...SECRETS());
  expect(refused.backends[0].answer).toEqual({ status: 400, message: expect.stringContaining('unsupported parameter \'n\'') });
  expect([refused.status, refused.backends[0].url]).toEqual([0, undefined]);
});

test('what a request would cost, where the provider\'s list has the model', async () => {
  const body = join(folder, 'body.json');
  const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(4_000)}` } };
  const content = [{ type: 'text', text: 'word'.repeat(1_000) }, image];
  writeFileSync(body, JSON.stringify({ model: 'only-bedrock', max_tokens: 1_000_000, messages: [{ role: 'user', content }] }));
  const { backends: [{ price }] } = await explained('--body', body, ...SECRETS());
  expect([price?.mostOutputTokens, price?.mostOutputCost, price?.inputCost]).toEqual([1_000_000, price?.output, price!.inputTokens * price!.input / 1e6]);
  // Four characters each, and nothing for the picture.
  expect(price?.inputTokens).toBeGreaterThanOrEqual(1_000);
  expect(price?.inputTokens).toBeLessThan(1_020);
  const { text } = await explain(manifests, '--body', body, ...SECRETS());
  expect(text).toMatch(/^ {2}cost {7}\$[\d.]+ a million tokens of input, \$[\d.]+ of cached input, \$[\d.]+ of output, by the public list\n {13}about \$0\.00\d+ for some 10\d\d tokens of input, at most \$[\d.]+ for 1000000 of output$/m);
  // A server of one's own.
  expect((await explained('--model', 'only-kserve', ...SECRETS())).backends[0].price).toBeUndefined();
});

test('prices of spec.models go before the provider\'s list', async () => {
  edit('outputSchema: {schema: AWSBedrock}', 'outputSchema: {schema: AWSBedrock}\n  models: [{name: "meta.llama3-70b-instruct-v1:0", prices: {input: "1.5", output: "20"}}]');
  const body = join(folder, 'body.json');
  writeFileSync(body, JSON.stringify({ model: 'only-bedrock', messages: [{ role: 'user', content: 'hi' }] }));
  expect((await explained('--body', body, ...SECRETS())).backends[0].price).toMatchObject({ by: 'spec.models', input: 1.5, cachedInput: 1.5, output: 20 });
  expect((await explain(manifests, '--body', body, ...SECRETS())).text).toContain('$1.5 a million tokens of input, $1.5 of cached input, $20 of output, by spec.models of the LLMBackend\n');
});

test('doubts: what the model is not known to take, by the catalog or by spec.models', async () => {
  const body = join(folder, 'body.json');
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: { reasoning: { type: 'string' } } } } }];
  writeFileSync(body, JSON.stringify({ model: 'only-bedrock', max_tokens: 9_000, tools, messages: [{ role: 'user', content: [{ type: 'text', text: 'word'.repeat(10_000) }, image] }] }));
  expect((await explained('--body', body, ...SECRETS())).backends[0].doubts).toEqual([
    'this model is not known to take what the request asks for: tools', 'this model is not known to take what the request asks for: pictures', expect.stringMatching(/tokens of input are more than its context window, 8/),
  ]);
  // What is translated is refused by what the owner says; what passes as it is goes on.
  edit('outputSchema: {schema: AWSBedrock}', 'outputSchema: {schema: AWSBedrock}\n  models: [{name: "meta.llama3-70b-instruct-v1:0", capabilities: [Tools]}]');
  expect((await explained('--body', body, ...SECRETS())).backends[0].answer).toEqual({ status: 400, message: expect.stringMatching(/'messages\[0\]\.content\[1\]'.* this model takes no pictures/) });
  edit('outputSchema: {schema: OpenAI}', 'outputSchema: {schema: OpenAI}\n  models: [{name: only-kserve, capabilities: [Tools], contextWindow: 100000, maxOutputTokens: 8192}]');
  const { text } = await explain(manifests, '--body', body, '--model', 'only-kserve', ...SECRETS());
  expect(text).toMatch(/^ {2}doubts {5}this model is not known to take what the request asks for: pictures\n {13}9000 tokens of output are more than the 8192 that it can give$/m);
});

test('doubts: fields that the host is known to refuse, ignore or change, as far as they go upstream', async () => {
  edit('hostname: llama.models.svc.cluster.local', 'hostname: api.groq.com');
  const body = join(folder, 'body.json');
  const messages = [{ role: 'user', name: 'ada', content: 'hi' }];
  writeFileSync(body, JSON.stringify({ model: 'only-kserve', messages, logit_bias: { 1: -100 }, n: 3, temperature: 0, store: true }));
  const remedy = 'requestBody.remove of the rule or body.remove of the LLMBackend takes it out';
  expect((await explained('--body', body, ...SECRETS())).backends[0].doubts).toEqual([
    `api.groq.com: logit_bias is refused (console.groq.com/docs/openai, 2026-11); ${remedy}`,
    'api.groq.com: messages[].name is refused (console.groq.com/docs/openai, 2026-11); clients have to leave it out',
    `api.groq.com: n above 1 is refused (console.groq.com/docs/openai, 2026-11); ${remedy}`,
    'api.groq.com: temperature 0 is changed: 1e-8 counts (console.groq.com/docs/openai, 2026-11)',
    'api.groq.com: store is not supported (npm groq-sdk 1.6, resources/chat/completions.d.ts, 2026-11)',
  ]);
  // What an edit takes out does not get there, and other endpoints have other fields.
  edit('outputSchema: {schema: OpenAI}', 'outputSchema: {schema: OpenAI}\n  body: {remove: [logit_bias, n, store]}');
  expect((await explained('--body', body, ...SECRETS())).backends[0].doubts).toHaveLength(2);
  writeFileSync(body, JSON.stringify({ model: 'only-kserve', input: 'hi', temperature: 0 }));
  expect((await explained('--body', body, '--path', '/v1/responses', ...SECRETS())).backends[0].doubts).toEqual([]);
});

test('--model goes before the model of --body', async () => {
  const body = join(folder, 'body.json');
  writeFileSync(body, JSON.stringify({ model: 'only-bedrock', messages: [], temperature: 1 }));
  const { model, backends } = await explained('--body', body, '--model', 'only-kserve');
  expect([model, backends[0].body]).toEqual(['only-kserve', { model: 'only-kserve', messages: [], temperature: 1 }]);
});

test('a provider without a translation of the endpoint', async () => {
  const { status, backends } = await explained('--model', 'llama3-70b', '--path', '/v1/embeddings', ...SECRETS());
  expect(status).toBe(0);
  expect(backends[0]).toMatchObject({ url: expect.stringMatching(/\/v1\/embeddings$/), body: { model: 'llama3-70b', input: 'Hello' } });
  expect(backends.map(({ answer }) => answer?.status)).toEqual([undefined, 400]);
});

test('a reference that leads nowhere keeps its share', async () => {
  edit('- {name: kserve, weight: 20}', '- {name: gone, weight: 20}');
  const { backends, problems } = await explained('--model', 'llama3-70b', ...SECRETS());
  expect(backends.map(({ backend, percent, answer }) => [backend, percent, answer?.status])).toEqual([['demo/gone', 20, 503], ['demo/bedrock', 80, undefined]]);
  expect(problems).toEqual([expect.objectContaining({ object: 'LLMRoute demo/chat', path: 'spec.rules[0].backendRefs[0]' })]);
});

test('the caller\'s own credential is named by its header', async () => {
  edit('credential: {apiKey: {secretRef: {name: kserve, key: apiKey}}}', 'credential: {fromRequestHeader: {name: x-own-key, required: true}}');
  const without = await explained('--model', 'only-kserve');
  expect(without.backends[0].answer).toEqual({ status: 401, message: expect.stringContaining('x-own-key') });
  const { text } = await explain(manifests, '--model', 'only-kserve', '--header', `x-own-key=${CALLER_KEY}`);
  expect(text).toContain('authorization: Bearer <from request header x-own-key>');
  expect(text).not.toContain(CALLER_KEY);
});

test('AWS: the default chain is named, and not asked', async () => {
  edit('aws: {region: us-east-1, secretRef: {name: aws, key: credentials}}', 'aws: {region: us-east-1}');
  const { backends } = await explained('--model', 'only-bedrock');
  expect(backends[0].setHeaders).toContainEqual({ name: 'authorization', value: 'AWS4-HMAC-SHA256 <signed with the default chain of the AWS SDK>' });
  expect(backends[0].credentialFailure).toBeUndefined();
});

test('headers and hostname choose the rule and the route', async () => {
  edit('- name: only-kserve\n', '- name: tenant-a\n    models: [{value: only-kserve}]\n    headers: [{name: x-tenant, value: a}]\n    backendRefs: [{name: bedrock}]\n  - name: only-kserve\n');
  edit('parentRefs: [{name: gateway}]', 'parentRefs: [{name: gateway}]\n  hostnames: [gateway.example]');
  expect((await explained('--model', 'only-kserve', '--hostname', 'gateway.example')).rule).toBe('only-kserve');
  expect((await explained('--model', 'only-kserve', '--hostname', 'gateway.example', '--header', 'X-Tenant=a')).rule).toBe('tenant-a');
  const other = await explained('--model', 'only-kserve', '--hostname', 'other.example');
  expect([other.status, other.httpRoute, other.answer?.status]).toEqual([1, undefined, 404]);
});

test('no route: 1, and the routes that there are', async () => {
  const { status, text } = await explain(manifests, '--model', 'm', '--path', '/elsewhere');
  expect(status).toBe(1);
  expect(text).toContain('HTTPRoute  none takes it\n');
  expect(text).toContain('answered   404 no route of this gateway takes this request\n');
  expect(text).toContain('there is\n  LLMRoute demo/chat on HTTPRoute chat: llama3-70b, only-kserve, only-bedrock, nowhere\n');
});

test('no rule: 1, and the rules that there are', async () => {
  edit('models: [{type: Exact, value: nowhere}]', 'models: [{type: Prefix, value: no-}]\n    headers: [{name: x-tenant, value: a}]');
  const { status, text } = await explain(manifests, '--model', 'no-where');
  expect(status).toBe(1);
  expect(text).toContain('answered   404 the model `no-where` does not exist, or this caller has no route to it\n');
  expect(text).toContain('  rule only-kserve: only-kserve\n');
  expect(text).toContain('  rule nowhere: Prefix no-; header x-tenant: a\n');
});

test('GET /v1/models is answered by the gateway', async () => {
  const { status, answer, backends } = await explained('--method', 'get', '--path', '/v1/models');
  expect([status, backends, answer?.status, answer?.message]).toEqual([0, [], 200, expect.stringContaining('"only-bedrock"')]);
});

test.each<[string, (folder: string) => string[], RegExp]>([
  ['no model', () => [], /^option --model is missing; /],
  ['a path that is none', () => ['--model', 'm', '--path', 'v1'], /^option --path: "v1" must begin with \//],
  ['a body that is not there', () => ['--body', '/nonexistent.json'], /^option --body: cannot read \/nonexistent\.json \(ENOENT\)$/],
  ['a body that is no JSON', (where) => ['--body', join(where, 'chat.yaml')], /^option --body: \S+chat\.yaml is no JSON; /],
  ['a header that is none', () => ['--model', 'm', '--header', 'x'], /--header.*write name=value/],
  ['a secret on the command line', () => ['--model', 'm', '--secret', `demo/kserve/apiKey=${OPENAI_KEY}`], /^option --secret: write NAMESPACE\/NAME\/KEY=env:VARIABLE/],
  ['an option that is none', () => ['--modle', 'm'], /unknown option '--modle'/],
])('%s: one line that says what is right', async (_, args, expected) => {
  const failure = await explain(manifests, ...args(folder)).catch((error: unknown) => error as Error);
  expect((failure as Error).message).toMatch(expected);
  expect((failure as Error).message).not.toContain(OPENAI_KEY);
});

test('manifests that cannot be read, and a file that is no YAML', async () => {
  await expect(explain(join(folder, 'none.yaml'), '--model', 'm')).rejects.toThrow(/^cannot read manifests: \S+none\.yaml: cannot be read: ENOENT/);
  writeFileSync(manifests, 'a: [');
  await expect(explain(manifests, '--model', 'm')).rejects.toThrow(/^cannot read manifests: \S+chat\.yaml:\d+: is no YAML: [^\n]*$/);
});

test('the plan of a rule that fails over', async () => {
  edit('- {name: bedrock, weight: 80, model: "meta.llama3-70b-instruct-v1:0"}',
    '- {name: bedrock, weight: 60, model: "meta.llama3-70b-instruct-v1:0"}\n    - {name: nowhere, priority: 2}\n    failover: {attempts: 4, perAttemptTimeout: 1m}');
  const { failover } = await explained('--model', 'llama3-70b', ...SECRETS());
  expect(failover).toEqual({
    attempts: 4,
    perAttemptMilliseconds: 60_000,
    retryOn: { triggers: ['5xx', 'reset', 'connect-failure', 'timeout'], httpStatusCodes: [429] },
    order: [
      { priority: 0, backends: [{ backend: 'demo/kserve', percent: 25 }, { backend: 'demo/bedrock', model: 'meta.llama3-70b-instruct-v1:0', percent: 75 }] },
      { priority: 2, backends: [{ backend: 'demo/nowhere', percent: 100 }] },
    ],
  });
  const { text } = await explain(manifests, '--model', 'llama3-70b', ...SECRETS());
  expect(text).toContain(`
failover   at most 4 attempts, 60000 ms to the head of each; the next one after 5xx, reset, connect-failure, timeout, 429
           first priority 0: 25 % demo/kserve, 75 % demo/bedrock as meta.llama3-70b-instruct-v1:0; then the others of it
           then priority 2: 100 % demo/nowhere
`);
});
