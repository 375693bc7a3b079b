import { apply, conditionIs, get, kubectl, list, NODE_IP, rolledOut } from './cluster';
import { Manifest } from '../file-mode-manifests';
import { Received, sendRequest } from '../http-request';

/**
 * Manifests as synthesized but for what a cluster without a way out cannot have: the addresses of providers, by the Backend's name, and AWS
 * credentials of the environment.
 */
export function reachable(manifests: readonly Manifest[], ports: Readonly<Record<string, number>>): Manifest[] {
  return manifests.map((original) => structuredClone(original) as Manifest & Record<string, any>).map((manifest) => { // eslint-disable-line @typescript-eslint/no-explicit-any
    if (manifest.kind === 'Backend' && manifest.metadata.labels?.['app.kubernetes.io/component'] !== 'extproc') {
      const port = ports[manifest.metadata.name];
      if (port === undefined) throw new Error(`Backend ${manifest.metadata.name} has no stand-in; there are ${Object.keys(ports).join(', ')}`);
      manifest.spec = { endpoints: [{ ip: { address: NODE_IP, port } }] };
    }
    if (manifest.kind === 'HTTPRoute') {
      for (const reference of manifest.spec.rules.flatMap((rule: { backendRefs?: unknown[] }) => rule.backendRefs ?? [])) {
        if (reference.kind === 'Backend' && reference.port !== undefined) reference.port = ports[reference.name];
      }
    }
    if (manifest.kind === 'Deployment') {
      manifest.spec.template.spec.containers[0].env = [{ name: 'AWS_ACCESS_KEY_ID', value: 'AKIAIOSFODNN7EXAMPLE' }, { name: 'AWS_SECRET_ACCESS_KEY', value: 'e2e-not-a-real-secret' }];
    }
    return manifest;
  });
}

/** An applied app with one Gateway and one ExtProc. */
export class ClusterApp {
  /** Applies, and waits until pods and Gateway are there. */
  static async start(manifests: readonly Manifest[], gateway: { readonly namespace: string; readonly name: string }): Promise<ClusterApp> {
    apply(...manifests);
    const deployment = manifests.find(({ kind }) => kind === 'Deployment');
    if (deployment !== undefined) await rolledOut(deployment.metadata.namespace ?? '', deployment.metadata.name);
    await conditionIs('gateway', gateway.namespace, gateway.name, 'Programmed', 'True', 60_000);
    return new ClusterApp(manifests, String(get('gateway', gateway.namespace, gateway.name).status?.addresses[0].value));
  }

  private constructor(readonly manifests: readonly Manifest[], private readonly address: string) {}

  send(host: string, path: string, body?: string, headers?: Record<string, string>): Promise<Received> {
    return sendRequest({ address: this.address, port: 80, host, path, body, headers });
  }

  chat(host: string, body: string, headers?: Record<string, string>): Promise<Received> {
    return this.send(host, '/v1/chat/completions', body, headers);
  }

  /** Requests that this app's ExtProc was asked about. */
  async extProcStreams(): Promise<number> {
    const deployment = this.manifests.find(({ kind }) => kind === 'Deployment');
    const pods = list('pods', '-n', deployment?.metadata.namespace ?? '', '-l', `app.kubernetes.io/instance=${deployment?.metadata.name}`);
    const counts = await Promise.all(pods.map(async ({ status }) => {
      const metrics = await (await fetch(`http://${status?.podIP}:9003/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
      return [...metrics.matchAll(/^llm_gateway_requests_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
    }));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Deletes the objects; does not wait for their end. */
  delete(): void {
    kubectl(['delete', '-f', '-', '--ignore-not-found', '--wait=false'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: this.manifests }));
  }
}
