import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { startFakeBedrock } from '../../test/providers/fake-bedrock';
import { startFakeOpenAi } from '../../test/providers/fake-openai';

/**
 * `npm run demo`: the quickstart without a cluster. Synthesizes it into YAML, starts stand-ins for its two providers and `llmgw serve` on that
 * YAML, and calls it with the official `openai` client. Everything is on loopback and ends with it.
 */
const ROOT = join(__dirname, '..', '..');
const MODEL = 'llama3-70b';
const REQUESTS = 200;
const QUESTION = [{ role: 'user' as const, content: 'What is a gateway?' }];

/** `llmgw serve`, with the lines that it prints. */
class Gateway {
  readonly lines: string[] = [];
  private constructor(private readonly child: ChildProcess) {}

  static async start(args: readonly string[]): Promise<Gateway & { url: string }> {
    const child = spawn(process.execPath, [join(ROOT, 'dist', 'llmgw.js'), 'serve', ...args, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const gateway = new Gateway(child);
    process.once('exit', () => child.kill());
    const url = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`llmgw serve ended with ${code}`)));
      createInterface({ input: child.stdout! }).on('line', (line) => {
        gateway.lines.push(line);
        const found = /^listening on (\S+)/.exec(line);
        if (found) resolve(found[1]);
      });
    });
    return Object.assign(gateway, { url });
  }

  /** The line of a request, counted from 1: it is printed when the request is over, a moment after the client has the answer. */
  async line(request: number): Promise<string> {
    for (;;) {
      const line = this.lines.filter((one) => one.includes('backend='))[request - 1];
      if (line !== undefined) return line;
      await sleep(5);
    }
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }
}

function heading(text: string): void {
  console.log(`\n=== ${text}`);
}

async function plain(client: OpenAI): Promise<string[]> {
  const answer = await client.chat.completions.create({ model: MODEL, messages: QUESTION });
  return [`answer  ${answer.choices[0].message.content ?? ''}`, `usage   ${JSON.stringify(answer.usage)}`];
}

async function streaming(client: OpenAI): Promise<string[]> {
  const pieces: string[] = [];
  let usage: OpenAI.CompletionUsage | null | undefined;
  for await (const chunk of await client.chat.completions.create({ model: MODEL, messages: QUESTION, stream: true, stream_options: { include_usage: true } })) {
    if (chunk.choices[0]?.delta.content) pieces.push(chunk.choices[0].delta.content);
    usage = chunk.usage ?? usage;
  }
  return [`chunks  ${pieces.map((piece) => JSON.stringify(piece)).join(' ')}`, `usage   ${JSON.stringify(usage)}`];
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'llmgw-demo-'));
  const manifests = join(__dirname, 'dist');
  heading('cdk8s: examples/quickstart/main.ts becomes YAML');
  execFileSync(process.execPath, ['-r', 'ts-node/register/transpile-only', join(__dirname, 'main.ts')], {
    cwd: ROOT, stdio: 'inherit', env: { ...process.env, CDK8S_OUTDIR: manifests, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json') },
  });
  console.log('examples/quickstart/dist/: crds.k8s.yaml and llm.k8s.yaml');

  const kserve = await startFakeOpenAi();
  const bedrock = await startFakeBedrock();
  writeFileSync(join(folder, 'credentials'), '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = demonstration-only\n', { mode: 0o600 });
  const gateway = await Gateway.start([
    manifests, '--secret', `llm/aws-bedrock/credentials=file:${join(folder, 'credentials')}`,
    '--upstream', `llm/kserve=http://127.0.0.1:${kserve.port}`, '--upstream', `llm/bedrock=http://127.0.0.1:${bedrock.port}`,
  ]);
  try {
    heading('llmgw serve examples/quickstart/dist');
    console.log(gateway.lines.join('\n'));
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'any', maxRetries: 0 });
    const models = await client.models.list();
    heading('models');
    console.log(models.data.map(({ id }) => id).join(', '));

    // Each way until the backend has answered that is to be shown: which one does is chance, 20 to 80.
    let requests = 0;
    for (const [provider, name] of [[kserve, 'kserve, OpenAI-compatible'], [bedrock, 'aws-bedrock, translated to Converse']] as const) {
      for (const ask of [plain, streaming]) {
        heading(`${ask.name}, answered by ${name}`);
        for (;;) {
          const before = provider.requests.length;
          const lines = await ask(client);
          requests += 1;
          if (provider.requests.length === before) continue;
          console.log([...lines, `gateway ${await gateway.line(requests)}`].join('\n'));
          break;
        }
      }
    }

    heading(`${REQUESTS} requests: weights 20 and 80`);
    const before = { kserve: kserve.requests.length, bedrock: bedrock.requests.length };
    for (let index = 0; index < REQUESTS; index++) await client.chat.completions.create({ model: MODEL, messages: QUESTION });
    const counts = { kserve: kserve.requests.length - before.kserve, bedrock: bedrock.requests.length - before.bedrock };
    for (const [name, count] of Object.entries(counts)) console.log(`${name.padEnd(8)} ${String(count).padStart(3)}  ${'#'.repeat(Math.round(count / 4))} ${count * 100 / REQUESTS} %`);
    // Five standard deviations: a demo that shows another split is broken.
    if (counts.kserve + counts.bedrock !== REQUESTS || Math.abs(counts.kserve - REQUESTS * 0.2) > 5 * Math.sqrt(REQUESTS * 0.2 * 0.8)) throw new Error('the split is not 20 to 80');

    heading('a model that no rule takes');
    const failure = await client.chat.completions.create({ model: 'gpt-4', messages: QUESTION }).catch((error: unknown) => error as InstanceType<typeof OpenAI.APIError>);
    console.log(failure instanceof OpenAI.APIError ? `${failure.code}: ${failure.message}` : 'answered, which it should not be');
    if (!(failure instanceof OpenAI.APIError) || failure.status !== 404) throw new Error('an unknown model must be a 404');
  } finally {
    await gateway.stop();
    await kserve.close();
    await bedrock.close();
    rmSync(folder, { recursive: true });
  }
  console.log('\nAll of it went through the same code that ExtProc runs in a cluster.');
}

main().catch((error: Error) => {
  console.error(`demo: ${error.message}`);
  process.exitCode = 1;
});
