import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { RunningServe } from './running-serve';
import { FakeAnthropic, startFakeAnthropic } from '../providers/fake-anthropic';

jest.setTimeout(20_000);

const FIXTURE = join(__dirname, '..', 'fixtures', 'gateway', 'claude.yaml');

let folder: string;
let claude: FakeAnthropic;
let serve: RunningServe;
let base: string;
let client: Anthropic;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'llmgw-claude-'));
  copyFileSync(FIXTURE, join(folder, 'claude.yaml'));
  writeFileSync(join(folder, 'aws.txt'), '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = plantedAwsSecretAccessKey000000000000000\n');
  claude = await startFakeAnthropic();
  const upstreams = ['anthropic', 'bedrock', 'vertex'].flatMap((name) => ['--upstream', `demo/${name}=http://127.0.0.1:${claude.port}`]);
  serve = await RunningServe.start([
    folder, '--secret', 'demo/anthropic/apiKey=env:ANTHROPIC_KEY', '--secret', `demo/aws/credentials=file:${join(folder, 'aws.txt')}`,
    '--secret', 'demo/gcp/access_token=env:GCP_TOKEN', ...upstreams,
  ], { ANTHROPIC_KEY: 'planted-anthropic-key', GCP_TOKEN: 'planted-gcp-token' });
  base = await serve.says(/listening on (\S+)/);
  client = new Anthropic({ baseURL: base, apiKey: 'planted-client-key', maxRetries: 0 });
});

afterAll(async () => {
  await serve.stop();
  await claude.close();
  rmSync(folder, { recursive: true });
});

const ask = (model: string, content = 'Hi') => ({ model, max_tokens: 100, messages: [{ role: 'user' as const, content }] });
const TOOL: Anthropic.Tool = { name: 'get_weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } };

const PATHS: Readonly<Record<string, readonly [plain: string, stream: string, count: string]>> = {
  same: ['/v1/messages', '/v1/messages', '/v1/messages/count_tokens'],
  renamed: ['/v1/messages', '/v1/messages', '/v1/messages/count_tokens'],
  bedrock: ['/model/us.anthropic.claude-opus-5-v1%3A0/invoke', '/model/us.anthropic.claude-opus-5-v1%3A0/invoke-with-response-stream', '/model/anthropic.claude-opus-5-v1%3A0/count-tokens'],
  vertex: ['claude-opus-5@20260701:rawPredict', 'claude-opus-5@20260701:streamRawPredict', 'count-tokens:rawPredict']
    .map((end) => `/v1/projects/my-project/locations/us-east5/publishers/anthropic/models/${end}`) as [string, string, string],
};

describe.each(Object.keys(PATHS))('the official client, model %s', (model) => {
  const [plainPath, streamPath, countPath] = PATHS[model];

  test('plain', async () => {
    const message = await client.messages.create(ask(model));
    expect(message.content).toEqual([{ type: 'text', text: 'Hello from Claude.' }]);
    expect(claude.requests.at(-1)?.path).toBe(plainPath);
    await serve.says(new RegExp(`${model} .*tokens=16 [(]4 cached[)]\\+8`));
  });

  test('streamed', async () => {
    const message = await client.messages.stream(ask(model)).finalMessage();
    expect([message.content, message.usage.output_tokens]).toEqual([[{ type: 'text', text: 'Hello from Claude.' }], 8]);
    expect(claude.requests.at(-1)?.path).toBe(streamPath);
    await serve.says(new RegExp(`${model} .*stream  tokens=16 [(]4 cached[)]\\+8`));
  });

  test('with a tool, plain and streamed', async () => {
    const called = [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Paris' } }];
    expect((await client.messages.create({ ...ask(model), tools: [TOOL] })).content).toEqual(called);
    expect((await client.messages.stream({ ...ask(model), tools: [TOOL] }).finalMessage()).content).toEqual(called);
  });

  test('counts tokens', async () => {
    const { model: name, messages } = ask(model);
    expect(await client.messages.countTokens({ model: name, messages })).toMatchObject({ input_tokens: 14 });
    expect(claude.requests.at(-1)?.path).toBe(countPath);
  });

  test.each([400, 429, 529])('an error of the provider keeps its status: %d', async (status) => {
    const type = { 400: 'invalid_request_error', 429: 'rate_limit_error', 529: 'overloaded_error' }[status];
    await expect(client.messages.create(ask(model, `error ${status}`))).rejects.toMatchObject({ status, type, apiMessage: `as asked: ${status}` });
    await expect(client.messages.stream(ask(model, `error ${status}`)).finalMessage()).rejects.toMatchObject({ status, type });
  });

  test('the client\'s key stays here, the backend\'s goes there', async () => {
    await client.messages.create(ask(model));
    const { headers } = claude.requests.at(-1)!;
    expect(JSON.stringify(headers)).not.toContain('planted-client-key');
    expect(model === 'bedrock' ? headers.authorization?.slice(0, 16) : headers['x-api-key'] ?? headers.authorization)
      .toBe({ bedrock: 'AWS4-HMAC-SHA256', vertex: 'Bearer planted-gcp-token' }[model] ?? 'planted-anthropic-key');
  });

  test('A26 betas arrive where the host reads them', async () => {
    await client.beta.messages.create({ ...ask(model), betas: ['context-1m-2025-08-07'] });
    const { headers, body } = claude.requests.at(-1)!;
    expect(headers['anthropic-beta']).toBe(model === 'bedrock' ? undefined : 'context-1m-2025-08-07');
    expect((JSON.parse(body.toString()) as { anthropic_beta?: unknown }).anthropic_beta).toEqual(model === 'bedrock' || model === 'vertex' ? ['context-1m-2025-08-07'] : undefined);
  });
});

test('the gateway\'s own refusals are typed errors of the client\'s', async () => {
  await expect(client.messages.create(ask('unknown'))).rejects.toMatchObject({ constructor: Anthropic.NotFoundError, type: 'not_found_error', errorCode: 'model_not_found' });
  await expect(client.messages.create({ ...ask('bedrock'), inference_geo: 'eu' }))
    .rejects.toMatchObject({ constructor: Anthropic.BadRequestError, type: 'invalid_request_error', errorCode: 'unsupported_parameter' });
});

test('what is dropped on the way to a cloud is told in a header', async () => {
  const { response } = await client.messages.create({ ...ask('vertex'), speed: 'fast' }).withResponse();
  expect(response.headers.get('x-llm-dropped-parameters')).toBe('speed');
});

test('a body of 20 MB passes, and arrives as it was sent', async () => {
  const content = 'a'.repeat(20 * 1024 * 1024);
  expect((await client.messages.create(ask('bedrock', content))).content).toHaveLength(1);
  expect(claude.requests.at(-1)?.body.length).toBeGreaterThan(content.length);
});
