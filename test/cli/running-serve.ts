import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(__dirname, '..', '..');

/** `llmgw serve`, run from its source. */
export class RunningServe {
  output = '';
  private constructor(private readonly child: ChildProcess) {
    const collect = (chunk: Buffer) => { this.output += chunk.toString('utf8'); };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
  }

  static async start(args: readonly string[], environment: Record<string, string>): Promise<RunningServe> {
    const serve = new RunningServe(spawn(process.execPath, [
      '-r', 'ts-node/register/transpile-only', join(ROOT, 'src', 'cli', 'main.ts'), 'serve', ...args, '--listen', '127.0.0.1:0',
    ], { cwd: ROOT, env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json'), ...environment } }));
    await serve.says(/listening on (\S+)/);
    return serve;
  }

  /** Waits until the output has this; the first group of the first match. */
  async says(pattern: RegExp): Promise<string> {
    for (;;) {
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
