import { createServer, IncomingHttpHeaders } from 'node:http';
import { AddressInfo, connect, Socket } from 'node:net';

export interface ConnectProxy {
  readonly port: number;
  /** What it was asked to connect to, with the headers of the asking. */
  readonly tunnels: Array<{ readonly target: string; readonly headers: IncomingHttpHeaders }>;
  close(): Promise<void>;
}

/** An HTTP proxy on loopback that connects to what CONNECT asks for; `ports`: where the hosts are. One that is not there is refused with 502. */
export async function startConnectProxy(ports: Readonly<Record<string, number>>): Promise<ConnectProxy> {
  const tunnels: ConnectProxy['tunnels'] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => { response.writeHead(405).end(); });
  server.on('connect', ({ url = '', headers }, client: Socket) => {
    tunnels.push({ target: url, headers });
    const port = ports[url];
    if (port === undefined) {
      client.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const provider = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      provider.pipe(client).pipe(provider);
    });
    for (const socket of [client, provider]) {
      sockets.add(socket);
      socket.on('error', () => { client.destroy(); provider.destroy(); });
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    tunnels,
    close: () => new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
      sockets.forEach((socket) => socket.destroy());
    }),
  };
}
