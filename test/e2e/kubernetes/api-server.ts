import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';

interface KubeConfig {
  readonly clusters: ReadonlyArray<{ readonly cluster: { readonly 'server': string; readonly 'certificate-authority-data': string } }>;
  readonly users: ReadonlyArray<{ readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string } }>;
}

interface Created {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

const CONNECTIONS = 16;
const PLURALS: Readonly<Record<string, string>> = { LLMRoute: 'llmroutes', LLMBackend: 'llmbackends', HTTPRoute: 'httproutes', Backend: 'backends' };

/** The API server without kubectl, which creates some fifty objects a second. With the rights of an administrator. */
export class ApiServer {
  private readonly server: string;
  private readonly agent: Agent;

  constructor(kubeconfig = process.env.KUBECONFIG ?? '') {
    const { clusters: [{ cluster }], users: [{ user }] } = parse(readFileSync(kubeconfig, 'utf8')) as KubeConfig;
    const pem = (data: string) => Buffer.from(data, 'base64');
    this.server = cluster.server;
    this.agent = new Agent({
      keepAlive: true, maxSockets: CONNECTIONS, ca: pem(cluster['certificate-authority-data']), cert: pem(user['client-certificate-data']), key: pem(user['client-key-data']),
    });
  }

  /** Creates the objects, several at once, in about their order. */
  async create(objects: readonly Created[]): Promise<void> {
    const rest = [...objects].reverse();
    await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
      for (let object = rest.pop(); object !== undefined; object = rest.pop()) await this.call('POST', collection(object), object);
    }));
  }

  /** A JSON merge patch. */
  async patch(object: Created, change: unknown): Promise<void> {
    await this.call('PATCH', `${collection(object)}/${object.metadata.name}`, change);
  }

  close(): void {
    this.agent.destroy();
  }

  private call(method: string, path: string, body: unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      const call = request(new URL(path, this.server), {
        method, agent: this.agent, headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
      }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          if ((response.statusCode ?? 0) < 300) resolve();
          else reject(new Error(`${method} ${path}: ${response.statusCode} ${Buffer.concat(chunks).toString('utf8').slice(0, 500)}`));
        });
      });
      call.on('error', reject);
      call.end(JSON.stringify(body));
    });
  }
}

function collection({ apiVersion, kind, metadata: { namespace } }: Created): string {
  return `/apis/${apiVersion}/namespaces/${namespace}/${PLURALS[kind]}`;
}
