import Anthropic from '@anthropic-ai/sdk';
import { AWS_CREDENTIALS, ServedFixture } from './served-fixture';
import { FakeAnthropic, startFakeAnthropic } from '../providers/fake-anthropic';

jest.setTimeout(20_000);

let claude: FakeAnthropic;
let served: ServedFixture;
let base: string;
let client: Anthropic;

beforeAll(async () => {
  claude = await startFakeAnthropic();
  served = await ServedFixture.start('claude.yaml', { anthropic: claude, bedrock: claude, vertex: claude }, { 'anthropic/apiKey': 'planted-anthropic-key', 'aws/credentials': AWS_CREDENTIALS, 'gcp/access_token': 'planted-gcp-token' });
  base = served.url;
  client = new Anthropic({ baseURL: base, apiKey: 'planted-client-key', maxRetries: 0 });
});

afterAll(() => served.stop());

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
    await served.serve.says(new RegExp(`${model} .*tokens=16 [(]4 cached[)]\\+8`));
  });

  test('streamed', async () => {
    const message = await client.messages.stream(ask(model)).finalMessage();
    expect([message.content, message.usage.output_tokens]).toEqual([[{ type: 'text', text: 'Hello from Claude.' }], 8]);
    expect(claude.requests.at(-1)?.path).toBe(streamPath);
    await served.serve.says(new RegExp(`${model} .*stream  tokens=16 [(]4 cached[)]\\+8`));
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
