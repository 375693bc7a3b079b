import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../process';

/** Of the node, where the suite's own servers can be reached from pods. */
export const NODE_IP = '10.244.0.1';

export interface ClusterObject {
  readonly metadata: {
    readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string>; readonly generation?: number; readonly resourceVersion?: string;
  };
  readonly spec?: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
  readonly status?: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
  readonly data?: Record<string, string>;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
}

/** kubectl with the rights of an administrator. Throws what it prints. */
export function kubectl(args: readonly string[], input?: string): string {
  return execFileSync(process.env.KUBECTL ?? 'kubectl', args, { input, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'] });
}

const execFileAsync = promisify(execFile);

/** As `kubectl`, while servers and requests of the suite go on. */
export async function kubectlMeanwhile(args: readonly string[]): Promise<string> {
  return (await execFileAsync(process.env.KUBECTL ?? 'kubectl', args, { encoding: 'utf8', maxBuffer: 1 << 28 })).stdout;
}

/** `lab.sh` with this command, while servers and requests of the suite go on. */
export async function lab(command: string): Promise<void> {
  await execFileAsync('bash', [join(__dirname, 'lab.sh'), command], { maxBuffer: 1 << 28 });
}

/** What kubectl prints and returns, also when it fails. */
export function tryKubectl(args: readonly string[], input?: string): { readonly status: number | null; readonly output: string } {
  const result = spawnSync(process.env.KUBECTL ?? 'kubectl', args, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status: result.status, output: `${result.stdout}${result.stderr}` };
}

export function apply(...objects: readonly unknown[]): void {
  kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
}

export function get(kind: string, namespace: string, name: string): ClusterObject {
  return JSON.parse(kubectl(['get', kind, '-n', namespace, name, '-o', 'json'])) as ClusterObject;
}

export function list(kind: string, ...args: readonly string[]): ClusterObject[] {
  return (JSON.parse(kubectl(['get', kind, ...args, '-o', 'json'])) as { items: ClusterObject[] }).items;
}

export function patch(kind: string, namespace: string, name: string, change: unknown): void {
  kubectl(['patch', kind, '-n', namespace, name, '--type=merge', '-p', JSON.stringify(change)]);
}

export function condition(kind: string, namespace: string, name: string, type: string): Condition | undefined {
  return (get(kind, namespace, name).status?.conditions as Condition[] | undefined)?.find((one) => one.type === type);
}

/** Waits until a condition is this, for its current generation. */
export async function conditionIs(kind: string, namespace: string, name: string, type: string, status: string, timeoutMs: number): Promise<Condition> {
  let found: Condition | undefined;
  await eventually(`${kind} ${namespace}/${name} has ${type} ${status}`, () => {
    const object = get(kind, namespace, name);
    found = (object.status?.conditions as Condition[] | undefined)?.find((one) => one.type === type);
    return found?.status === status && (found.observedGeneration === undefined || found.observedGeneration === object.metadata.generation);
  }, timeoutMs);
  return found!;
}

/** Waits until the Deployment has all its replicas, of its newest template, available. */
export async function rolledOut(namespace: string, name: string, timeoutMs = 60_000): Promise<void> {
  await eventually(`Deployment ${namespace}/${name} is rolled out`, () => {
    const { metadata, spec, status } = get('deployment', namespace, name);
    return status?.observedGeneration === metadata.generation && status?.updatedReplicas === spec?.replicas && status?.availableReplicas === spec?.replicas
      && status?.replicas === spec?.replicas;
  }, timeoutMs);
}

/** The last lines of every log whose name has this part. */
export function logs(part: string, lines = 30): string {
  const folder = join(process.env.LAB ?? '', 'log');
  return readdirSync(folder).filter((name) => name.includes(part))
    .map((name) => `--- ${name}\n${readFileSync(join(folder, name), 'utf8').split('\n').slice(-lines).join('\n')}`).join('\n');
}

/** A Service without pods, whose endpoint is a server of the suite on the node. */
export function serviceOnNode(namespace: string, name: string, port: number, target: number): unknown[] {
  return [
    { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { ports: [{ name: 'http', port }] } },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-node`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: target }],
      endpoints: [{ addresses: [NODE_IP], conditions: { ready: true } }],
    },
  ];
}

/** Waits while an earlier suite's namespace of this name is being deleted. */
export async function createNamespaces(...names: readonly string[]): Promise<void> {
  await eventually(`the namespaces ${names.join(', ')} are there`, () => {
    for (const name of names) tryKubectl(['create', 'namespace', name]);
    return list('namespaces').filter(({ metadata, status }) => names.includes(metadata.name) && status?.phase === 'Active').length === names.length;
  }, 120_000);
}

/** Pods go first: for one that is still there when its namespace ends, the controller looks again after half of its grace period only. */
export function deleteNamespaces(...names: readonly string[]): void {
  for (const name of names) tryKubectl(['delete', 'deployments', '--all', '-n', name, '--cascade=foreground', '--timeout=60s']);
  for (const name of names) tryKubectl(['delete', 'namespace', name, '--wait=false']);
}
