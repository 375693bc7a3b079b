import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fetchKubernetesTools, fetchRateLimitTools, KubernetesTools } from './kubernetes/tools';
import { Traces } from './kubernetes/traces';
import { plantedSecrets } from './planted-secrets';

/**
 * `npm run e2e:k8s`: a real API server and Envoy Gateway with its Kubernetes provider, on which the suites apply what the constructs
 * synthesize. Needs root, for network namespaces. KEEP_E2E=1 keeps the logs.
 */
const ROOT = join(__dirname, '..', '..');

/** In this order: the first expects a cluster that nothing was done to. */
const SUITES = ['kubernetes', 'kubernetes-objects', 'kubernetes-apps', 'kubernetes-mutual-tls', 'kubernetes-failover', 'kubernetes-rotated-token', 'kubernetes-scale', 'kubernetes-access'];
/** In a cluster of their own, whose Envoy Gateway has a rate limit service. */
const RATE_LIMIT_SUITES = ['limits'];

function main(): number {
  if (process.getuid?.() !== 0) {
    console.error('e2e:k8s needs root: it makes network and mount namespaces, and runs pods as their own users');
    return 1;
  }
  const tools = fetchKubernetesTools();
  const all = [...SUITES, ...RATE_LIMIT_SUITES].map((name) => join(__dirname, `${name}.e2e.ts`));
  const suites = process.argv.length > 2 ? process.argv.slice(2).map((file) => resolve(file)) : all;
  const limited = (suite: string) => RATE_LIMIT_SUITES.includes(basename(suite, '.e2e.ts'));
  const labs = [{ suites: suites.filter((suite) => !limited(suite)), rateLimit: false }, { suites: suites.filter(limited), rateLimit: true }];
  return Math.max(...labs.filter((lab) => lab.suites.length > 0).map((lab) => runLab(tools, lab.suites, lab.rateLimit)));
}

function runLab(tools: KubernetesTools, suites: readonly string[], rateLimit: boolean): number {
  const limits = rateLimit ? fetchRateLimitTools() : undefined;
  const lab = mkdtempSync(join(tmpdir(), 'llmgw-k8s-'));
  // ExtProc's pods do not run as root.
  chmodSync(lab, 0o755);
  mkdirSync(join(lab, 'image'));
  copyFileSync(join(ROOT, 'dist', 'llmgw.js'), join(lab, 'image', 'llmgw.js'));
  const images = join(lab, 'images.json');
  writeFileSync(images, JSON.stringify({
    'envoyproxy/envoy': { command: [tools.envoy] },
    'cdk8s-llm-gateway/llmgw': { command: [process.execPath, join(lab, 'image', 'llmgw.js')], asUser: true },
    ...limits === undefined ? {} : { 'envoyproxy/ratelimit': { command: [limits.rateLimit] }, 'redis': { command: [limits.redis] } },
  }));
  const env = {
    ...process.env,
    LAB: lab,
    IMAGES: images,
    ETCD: tools.etcd,
    KUBE_APISERVER: tools.apiServer,
    KUBE_CONTROLLER_MANAGER: tools.controllerManager,
    KUBECTL: tools.kubectl,
    KUBECONFIG: join(lab, 'kubeconfig'),
    ENVOY: tools.envoy,
    ENVOY_GATEWAY: tools.envoyGateway,
    GATEWAY_API_CRDS: tools.gatewayApiCrds,
    ENVOY_GATEWAY_CRDS: tools.envoyGatewayCrds,
    ...limits === undefined ? {} : { REDIS: 'redis.redis.svc.cluster.local:6379' },
    CERT_MANAGER_CRDS: tools.certManagerCrds,
    TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json'),
  };
  const script = join(__dirname, 'kubernetes', 'lab.sh');
  const run = (...args: string[]) => spawnSync('bash', [script, ...args], { stdio: 'inherit', env }).status ?? 1;
  process.once('SIGINT', () => { run('down'); process.exit(1); });
  const traces = new Traces(lab);
  try {
    if (run('up') !== 0) return 1;
    // One by one: given several, node sorts them.
    const statuses = suites.map((suite) => run('in', process.execPath, '--require', require.resolve('ts-node/register/transpile-only'), '--test', '--test-reporter=spec', suite));
    const secrets = plantedSecrets(join(lab, 'log'));
    for (const place of secrets) console.error(`a secret was printed: ${place}; KEEP_E2E=1 keeps the logs`);
    return Math.max(...statuses, secrets.length > 0 ? 1 : 0);
  } finally {
    traces.lookAgain();
    run('down');
    for (const trace of traces.left()) console.warn(`left behind: ${trace}`);
    if (process.env.KEEP_E2E === undefined) rmSync(lab, { recursive: true, force: true });
    else console.log(`kept ${lab}`);
  }
}

process.exit(main());
