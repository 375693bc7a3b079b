import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(__dirname, '..', '..');

/** Of the programs that a test starts: what the machine has for its own access to clouds stays out. */
const FOREIGN = /^(AWS_|AZURE_|GOOGLE_|GCE_|METADATA_|HTTPS?_PROXY|NO_PROXY|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS)/;

function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
}

/** `llmgw`, run from its source or as it is bundled (`npx projen bundle` made it). */
export class RunningServe {
  output = '';
  private constructor(private readonly child: ChildProcess) {
    const collect = (chunk: Buffer) => { this.output += chunk.toString('utf8'); };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
  }

  static start(args: readonly string[], environment: Record<string, string>): Promise<RunningServe> {
    const source = ['-r', 'ts-node/register/transpile-only', join(ROOT, 'src', 'cli', 'main.ts')];
    return RunningServe.listening([...source, 'serve', ...args], { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json'), ...environment }, /listening on (\S+)/);
  }

  /** The bundle, with the environment of a pod: nothing of this machine's access to clouds. */
  static startBundle(args: readonly string[], environment: Record<string, string>): Promise<RunningServe> {
    return RunningServe.listening([join(ROOT, 'dist', 'llmgw.js'), ...args], { ...cleanEnvironment(), ...environment }, /listening/);
  }

  private static async listening(args: readonly string[], env: NodeJS.ProcessEnv, said: RegExp): Promise<RunningServe> {
    const serve = new RunningServe(spawn(process.execPath, [...args, '--listen', '127.0.0.1:0'], { cwd: ROOT, env }));
    await serve.says(said);
    return serve;
  }

  /** Waits until the output has this; the first group of the first match. */
  async says(pattern: RegExp): Promise<string> {
    for (let tries = 0; ; tries += 1) {
      if (tries > 1_500) throw new Error(`llmgw never said ${pattern}:\n${this.output}`);
      const found = pattern.exec(this.output);
      if (found) return found[1] ?? found[0];
      if (this.child.exitCode !== null) throw new Error(`llmgw serve ended with ${this.child.exitCode}:\n${this.output}`);
      await sleep(20);
    }
  }

  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', (code) => resolve(code)));
    if (this.child.exitCode === null) this.child.kill('SIGTERM');
    return this.child.exitCode ?? ended;
  }
}
