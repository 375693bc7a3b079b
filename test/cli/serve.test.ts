import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { RunningServe } from './running-serve';
import { FakeBedrock, startFakeBedrock } from '../providers/fake-bedrock';
import { FakeOpenAi, startFakeOpenAi } from '../providers/fake-openai';

const FIXTURE = join(__dirname, '..', 'fixtures', 'gateway', 'chat.yaml');
const OPENAI_KEY = 'sk-planted-openai-key';
const AWS_SECRET = 'plantedAwsSecretAccessKey000000000000000';
const CLIENT_KEY = 'sk-planted-client-key';

jest.setTimeout(60_000);

let folder: string;
let kserve: FakeOpenAi;
let bedrock: FakeBedrock;
let serve: RunningServe;
let base: string;
let client: OpenAI;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'llmgw-serve-'));
  copyFileSync(FIXTURE, join(folder, 'chat.yaml'));
  writeFileSync(join(folder, 'policy.yaml'), 'apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: SecurityPolicy\nmetadata: {name: chat, namespace: demo}\nspec: {}\n');
  writeFileSync(join(folder, 'aws.txt'), `[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${AWS_SECRET}\n`);
  kserve = await startFakeOpenAi();
  bedrock = await startFakeBedrock();
  serve = await RunningServe.start([
    folder, '--secret', 'demo/kserve/apiKey=env:KSERVE_KEY', '--secret', `demo/aws/credentials=file:${join(folder, 'aws.txt')}`,
    '--upstream', `demo/kserve=http://127.0.0.1:${kserve.port}`, '--upstream', `demo/bedrock=http://127.0.0.1:${bedrock.port}`,
    '--upstream', 'demo/nowhere=http://127.0.0.1:1', '--body-limit', '1Mi',
  ], { KSERVE_KEY: OPENAI_KEY });
  base = await serve.says(/listening on (\S+)/);
  client = new OpenAI({ baseURL: `${base}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
});

afterAll(async () => {
  await serve.stop();
  await kserve.close();
  await bedrock.close();
  rmSync(folder, { recursive: true });
});

const ask = (model: string, content = 'hi') => ({ model, messages: [{ role: 'user' as const, content }] });

async function post(body: string | Buffer, path = '/v1/chat/completions'): Promise<{ status: number; headers: Headers; json: { error: Record<string, unknown> } }> {
  const response = await fetch(`${base}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  return { status: response.status, headers: response.headers, json: await response.json() as { error: Record<string, unknown> } };
}

test.each([['only-kserve', 'Hello from the OpenAI-compatible server.', 'Hello from the stream.'], ['only-bedrock', 'Hello from Bedrock.', undefined]])(
  'the official client chats with %s, plain and streamed', async (model, plain, streamed) => {
    const answer = await client.chat.completions.create(ask(model));
    expect(answer.choices[0].message.content).toBe(plain);
    expect(answer.usage?.total_tokens).toBeGreaterThan(0);
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of await client.chat.completions.create({ ...ask(model), stream: true, stream_options: { include_usage: true } })) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(streamed ?? text);
    expect(text.length).toBeGreaterThan(5);
    expect(usage?.total_tokens).toBeGreaterThan(0);
    await serve.says(new RegExp(`${model} .*backend=demo/${model.slice(5)} .*200  stream  tokens=\\d+\\+\\d+`));
  });

test('tools go both ways', async () => {
  const tools = [{ type: 'function' as const, function: { name: 'get.weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } }];
  for (const model of ['only-kserve', 'only-bedrock']) {
    const answer = await client.chat.completions.create({ ...ask(model), tools });
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'tool_calls', message: { tool_calls: [{ type: 'function', function: { name: 'get.weather', arguments: '{"city":"Paris"}' } }] },
    });
  }
});

test('providers get the gateway\'s credentials, never the client\'s, and none of the internal headers', async () => {
  await fetch(`${base}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify(ask('only-kserve')),
    headers: { 'authorization': `Bearer ${CLIENT_KEY}`, 'api-key': CLIENT_KEY, 'x-ai-gateway-llm-backend': 'demo/bedrock', 'x-trace': 'kept' },
  });
  const { headers } = kserve.requests.at(-1)!;
  expect(headers.authorization).toBe(`Bearer ${OPENAI_KEY}`);
  expect(headers['x-trace']).toBe('kept');
  expect(JSON.stringify(headers)).not.toContain(CLIENT_KEY);
  expect(Object.keys(headers).filter((name) => name.startsWith('x-ai-gateway'))).toEqual([]);
});

test('what only Envoy enforces is said at the start', async () => {
  expect(await serve.says(/not enforced without Envoy.*/)).toBe('not enforced without Envoy: client authentication, access by model and CORS of SecurityPolicy demo/chat; everybody may call every model here');
});

test('models of the route are listed', async () => {
  const models = await client.models.list();
  expect(models.data.map(({ id }) => id)).toEqual(['llama3-70b', 'only-kserve', 'only-bedrock', 'nowhere']);
});

test('what a client does wrong is answered in its dialect', async () => {
  expect(await post(JSON.stringify(ask('gpt-none')))).toMatchObject({ status: 404, json: { error: { code: 'model_not_found', param: 'model' } } });
  expect(await post('{"model": ')).toMatchObject({ status: 400, json: { error: { type: 'invalid_request_error' } } });
  expect(await post(JSON.stringify(ask('only-kserve')), '/v1/nothing')).toMatchObject({ status: 404, json: { error: { code: 'unknown_endpoint' } } });
  expect(await post(JSON.stringify(ask('only-kserve')), '/elsewhere')).toMatchObject({ status: 404, json: { error: { code: 'not_found' } } });
  expect(await post(Buffer.alloc(0))).toMatchObject({ status: 400, json: { error: { code: 'missing_body' } } });
  expect(await post(JSON.stringify({ ...ask('only-bedrock'), n: 2 }))).toMatchObject({ status: 400, json: { error: { code: 'unsupported_parameter', param: 'n' } } });
  const spoofed = await fetch(`${base}/v1/chat/completions`, { method: 'POST', body: '{}', headers: { 'x-envoy-ai-gateway-llm-model': 'x' } });
  expect(spoofed.status).toBe(400);
});

test('a body over the limit is answered with 413, with and without a content-length', async () => {
  const large = JSON.stringify(ask('only-kserve', 'x'.repeat(1024 * 1024)));
  expect(await post(large)).toMatchObject({ status: 413, json: { error: { code: 'request_too_large' } } });
  const chunked = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1', () => {
      socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n');
      socket.write(`${large.length.toString(16)}\r\n${large}\r\n`);
    });
    let text = '';
    socket.on('data', (chunk) => { text += chunk.toString('utf8'); });
    socket.on('end', () => { socket.destroy(); resolve(text); });
    socket.on('error', reject);
  });
  expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
});

test('parameters that were dropped are named to the client and in the line of the request', async () => {
  const { headers } = await post(JSON.stringify({ ...ask('only-bedrock'), seed: 7 }));
  expect(headers.get('x-llm-dropped-parameters')).toBe('seed');
  await serve.says(/only-bedrock .*dropped=seed/);
});

test.each([['only-kserve', 429], ['only-bedrock', 429], ['only-kserve', 500], ['only-bedrock', 500]])('errors of %s keep their status: %s', async (model, status) => {
  const failure = await client.chat.completions.create(ask(model, `error ${status}`)).catch((error: unknown) => error as InstanceType<typeof OpenAI.APIError>);
  expect(failure).toMatchObject({ status, error: { message: expect.stringContaining(`as asked: ${status}`), type: expect.any(String) } });
});

test('a provider that cannot be reached is a 503 in the client\'s dialect', async () => {
  expect(await post(JSON.stringify(ask('nowhere')))).toMatchObject({ status: 503, json: { error: { code: 'upstream_unreachable' } } });
});

test('G22 a client that leaves mid-stream: the provider is let go, one line says aborted', async () => {
  const leave = new AbortController();
  const stream = await client.chat.completions.create({ ...ask('only-kserve', 'slow 30'), stream: true }, { signal: leave.signal });
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta.content !== undefined) break;
  }
  leave.abort();
  await serve.says(/only-kserve .*aborted/);
  while (kserve.requests.at(-1)?.aborted !== true) await sleep(20);
  expect(serve.output.match(/aborted/g)).toHaveLength(1);
});

test('the 20/80 split', async () => {
  const before = [kserve.requests.length, bedrock.requests.length];
  await Promise.all(Array.from({ length: 200 }, () => client.chat.completions.create(ask('llama3-70b'))));
  const [left, right] = [kserve.requests.length - before[0], bedrock.requests.length - before[1]];
  expect(left + right).toBe(200);
  // 20 % of 200, and five standard deviations of 5.7.
  expect(Math.abs(left - 40)).toBeLessThan(29);
});

test('a change of the files is live without a restart; a broken file changes nothing', async () => {
  const file = join(folder, 'chat.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('value: nowhere}', 'value: renamed}'));
  await serve.says(/configuration 2: /);
  expect((await client.models.list()).data.map(({ id }) => id)).toContain('renamed');
  writeFileSync(file, `${text}---\na: [`);
  await serve.says(/configuration refused, the last good one stays\n {2}\S+chat\.yaml:\d+: is no YAML/);
  expect((await client.models.list()).data.map(({ id }) => id)).toContain('renamed');
});

test('no credential is printed', async () => {
  expect(serve.output).toContain('configuration 1: 1 LLMRoute, 3 LLMBackends');
  for (const secret of [OPENAI_KEY, AWS_SECRET, CLIENT_KEY]) expect(serve.output).not.toContain(secret);
});

test('SIGTERM ends it with 0', async () => {
  expect(await serve.stop()).toBe(0);
});
