import { IncomingHttpHeaders, IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';

interface RequestOptions {
  /** @default loopback */
  readonly address?: string;
  readonly port: number;
  /** Host header; it does not tell where the connection goes. */
  readonly host: string;
  /** @default GET, with a body POST */
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer as far as it came. */
export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** It ended as HTTP says that it must; otherwise the connection broke. */
  readonly whole: boolean;
}

/** One request on a connection of its own. Unlike `fetch` it takes a Host header, and an answer that breaks off keeps what came. */
export function sendRequest(options: RequestOptions): Promise<Received> {
  const { address = '127.0.0.1', port, host, path, body } = options;
  const method = options.method ?? (body === undefined ? 'GET' : 'POST');
  const length: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: address, port, method, path, agent: false, headers: { host, ...length, ...options.headers } });
    outgoing.once('error', reject);
    outgoing.setTimeout(10_000, () => outgoing.destroy(new Error(`${method} ${host}${path}: no byte came for 10 s`)));
    outgoing.once('response', (incoming: IncomingMessage) => {
      const chunks: Buffer[] = [];
      outgoing.off('error', reject);
      // A connection that breaks after the head is told by `complete`.
      for (const emitter of [outgoing, incoming]) emitter.on('error', () => undefined);
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('close', () => {
        const { statusCode: status = 0, headers, trailers, complete: whole } = incoming;
        resolve({ status, headers, trailers, text: Buffer.concat(chunks).toString('utf8'), whole });
      });
    });
    outgoing.end(body);
  });
}

/** All bytes of the answer to a POST on a connection that it closes. */
export function rawAnswer({ port, host, path, body }: { port: number; host: string; path: string; body: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(10_000, () => socket.destroy(new Error('no byte came for 10 s')));
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.once('end', () => resolve(Buffer.concat(chunks).toString('latin1')));
    socket.write(`POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
  });
}
