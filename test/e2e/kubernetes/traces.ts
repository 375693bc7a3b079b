import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Mount points of Envoy Gateway, of its Envoys and of ServiceAccounts; made on the machine's own root. */
const MOUNT_POINTS = ['/certs', '/sds', '/config', '/etc/statsd-exporter', '/var/lib/eg', '/var/run/secrets'];
const PATIENCE_MILLISECONDS = 5_000;

/** What a lab could leave on the machine: processes, network interfaces, mounts and mount points. */
export class Traces {
  private readonly before = machineState();
  private readonly namespaces = new Set<string>();

  constructor(private readonly lab: string) {}

  /** To be called while the lab is up: its network namespaces, by which its processes are known after it. */
  lookAgain(): void {
    for (const pid of processes()) if (this.belongs(pid)) this.namespaces.add(networkOf(pid));
    this.namespaces.delete(networkOf('self'));
    this.namespaces.delete('');
  }

  /** What was not there before; empty is what is hoped for. Waits a moment for processes to end. */
  left(): string[] {
    const end = Date.now() + PATIENCE_MILLISECONDS;
    const alive = () => processes().filter((pid) => this.belongs(pid) || this.namespaces.has(networkOf(pid)));
    while (alive().length > 0 && Date.now() < end) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    return [
      ...alive().map((pid) => `process ${pid}: ${textOf(pid, 'cmdline').slice(0, 200)}`),
      ...machineState().filter((line) => !this.before.includes(line)),
    ];
  }

  private belongs(pid: string): boolean {
    return textOf(pid, 'environ').includes(`LAB=${this.lab} `) && pid !== String(process.pid) && textOf(pid, 'stat').split(') ')[1]?.[0] !== 'Z';
  }
}

function machineState(): string[] {
  return [
    ...execFileSync('ip', ['-o', 'link'], { encoding: 'utf8' }).split('\n').map((line) => `interface ${line.split(':')[1]?.trim() ?? ''}`),
    ...execFileSync('ip', ['netns'], { encoding: 'utf8' }).split('\n').map((line) => `network namespace ${line}`),
    ...readFileSync('/proc/self/mounts', 'utf8').split('\n').map((line) => `mount ${line}`),
    ...MOUNT_POINTS.filter((place) => existsSync(place)).map((place) => `mount point ${place}`),
  ];
}

function processes(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

/** A process may end at any moment. */
function textOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function networkOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return '';
  }
}
