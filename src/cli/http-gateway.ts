import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { BackendConfiguration, Configuration } from '../runtime/configuration';
import { Answer, Exchange, Forward, RequestHead, ResponseBytes, ResponseHeadOut, Takeover } from '../runtime/exchange';
import { ListenAddress } from '../runtime/listen-address';
import { LlmEngine } from '../runtime/llm-engine';
import { providerFailure } from '../runtime/local-reply';
import { clientHeaders, upstreamHeaders } from '../runtime/message-headers';
import { Patience } from '../runtime/patience';
import { UpstreamAnswer, UpstreamClient, UpstreamError } from '../runtime/upstream-client';
import { joinedBody } from '../translate/body-pieces';

export interface HttpGatewayOptions {
  readonly engine: LlmEngine;
  readonly upstream: UpstreamClient;
  configuration(): Configuration | undefined;
  /** Host that every request is taken to be for. @default - the request's own `Host` */
  readonly hostname?: string;
}

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
      headerFields: { names: () => Object.keys(request.headers) },
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
    // Ends the call when the client leaves, and when another backend's answer takes the place of this one's.
    const call = new AbortController();
    this.response.once('close', () => call.abort());
    let answer: UpstreamAnswer;
    try {
      answer = await this.call(backend, forward, joinedBody(forward.body ?? clientBody), call.signal);
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.failure === 'aborted') throw error;
      const out = this.exchange.responseHead({ ...providerFailure(error.failure), endOfStream: false, header: () => undefined });
      return out.takeover === undefined ? this.writeWhole(out, new Map()) : this.writeTakeover(out.takeover);
    }
    const { headers } = answer;
    const out = this.exchange.responseHead({ status: answer.status, endOfStream: false, header: (name) => headers.get(name) });
    if (out.replaceBody !== undefined) {
      this.writeWhole(out, headers);
      return;
    }
    if (out.held !== true && out.takeover === undefined) this.writeHead(out, headers);
    const takeover = out.takeover ?? await this.writeBody(answer, call);
    if (takeover === undefined) return;
    call.abort();
    await this.writeTakeover(takeover);
  }

  private writeHead(out: ResponseHeadOut, headers: ReadonlyMap<string, string>): void {
    this.response.writeHead(out.status, clientHeaders(out, headers));
    this.response.flushHeaders();
  }

  /** Up to its end, or to where another answer takes its place. */
  private async writeBody({ body, headers }: UpstreamAnswer, call: AbortController): Promise<Takeover | undefined> {
    const patience = new Patience(() => call.abort());
    let failed = false;
    let last: ResponseBytes;
    try {
      patience.wait(this.exchange.patience);
      for await (const chunk of body) {
        const piece = this.exchange.responseChunk(chunk);
        if (piece.takeover !== undefined) return piece.takeover;
        if (piece.head !== undefined) this.writeHead(piece.head, headers);
        patience.wait(this.exchange.patience);
        await this.write(piece.bytes);
      }
      last = this.exchange.responseEnd();
    } catch (error) {
      if (this.abort.signal.aborted) throw error;
      failed = true;
      last = patience.ended ? this.exchange.responseLate() : this.exchange.responseFailed(reason(error));
    } finally {
      patience.stop();
    }
    if (last.takeover !== undefined) return last.takeover;
    // Nothing went out yet, so the length is known.
    if (last.head !== undefined) this.writeWhole({ ...last.head, replaceBody: last.bytes }, headers);
    // Without an error of the dialect's own, or where the length is promised already, only a broken connection tells the client.
    else if (failed && (last.bytes.length === 0 || this.response.hasHeader('content-length'))) this.response.destroy();
    else this.response.end(last.bytes);
    return undefined;
  }

  /** Another backend's answer, called by the exchange. */
  private async writeTakeover(takeover: Takeover): Promise<void> {
    const { status, headers } = await takeover.head();
    this.response.writeHead(status, Object.fromEntries(headers));
    this.response.flushHeaders();
    for (;;) {
      const piece = await takeover.next();
      if (piece === undefined) break;
      if (piece.broken === true) {
        this.response.destroy();
        return;
      }
      await this.write(piece.bytes);
    }
    this.response.end();
  }

  private call(backend: BackendConfiguration | undefined, forward: Forward, body: Uint8Array, signal: AbortSignal): Promise<UpstreamAnswer> {
    const endpoint = backend?.endpoint;
    if (endpoint === undefined) throw new UpstreamError('dns', `LLMBackend ${forward.backend} has no endpoint`);
    const { method = 'POST', headers } = this.request;
    const { header } = this.head();
    const timeout = forward.headTimeout === undefined ? {} : { headTimeout: forward.headTimeout };
    return this.options.upstream.call({
      endpoint, method, path: forward.path, headers: upstreamHeaders(Object.keys(headers), header, forward), body, signal, ...timeout,
    });
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
    this.response.writeHead(out.status, { ...clientHeaders(out, headers), 'content-length': String(body.length) }).end(body);
  }
}

function reason(error: unknown): string {
  return (error as { code?: string }).code ?? 'connection lost';
}
