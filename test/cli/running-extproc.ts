import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** `llmgw extproc`, run from its source; its log lines, parsed. */
export interface RunningExtProc {
  readonly child: ChildProcess;
  readonly lines: Array<Record<string, unknown>>;
  line(message: string): Promise<Record<string, unknown>>;
  readonly ended: Promise<number | null>;
}

/** On free ports of loopback. */
export function startExtProc(env: Readonly<Record<string, string>>, ...args: string[]): RunningExtProc {
  const child = spawn(process.execPath, [
    '-r', 'ts-node/register/transpile-only', join(ROOT, 'src', 'cli', 'main.ts'), 'extproc', ...args, '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0',
  ], { cwd: ROOT, env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json'), ...env } });
  const lines: Array<Record<string, unknown>> = [];
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString('utf8')).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.filter((part) => part.startsWith('{')).map((part) => JSON.parse(part) as Record<string, unknown>));
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const line = async (message: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const found = lines.find(({ msg }) => msg === message);
      if (found) return found;
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${JSON.stringify(lines)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child, lines, line, ended };
}
