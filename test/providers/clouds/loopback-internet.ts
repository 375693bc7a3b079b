import { createServer } from 'node:http';
import { AddressInfo, connect } from 'node:net';

/** A proxy (CONNECT) behind which some names are servers on loopback, and nothing else is there. */
export interface LoopbackInternet {
  readonly url: string;
  /** Names that were asked for and are not there. */
  readonly unknown: string[];
  close(): Promise<void>;
}

/** `ports`: of the TLS servers, by name. */
export async function startLoopbackInternet(ports: Readonly<Record<string, number>>): Promise<LoopbackInternet> {
  const unknown: string[] = [];
  const server = createServer((_, response) => response.writeHead(405).end());
  const open = new Set<{ destroy(): void }>();
  server.on('connect', (request, client) => {
    const name = request.url?.split(':', 1)[0] ?? '';
    if (!Object.hasOwn(ports, name)) {
      unknown.push(name);
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const upstream = connect(ports[name], '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => { open.delete(socket); other.destroy(); });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    unknown,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
      for (const socket of open) socket.destroy();
    }),
  };
}
