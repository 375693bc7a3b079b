import { ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program under test: its output goes to a file, it ends with this process, and `stop` waits for its end. */
export class Program {
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;
  private readonly onExit: () => void;

  constructor(readonly name: string, command: string, args: readonly string[], options: { log: string; env?: Record<string, string> }) {
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } });
    const log = createWriteStream(options.log, { flags: 'a' });
    this.child.stdout?.pipe(log, { end: false });
    this.child.stderr?.pipe(log, { end: false });
    // All output of the run, for the runner to look through.
    const whole = process.env.E2E_OUTPUT && createWriteStream(join(process.env.E2E_OUTPUT, `${name}-${process.pid}.log`), { flags: 'a' });
    if (whole) for (const stream of [this.child.stdout, this.child.stderr]) stream?.pipe(whole, { end: false });
    this.onExit = () => this.child.kill('SIGKILL');
    process.once('exit', this.onExit);
    this.ended = new Promise((resolve) => {
      this.child.once('exit', (code) => resolve(code));
      this.child.once('error', () => resolve(null));
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** SIGTERM, and SIGKILL when that took longer than `graceMs`. Returns the exit code. */
  async stop(graceMs = 15_000, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    process.removeListener('exit', this.onExit);
    if (!this.running) return this.ended;
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), graceMs);
    const code = await this.ended;
    clearTimeout(timer);
    return code;
  }
}

/** Resolves when `check` returned true; throws with `what` after `timeoutMs`. */
export async function eventually(what: string, check: () => Promise<boolean> | boolean, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      if (await check()) return;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  throw new Error(`${what}: not within ${timeoutMs} ms${last === undefined ? '' : ` (${String(last)})`}`);
}

export function portOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}
