import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { BACKEND_HEADER, MODEL_HEADER } from '../resources/object-meta';
import { BackendConfiguration, Configuration } from '../runtime/configuration';
import { Answer, Exchange, Forward, RequestHead, ResponseHeadOut } from '../runtime/exchange';
import { ListenAddress } from '../runtime/listen-address';
import { LlmEngine } from '../runtime/llm-engine';
import { UpstreamAnswer, UpstreamClient, UpstreamError, UpstreamFailure } from '../runtime/upstream-client';

export interface HttpGatewayOptions {
  readonly engine: LlmEngine;
  readonly upstream: UpstreamClient;
  configuration(): Configuration | undefined;
  /** Host that every request is taken to be for. @default - the request's own `Host` */
  readonly hostname?: string;
}

/** Headers of one hop only (RFC 9110, section 7.6.1), and those that the next message gets anew. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings', 'host', 'content-length',
]);

/** What Envoy would say of the same failure, so that the exchange tells the client the same. */
const FAILURE: Readonly<Record<Exclude<UpstreamFailure, 'aborted'>, { status: number; codeDetails: string }>> = {
  refused: { status: 503, codeDetails: 'upstream_reset_before_response_started{remote_connection_failure}' },
  dns: { status: 503, codeDetails: 'upstream_reset_before_response_started{connection_failure}' },
  tls: { status: 503, codeDetails: 'upstream_reset_before_response_started{connection_failure}' },
  reset: { status: 503, codeDetails: 'upstream_reset_before_response_started{connection_termination}' },
  timeout: { status: 504, codeDetails: 'response_timeout' },
};

/** The gateway as a plain HTTP server: the exchanges of ExtProc, with our own calls to the providers in Envoy's place. */
export class HttpGateway {
  private readonly server: Server;

  constructor(private readonly options: HttpGatewayOptions) {
    this.server = createServer((request, response) => {
      void new HttpExchange(this.options, request, response).run();
    });
    // Bodies may be large and answers may take minutes; the head alone must come soon.
    this.server.requestTimeout = 0;
  }

  /** Resolves with the address that it listens on; rejects when it cannot. */
  async listen({ host, port }: ListenAddress): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    const address = this.server.address() as AddressInfo;
    return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  }

  /** Takes no more requests; those that are still open after `grace` milliseconds are cut off. */
  async close(grace: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    const timer = setTimeout(() => this.server.closeAllConnections(), grace);
    await closed;
    clearTimeout(timer);
  }
}

/** One request of a client, from its first byte to its last. */
class HttpExchange {
  private readonly exchange: Exchange;
  private readonly configuration: Configuration | undefined;
  private readonly abort = new AbortController();

  constructor(private readonly options: HttpGatewayOptions, private readonly request: IncomingMessage, private readonly response: ServerResponse) {
    this.configuration = options.configuration();
    this.exchange = options.engine.exchange();
  }

  async run(): Promise<void> {
    this.response.on('close', () => {
      this.abort.abort();
      this.exchange.close(this.response.writableFinished ? 'completed' : 'aborted');
    });
    try {
      const decision = await this.exchange.requestHead(this.head());
      if (decision.kind === 'answer') return this.answer(decision);
      const body = await this.body(decision.limit);
      if (body === undefined) return this.answer(decision.tooLarge());
      const next = await this.exchange.requestBody(body);
      if (next.kind === 'answer') return this.answer(next);
      await this.forward(next, body);
    } catch {
      // The client left, or the connection to it broke: there is nobody to tell.
      this.response.destroy();
    }
  }

  private head(): RequestHead {
    const { request } = this;
    const header = (name: string): string | undefined => {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    };
    return {
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      authority: this.options.hostname ?? header('host') ?? '',
      endOfStream: header('transfer-encoding') === undefined && Number(header('content-length') ?? 0) === 0,
      header,
    };
  }

  /** `undefined`: larger than the limit. */
  private async body(limit: number): Promise<Buffer | undefined> {
    const { request } = this;
    if (Number(request.headers['content-length'] ?? 0) > limit) return undefined;
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limit) return undefined;
      chunks.push(chunk);
    }
    return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
  }

  private answer({ status, headers, body }: Answer): void {
    // What is left of a body that was refused is not read.
    const rest = this.request.complete ? {} : { connection: 'close' };
    this.response.writeHead(status, { ...Object.fromEntries(headers), 'content-length': body.length, ...rest }).end(body);
  }

  private async forward(forward: Forward, clientBody: Buffer): Promise<void> {
    const backend = this.configuration?.backends.get(forward.backend);
    let answer: UpstreamAnswer;
    try {
      answer = await this.call(backend, forward, forward.body ?? clientBody);
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.failure === 'aborted') throw error;
      const { status, codeDetails } = FAILURE[error.failure];
      const out = this.exchange.responseHead({ status, codeDetails, endOfStream: false, header: () => undefined });
      return this.writeWhole(out, new Map());
    }
    const { headers } = answer;
    const out = this.exchange.responseHead({ status: answer.status, endOfStream: false, header: (name) => headers.get(name) });
    if (out.replaceBody !== undefined) {
      this.writeWhole(out, headers);
      return;
    }
    if (out.held === true) return this.writeHeld(answer);
    this.response.writeHead(out.status, responseHeaders(out, headers));
    this.response.flushHeaders();
    try {
      for await (const chunk of answer.body) await this.write(this.exchange.responseChunk(chunk).bytes);
    } catch (error) {
      if (this.abort.signal.aborted) throw error;
      const { bytes } = this.exchange.responseFailed(reason(error));
      // Without an error of the dialect's own, or where the length is promised already, only a broken connection tells the client.
      if (bytes.length === 0 || this.response.hasHeader('content-length')) {
        this.response.destroy();
        return;
      }
      this.response.end(bytes);
      return;
    }
    this.response.end(this.exchange.responseEnd().bytes);
  }

  /** An answer whose head depends on the whole of its body. */
  private async writeHeld({ body, headers }: UpstreamAnswer): Promise<void> {
    const pieces: Uint8Array[] = [];
    try {
      for await (const chunk of body) pieces.push(this.exchange.responseChunk(chunk).bytes);
      pieces.push(this.exchange.responseEnd().bytes);
    } catch (error) {
      if (this.abort.signal.aborted) throw error;
      pieces.push(this.exchange.responseFailed(reason(error)).bytes);
    }
    this.writeWhole({ ...this.exchange.heldHead(), replaceBody: Buffer.concat(pieces) }, headers);
  }

  private call(backend: BackendConfiguration | undefined, forward: Forward, body: Uint8Array): Promise<UpstreamAnswer> {
    const endpoint = backend?.endpoint;
    if (endpoint === undefined) throw new UpstreamError('dns', `LLMBackend ${forward.backend} has no endpoint`);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(this.request.headers)) {
      if (value !== undefined && !HOP_BY_HOP.has(name)) headers[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    for (const name of forward.removeHeaders) delete headers[name];
    for (const [name, value] of forward.setHeaders) headers[name] = value;
    // On Envoy the pinned rule removes them.
    delete headers[MODEL_HEADER];
    delete headers[BACKEND_HEADER];
    return this.options.upstream.call({ endpoint, method: this.request.method ?? 'POST', path: forward.path, headers, body, signal: this.abort.signal });
  }

  private async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0 || this.response.write(bytes)) return;
    await new Promise<void>((resolve, reject) => {
      const onClose = () => reject(new Error('the client left'));
      this.response.once('close', onClose);
      this.response.once('drain', () => {
        this.response.off('close', onClose);
        resolve();
      });
    });
  }

  private writeWhole(out: ResponseHeadOut, headers: ReadonlyMap<string, string>): void {
    const body = out.replaceBody ?? new Uint8Array(0);
    this.response.writeHead(out.status, { ...responseHeaders(out, headers), 'content-length': String(body.length) }).end(body);
  }
}

function responseHeaders(out: ResponseHeadOut, upstream: ReadonlyMap<string, string>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of upstream) {
    if (name === 'content-length' ? out.bodyUnchanged : !HOP_BY_HOP.has(name)) headers[name] = value;
  }
  for (const name of out.removeHeaders) delete headers[name];
  for (const [name, value] of out.setHeaders) headers[name] = value;
  return headers;
}

function reason(error: unknown): string {
  return (error as { code?: string }).code ?? 'connection lost';
}
