import { createServer, Server } from 'node:http';
import { Manifest } from './file-mode-manifests';
import { Received } from './http-request';

const MODEL = 'llama3-70b';
const CHAT = JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: 'hello' }] });

/** What the other team's clients send, with headers that mean something to us only. */
export const THEIR_REQUESTS: ReadonlyArray<readonly [host: string, path: string, body?: string, headers?: Record<string, string>]> = [
  ['other.example.com', '/'],
  ['other.example.com', '/v1/chat/completions', CHAT],
  ['other.example.com', '/v1/chat/completions', CHAT.replace('hello', 'a'.repeat(100_000)), { authorization: 'Bearer theirs' }],
  ['other.example.com', '/spoofed', CHAT, { 'x-ai-gateway-llm-backend': 'llm/kserve', 'x-envoy-ai-gateway-llm-model': MODEL }],
  ['other.example.com', '/status/500'],
  ['other.example.com', '/status/503'],
  ['other.example.com', '/status/510', '{}'],
  ['nobody.example.com', '/'],
  ['llm.example.com', '/docs/page'],
  ['llm.example.com', '/docs/status/500', '{}'],
  ['llm.example.com', '/v1/files/a', '{}', { 'x-ai-gateway-llm-model': MODEL }],
];

/** Of the answers to `THEIR_REQUESTS`. */
export const THEIR_STATUSES: readonly number[] = [200, 200, 200, 200, 500, 503, 510, 404, 200, 500, 200];

/** What must be the same of two answers to one request. */
export function comparable({ status, headers, text, whole }: Received): { status: number; headers: unknown; text: string; whole: boolean } {
  const { date, 'x-envoy-upstream-service-time': serviceTime, ...rest } = headers;
  return { status, headers: { ...rest, serviceTime: serviceTime !== undefined, date: date !== undefined }, text, whole };
}

/** Another team's web server: tells what it received; `/status/<code>` answers that. */
export function startSite(address = '127.0.0.1'): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { 'x-request-id': id, ...headers } = request.headers;
      const status = Number(/\/status\/(\d+)$/.exec(request.url ?? '')?.[1] ?? 200);
      const body = Buffer.concat(chunks).toString('utf8');
      response.writeHead(status, { 'content-type': 'text/plain', 'x-site': 'theirs' });
      response.end(JSON.stringify({ method: request.method, url: request.url, headers, id: id !== undefined, body }));
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, () => resolve(server));
  });
}

/** A Gateway `infra/shared` and HTTPRoutes of namespace `web` on it; two of them on paths of the host that `sharedGatewayApp` uses as well. */
export function otherTeam(): Manifest[] {
  const route = (name: string, hostname: string, path: string) => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: 'web' },
    spec: {
      parentRefs: [{ name: 'shared', namespace: 'infra' }],
      hostnames: [hostname],
      rules: [{ matches: [{ path: { type: 'PathPrefix', value: path } }], backendRefs: [{ group: 'gateway.envoyproxy.io', kind: 'Backend', name: 'site' }] }],
    },
  });
  return [
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'shared', namespace: 'infra' },
      spec: {
        gatewayClassName: 'eg',
        infrastructure: { parametersRef: { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', name: 'shared' } },
        listeners: [{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } }],
      },
    },
    { apiVersion: 'gateway.envoyproxy.io/v1alpha1', kind: 'EnvoyProxy', metadata: { name: 'shared', namespace: 'infra' }, spec: {} },
    { apiVersion: 'gateway.envoyproxy.io/v1alpha1', kind: 'Backend', metadata: { name: 'site', namespace: 'web' }, spec: {} },
    route('site', 'other.example.com', '/'),
    route('docs', 'llm.example.com', '/docs'),
    route('files', 'llm.example.com', '/v1/files'),
  ];
}
