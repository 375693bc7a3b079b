import { createServer, IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { AddressInfo } from 'node:net';
import { Certificate } from './certificate';

/** One request as the provider received it. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The caller left before the answer was complete. */
  aborted: boolean;
}

export interface FakeProvider {
  readonly port: number;
  readonly requests: RecordedRequest[];
  close(): Promise<void>;
}

export type FakeHandler = (request: RecordedRequest, response: ServerResponse) => Promise<void> | void;

export interface FakeProviderOptions {
  readonly host?: string;
  readonly port?: number;
  /** Speaks TLS with it. */
  readonly certificate?: Certificate;
}

/** An HTTP server on loopback that records what it receives; `close` ends open answers too. */
export async function startFakeProvider({ certificate, ...options }: FakeProviderOptions, handle: FakeHandler): Promise<FakeProvider> {
  const requests: RecordedRequest[] = [];
  const listener = (incoming: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request: RecordedRequest = {
        method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, body: Buffer.concat(chunks), aborted: false,
      };
      requests.push(request);
      response.on('close', () => { request.aborted = !response.writableFinished; });
      void handle(request, response);
    });
  };
  const server = certificate === undefined ? createServer(listener) : createTlsServer({ cert: certificate.certificate, key: certificate.privateKey }, listener);
  // Longer than any pause of a test: a connection that is closed while Envoy takes it up again is a failure of the server, not of the gateway.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/** What the words of the last user message ask the fake to do. */
export function wish(text: string): { readonly error?: number; readonly slowSeconds?: number } {
  const error = /^error (\d{3})$/.exec(text);
  const slow = /^slow (\d+)$/.exec(text);
  return { ...(error ? { error: Number(error[1]) } : {}), ...(slow ? { slowSeconds: Number(slow[1]) } : {}) };
}
