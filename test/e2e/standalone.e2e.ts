import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { stringify } from 'yaml';
import { StandaloneEnvoyGateway } from './envoy-gateway';
import { extProcManifests, fileModeManifests, Manifest, readManifests } from './file-mode-manifests';
import { eventually, portOpen, Program } from './process';
import { FakeBedrock, startFakeBedrock } from '../providers/fake-bedrock';
import { FakeOpenAi, startFakeOpenAi } from '../providers/fake-openai';

const ROOT = join(__dirname, '..', '..');
const GATEWAY_PORT = 8080;
const EXT_PROC_PORTS = [9002, 9003];
const KSERVE_PORT = 9201;
const BEDROCK_PORT = 9202;
const MODEL = 'llama3-70b';
const OPENAI_KEY = 'sk-e2e-planted-openai-key';
const AWS_SECRET = 'e2ePlantedAwsSecretAccessKey00000000000';
const BASE = `http://127.0.0.1:${GATEWAY_PORT}`;

interface LLMBackendManifest extends Manifest {
  readonly spec: {
    readonly outputSchema: { readonly schema: string };
    readonly backendRef: { readonly name: string };
    readonly credential?: Record<string, { readonly secretRef?: { readonly name: string; readonly key: string } }>;
  };
}

let folder: string;
let gateway: StandaloneEnvoyGateway;
let extProcs: Program[] = [];
let kserve: FakeOpenAi;
let bedrock: FakeBedrock;
let synthesized: Manifest[];

const client = new OpenAI({ baseURL: `${BASE}/v1`, apiKey: 'client-key', maxRetries: 0, timeout: 60_000 });

function backendOf(schema: string): LLMBackendManifest {
  const found = synthesized.find((manifest) => manifest.kind === 'LLMBackend' && (manifest as LLMBackendManifest).spec.outputSchema.schema === schema);
  assert.ok(found, `the quickstart has an LLMBackend of schema ${schema}`);
  return found as LLMBackendManifest;
}

/** Secrets that the cluster's owner would have made, for every reference in the quickstart. */
function secrets(): unknown[] {
  const values: Record<string, string> = {
    apiKey: OPENAI_KEY,
    aws: `[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${AWS_SECRET}\n`,
  };
  return synthesized.filter((manifest) => manifest.kind === 'LLMBackend').flatMap((manifest) => Object.entries((manifest as LLMBackendManifest).spec.credential ?? {})
    .filter(([, credential]) => credential.secretRef !== undefined)
    .map(([type, credential]) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: credential.secretRef?.name, namespace: manifest.metadata.namespace },
      stringData: { [credential.secretRef?.key ?? '']: values[type] },
    })));
}

/** The quickstart's LLMRoute with one more rule a backend, so that a test can choose which provider it talks to. */
function withPinnedModels(manifest: Manifest): unknown {
  if (manifest.kind !== 'LLMRoute') return manifest;
  const route = structuredClone(manifest) as Manifest & { spec: { rules: unknown[] } };
  for (const [model, schema] of [['only-kserve', 'OpenAI'], ['only-bedrock', 'AWSBedrock']]) {
    route.spec.rules.push({ name: model, models: [{ type: 'Exact', value: model }], backendRefs: [{ name: backendOf(schema).metadata.name }] });
  }
  return route;
}

function startExtProc(port: number): Program {
  return new Program(`extproc ${port}`, process.execPath, [
    join(ROOT, 'dist', 'llmgw.js'), 'extproc', '--source', `directory:${join(folder, 'resources')}`,
    '--listen', `127.0.0.1:${port}`, '--admin-listen', `127.0.0.1:${port + 100}`, '--drain-timeout', '10s',
  ], { log: join(folder, `extproc-${port}.log`) });
}

/** What Envoy Gateway reads, with these processes as ExtProc's ready endpoints. */
function withExtProcs(extProcPorts: readonly number[]): unknown[] {
  return fileModeManifests(synthesized, {
    backendPorts: { [backendOf('OpenAI').spec.backendRef.name]: KSERVE_PORT, [backendOf('AWSBedrock').spec.backendRef.name]: BEDROCK_PORT },
    extProcPorts,
    listenerPort: GATEWAY_PORT,
  });
}

async function post(path: string, body: string, headers: Record<string, string> = {}): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await fetch(`${BASE}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const chat = (model: string, content: string, more: Record<string, unknown> = {}) => JSON.stringify({ model, messages: [{ role: 'user', content }], ...more });

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'llmgw-e2e-'));
  execFileSync(process.execPath, ['-r', 'ts-node/register/transpile-only', join(ROOT, 'examples', 'quickstart', 'main.ts')], {
    cwd: join(ROOT, 'examples', 'quickstart'), env: { ...process.env, CDK8S_OUTDIR: join(folder, 'synthesized') }, stdio: 'inherit',
  });
  synthesized = readManifests(join(folder, 'synthesized'));
  kserve = await startFakeOpenAi({ host: '127.0.0.1', port: KSERVE_PORT });
  bedrock = await startFakeBedrock({ host: '127.0.0.1', port: BEDROCK_PORT });
  mkdirSync(join(folder, 'resources'));
  writeFileSync(join(folder, 'resources', 'objects.yaml'), [...extProcManifests(synthesized).map(withPinnedModels), ...secrets()].map((object) => `---\n${stringify(object)}`).join(''));
  extProcs = EXT_PROC_PORTS.map(startExtProc);
  await eventually('ExtProc listens', async () => (await Promise.all(EXT_PROC_PORTS.map(portOpen))).every(Boolean)).catch((error: Error) => {
    throw new Error(`${error.message}\n${readFileSync(join(folder, `extproc-${EXT_PROC_PORTS[0]}.log`), 'utf8')}`);
  });
  gateway = await StandaloneEnvoyGateway.start({
    folder: join(folder, 'eg'),
    envoy: process.env.ENVOY ?? '',
    envoyGateway: process.env.ENVOY_GATEWAY ?? '',
    ports: [GATEWAY_PORT],
    manifests: withExtProcs(EXT_PROC_PORTS),
  });
  await eventually('the route answers', async () => (await fetch(`${BASE}/v1/models`)).status === 200);
});

after(async () => {
  await gateway?.stop();
  await Promise.all(extProcs.map((program) => program.stop()));
  await kserve?.close();
  await bedrock?.close();
  if (process.env.KEEP_E2E === undefined && folder !== undefined) rmSync(folder, { recursive: true, force: true });
  else console.log(`kept ${folder}`);
});

describe('Envoy Gateway standalone, Envoy, llmgw extproc and two providers', () => {
  for (const model of ['only-kserve', 'only-bedrock']) {
    test(`plain chat, ${model}`, async () => {
      const answer = await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'hello there' }] });
      assert.equal(answer.object, 'chat.completion');
      assert.equal(answer.choices[0].message.role, 'assistant');
      assert.ok(answer.choices[0].message.content);
      assert.equal(answer.choices[0].finish_reason, 'stop');
      assert.ok(answer.usage && answer.usage.prompt_tokens > 0);
      assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
    });

    test(`streamed chat with usage, ${model}`, async () => {
      const stream = await client.chat.completions.create({
        model, messages: [{ role: 'user', content: 'tell me a story' }], stream: true, stream_options: { include_usage: true },
      });
      let text = '';
      let chunks = 0;
      let usage: OpenAI.CompletionUsage | null | undefined;
      let finish: string | null = null;
      for await (const chunk of stream) {
        chunks += 1;
        text += chunk.choices[0]?.delta.content ?? '';
        finish = chunk.choices[0]?.finish_reason ?? finish;
        usage = chunk.usage ?? usage;
      }
      assert.ok(chunks > 2 && text.length > 0);
      assert.equal(finish, 'stop');
      assert.ok(usage && usage.total_tokens > 0);
    });

    for (const stream of [false, true]) {
      test(`tools, ${stream ? 'streamed' : 'plain'}, ${model}`, async () => {
        const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
        const request: OpenAI.ChatCompletionCreateParamsNonStreaming = {
          model,
          messages: [{ role: 'user', content: 'call the tool: weather in Paris' }],
          tools: [{ type: 'function', function: { name: 'get_weather', description: 'the weather', parameters } }],
          tool_choice: 'required',
        };
        const answer = stream
          ? await client.chat.completions.stream({ ...request, stream: true }).finalChatCompletion()
          : await client.chat.completions.create(request);
        assert.equal(answer.choices[0].finish_reason, 'tool_calls');
        const call = answer.choices[0].message.tool_calls?.[0];
        assert.ok(call?.type === 'function' && call.function.name === 'get_weather' && call.id.length > 0);
        assert.equal(typeof JSON.parse(call.function.arguments), 'object');
      });
    }

    for (const status of [429, 500]) {
      test(`upstream ${status} keeps its status in OpenAI's shape, ${model}`, async () => {
        const answer = await post('/v1/chat/completions', chat(model, `error ${status}`));
        assert.equal(answer.status, status);
        const body = JSON.parse(answer.text) as { error: { message: string; type: string } };
        assert.equal(typeof body.error.message, 'string');
        assert.equal(typeof body.error.type, 'string');
      });
    }
  }

  test('upstream refused: 503 in the client\'s dialect, and 200 again when it is back', async () => {
    await kserve.close();
    const answer = await post('/v1/chat/completions', chat('only-kserve', 'hello'));
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get('content-type'), 'application/json');
    assert.equal(typeof (JSON.parse(answer.text) as { error: { message: string } }).error.message, 'string');
    kserve = await startFakeOpenAi({ host: '127.0.0.1', port: KSERVE_PORT });
    await eventually('kserve answers again', async () => (await post('/v1/chat/completions', chat('only-kserve', 'hello'))).status === 200);
  });

  test('weights 20/80 hold within four standard deviations over 400 requests', async () => {
    const total = 400;
    const before_ = { kserve: kserve.requests.length, bedrock: bedrock.requests.length };
    const queue = Array.from({ length: total }, (_, index) => index);
    await Promise.all(Array.from({ length: 8 }, async () => {
      while (queue.pop() !== undefined) assert.equal((await post('/v1/chat/completions', chat(MODEL, 'split'))).status, 200);
    }));
    const share = { kserve: kserve.requests.length - before_.kserve, bedrock: bedrock.requests.length - before_.bedrock };
    assert.equal(share.kserve + share.bedrock, total);
    const deviation = Math.sqrt(total * 0.2 * 0.8);
    assert.ok(Math.abs(share.kserve - total * 0.2) <= 4 * deviation, `kserve got ${share.kserve} of ${total}`);
  });

  test('GET /v1/models lists the models of the route', async () => {
    const models = await client.models.list();
    const listed = models.data.find((model) => model.id === MODEL);
    assert.ok(listed?.object === 'model' && listed.owned_by.length > 0);
    assert.deepEqual({ ...await client.models.retrieve(MODEL) }, { ...listed });
    await assert.rejects(client.models.retrieve('nobody-has-this'), ({ status, code }: InstanceType<typeof OpenAI.APIError>) => status === 404 && code === 'model_not_found');
  });

  test('unknown model: 404 with code model_not_found', async () => {
    const call = client.chat.completions.create({ model: 'nobody-has-this', messages: [{ role: 'user', content: 'x' }] });
    await assert.rejects(call, (error: InstanceType<typeof OpenAI.APIError>) => {
      assert.equal(error.status, 404);
      assert.equal(error.code, 'model_not_found');
      return true;
    });
  });

  for (const [name, body] of [['no JSON', '{"model": "llama3-70b", "messages": ['], ['an array', '[1,2]'], ['no model', '{"messages":[]}'], ['model is a number', '{"model": 4}']]) {
    test(`malformed body (${name}): 400 in OpenAI's shape`, async () => {
      const answer = await post('/v1/chat/completions', body.replace('llama3-70b', 'only-bedrock'));
      assert.equal(answer.status, 400);
      const { error } = JSON.parse(answer.text) as { error: Record<string, unknown> };
      assert.deepEqual(Object.keys(error).sort(), ['code', 'message', 'param', 'type']);
    });
  }

  for (const size of [1_000, 40_000, 3_000_000, 20_000_000]) {
    for (const model of ['only-kserve', 'only-bedrock']) {
      test(`G19 a body of ${size} bytes arrives whole, ${model}`, async () => {
        const answer = await post('/v1/chat/completions', chat(model, 'a'.repeat(size)));
        assert.equal(answer.status, 200, answer.text.slice(0, 300));
        const received = (model === 'only-kserve' ? kserve : bedrock).requests.at(-1);
        assert.ok(received && received.body.length >= size);
      });
    }
  }

  for (const model of ['only-kserve', 'only-bedrock']) {
    test(`a stream of 40 s, each event at its own time, ${model}`, async () => {
      const started = Date.now();
      const arrivals: number[] = [];
      const stream = await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'slow 40' }], stream: true });
      let finish: string | null = null;
      for await (const chunk of stream) {
        arrivals.push(Date.now() - started);
        finish = chunk.choices[0]?.finish_reason ?? finish;
      }
      assert.equal(finish, 'stop');
      assert.ok(arrivals[0] < 5_000, `first event after ${arrivals[0]} ms`);
      assert.ok((arrivals.at(-1) ?? 0) >= 38_000, `last event after ${arrivals.at(-1)} ms`);
      const largestGap = Math.max(...arrivals.slice(1).map((time, index) => time - arrivals[index]));
      assert.ok(largestGap < 10_000, `events came in lumps: ${largestGap} ms between two`);
    });
  }

  test('a client that leaves mid-stream ends the call at the provider, and is metered once', async () => {
    const controller = new AbortController();
    const stream = await client.chat.completions.create({ model: 'only-kserve', messages: [{ role: 'user', content: 'slow 30' }], stream: true }, { signal: controller.signal });
    for await (const chunk of stream) {
      if (chunk.choices.length > 0) break;
    }
    controller.abort();
    await eventually('the provider sees the client leave', () => kserve.requests.at(-1)?.aborted === true, 5_000);
    await eventually('one log line of an aborted request', () => EXT_PROC_PORTS
      .map((port) => readFileSync(join(folder, `extproc-${port}.log`), 'utf8').split('\n').filter((line) => line.includes('"aborted"')).length)
      .reduce((sum, count) => sum + count, 0) >= 1, 5_000);
  });

  test('internal headers that a client sends neither choose a backend nor reach one', async () => {
    const spoofed = { 'x-ai-gateway-llm-backend': `${backendOf('OpenAI').metadata.namespace ?? 'default'}/${backendOf('OpenAI').metadata.name}`, 'x-ai-gateway-llm-model': 'only-kserve' };
    const count = kserve.requests.length;
    const answer = await post('/v1/chat/completions', chat('only-bedrock', 'hello'), spoofed);
    assert.equal(answer.status, 200);
    assert.equal(kserve.requests.length, count);
    const headers = bedrock.requests.at(-1)?.headers ?? {};
    assert.equal(headers['x-ai-gateway-llm-backend'], undefined);
    assert.equal(headers['x-ai-gateway-llm-model'], undefined);
    const unknown = await post('/v1/chat/completions', chat('nobody-has-this', 'hello'), spoofed);
    assert.equal(unknown.status, 404);
    assert.equal(kserve.requests.length, count);
    const user = await post('/v1/chat/completions', chat('only-bedrock', 'hello'), { 'x-envoy-ai-gateway-llm-model': 'only-kserve' });
    assert.equal(user.status, 400);
  });

  test('the client\'s own credential never reaches a provider', async () => {
    assert.equal((await post('/v1/chat/completions', chat('only-kserve', 'hello'), { 'authorization': 'Bearer client-key', 'x-api-key': 'client-key' })).status, 200);
    assert.equal((await post('/v1/chat/completions', chat('only-bedrock', 'hello'), { 'authorization': 'Bearer client-key', 'x-api-key': 'client-key' })).status, 200);
    for (const request of [kserve.requests.at(-1), bedrock.requests.at(-1)]) {
      assert.ok(request && !JSON.stringify(request.headers).includes('client-key'));
    }
  });

  test('a change of the objects is live without restart, a broken one changes nothing', async () => {
    const file = join(folder, 'resources', 'objects.yaml');
    const objects = readFileSync(file, 'utf8');
    const replace = (text: string) => { writeFileSync(`${file}.next`, text); renameSync(`${file}.next`, file); };
    replace(objects.replaceAll('value: only-kserve', 'value: renamed-kserve'));
    await eventually('the new model is live', async () => (await post('/v1/chat/completions', chat('renamed-kserve', 'hello'))).status === 200, 5_000);
    replace('kind: LLMRoute\n  broken: [');
    await sleep(1_500);
    assert.equal((await post('/v1/chat/completions', chat('renamed-kserve', 'hello'))).status, 200);
    replace(objects);
    await eventually('the old model is back', async () => (await post('/v1/chat/completions', chat('only-kserve', 'hello'))).status === 200, 5_000);
  });

  test('ExtProc restarted under load, one process after the other: nothing is lost', async () => {
    const failures: string[] = [];
    let running = true;
    let requests = 0;
    const load = Array.from({ length: 4 }, async (_, index) => {
      while (running) {
        requests += 1;
        const answer = await post('/v1/chat/completions', chat(index % 2 === 0 ? 'only-kserve' : 'only-bedrock', 'hello')).catch((error: Error) => ({ status: 0, text: String(error) }));
        if (answer.status !== 200) failures.push(`${answer.status} ${answer.text.slice(0, 200)}`);
      }
    });
    for (const [index, port] of EXT_PROC_PORTS.entries()) {
      await sleep(1_000);
      const stopped = extProcs[index].stop();
      // What Kubernetes does with the endpoints of a Service: a process that is not ready leaves them, and comes back when it is.
      await eventually('it says that it is not ready', async () => (await fetch(`http://127.0.0.1:${port + 100}/readyz`)).status === 503);
      gateway.apply(withExtProcs(EXT_PROC_PORTS.filter((other) => other !== port)));
      assert.equal(await stopped, 0, 'extproc drains and exits 0 on SIGTERM');
      extProcs[index] = startExtProc(port);
      await eventually('ExtProc listens again', () => portOpen(port));
      gateway.apply(withExtProcs(EXT_PROC_PORTS));
      await sleep(3_000);
    }
    running = false;
    await Promise.all(load);
    assert.ok(requests > 100, `${requests} requests`);
    assert.deepEqual(failures, []);
  });

  test('ExtProc away: 503 JSON with retry-after, and 200 when it is back', async () => {
    await Promise.all(extProcs.map((program) => program.stop()));
    const answer = await post('/v1/chat/completions', chat('only-kserve', 'hello'));
    assert.equal(answer.status, 503);
    assert.ok(answer.headers.get('retry-after'));
    assert.equal(typeof (JSON.parse(answer.text) as { error: { message: string } }).error.message, 'string');
    extProcs = EXT_PROC_PORTS.map(startExtProc);
    await eventually('200 again', async () => (await post('/v1/chat/completions', chat('only-kserve', 'hello'))).status === 200);
  });

  test('no output of the run holds a planted credential', () => {
    const logs = [...EXT_PROC_PORTS.map((port) => join(folder, `extproc-${port}.log`)), gateway.log].map((file) => readFileSync(file, 'utf8')).join('\n');
    assert.ok(logs.length > 0);
    for (const planted of [OPENAI_KEY, AWS_SECRET, 'client-key']) assert.ok(!logs.includes(planted));
  });
});
