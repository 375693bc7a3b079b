import { createServer, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { Configuration } from '../runtime/configuration';
import { ListenAddress } from '../runtime/listen-address';
import { Metrics } from '../runtime/metrics';

export interface AdminServerOptions {
  readonly metrics: Metrics;
  configuration(): Configuration | undefined;
  ready(): boolean;
}

/** Metrics, readiness and what configuration is in use, for people and for Prometheus. Never shows a credential. */
export class AdminServer {
  private readonly server: Server;

  constructor(private readonly options: AdminServerOptions) {
    this.server = createServer((request, response) => {
      this.answer(request.method ?? '', (request.url ?? '').split('?', 1)[0], response).catch((error: unknown) => {
        reply(response, 500, 'text/plain', `${(error as Error).message}\n`);
      });
    });
  }

  /** Resolves with the port. */
  async listen({ host, port }: ListenAddress): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async answer(method: string, path: string, response: ServerResponse): Promise<void> {
    const { metrics } = this.options;
    if (method !== 'GET' && method !== 'HEAD') return reply(response, 405, 'text/plain', 'only GET\n');
    switch (path) {
      case '/metrics': return reply(response, 200, metrics.registry.contentType, await metrics.text());
      case '/healthz': return reply(response, 200, 'text/plain', 'ok\n');
      case '/readyz': {
        const ready = this.options.ready();
        return reply(response, ready ? 200 : 503, 'text/plain', ready ? 'ready\n' : 'not ready\n');
      }
      case '/config': return reply(response, 200, 'application/json', `${JSON.stringify(summary(this.options.configuration()), null, 2)}\n`);
      default: return reply(response, 404, 'text/plain', 'there are /metrics, /healthz, /readyz and /config\n');
    }
  }
}

function summary(configuration: Configuration | undefined): unknown {
  if (configuration === undefined) return { generation: 0 };
  const { generation, routes, backends, problems } = configuration;
  return {
    generation,
    routes: [...routes.values()].map(({ key, models }) => ({ name: key, models: models.map(({ id }) => id) })),
    backends: [...backends.values()].map(({ key, endpoint, resource }) => ({ name: key, schema: resource.spec.outputSchema.schema, origin: endpoint?.origin ?? null })),
    problems,
  };
}

function reply(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body);
}
