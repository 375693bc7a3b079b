import { createSecureServer, createServer, Http2SecureServer, Http2Server, Http2Session, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { AddressInfo } from 'node:net';
import { SecureContextOptions, TLSSocket } from 'node:tls';
import { BodyBudget, ConnectionBudget } from './body-budget';
import { MessageReader, MessageSink } from './message-reader';
import { Call, CallHandler, GRPC_STATUS, Services, Transport, TransportCertificates, TransportTls } from './transport';
import { Framed } from './wire-writer';
import { ListenAddress } from '../runtime/listen-address';

/** Bytes that a peer may send ahead on one stream and on one connection: a large body needs no round trip for every 64 KiB. */
const STREAM_WINDOW = 1024 * 1024;
const CONNECTION_WINDOW = 16 * 1024 * 1024;
const MAX_STREAMS = 20_000;
/** Megabytes that node lets one connection use for its streams; the budgets are the finer limit. */
const SESSION_MEMORY = 1_024;

/** Bytes from which on a piece is not copied to go out in one write with others. */
const LARGE_PIECE = 64 * 1024;

const RESPONSE_HEADERS = { ':status': 200, 'content-type': 'application/grpc' } as const;

export interface DeadlineOptions {
  /** Milliseconds that a message may take to arrive, and a stream to send its first. */
  readonly message: number;
  /** Milliseconds without any message after which a stream is ended. */
  readonly idle: number;
  /** Milliseconds between looks at all streams. */
  readonly interval: number;
}

export const DEFAULT_DEADLINES: DeadlineOptions = { message: 60_000, idle: 3_600_000, interval: 10_000 };

/** The transport on node:http2: its server and streams, with gRPC's framing on top. */
export class Http2Transport implements Transport {
  private readonly server: Http2Server | Http2SecureServer;
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly streams = new Set<Http2Call>();
  private readonly turns = new Turns();
  private readonly deadlines: NodeJS.Timeout;
  private onEmpty: (() => void) | undefined;

  constructor(private readonly services: Services, budget: BodyBudget, options: DeadlineOptions = DEFAULT_DEADLINES, private readonly tls?: TransportTls) {
    this.server = tls === undefined ? createServer(HTTP2_OPTIONS) : secureServer(tls);
    this.server.on('session', (session: ServerHttp2Session) => {
      if (this.isWelcome(session)) this.accept(session, budget.connection());
      else session.destroy();
    });
    this.server.on('sessionError', () => undefined);
    this.deadlines = setInterval(() => {
      const now = Date.now();
      for (const stream of this.streams) stream.checkDeadline(now, options);
    }, options.interval);
    this.deadlines.unref();
  }

  get openStreams(): number {
    return this.streams.size;
  }

  useCertificates(certificates: TransportCertificates): void {
    if (this.tls !== undefined) (this.server as Http2SecureServer).setSecureContext(contextOptions(certificates));
  }

  async listen({ host, port }: ListenAddress): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    return (this.server.address() as AddressInfo).port;
  }

  async drain(): Promise<void> {
    if (this.server.listening) this.server.close();
    // GOAWAY: the peer opens its next streams elsewhere, what is open goes on.
    for (const session of this.sessions) session.close();
    if (this.streams.size > 0) await new Promise<void>((resolve) => { this.onEmpty = resolve; });
  }

  async close(): Promise<void> {
    clearInterval(this.deadlines);
    if (this.server.listening) this.server.close();
    const ended = [...this.sessions].map((session) => new Promise<void>((resolve) => session.once('close', () => resolve())));
    for (const session of this.sessions) session.destroy();
    await Promise.all(ended);
  }

  /** The authorities may have issued certificates to others than Envoy. */
  private isWelcome({ socket }: ServerHttp2Session): boolean {
    const { clientName, onRefused } = this.tls ?? {};
    if (clientName === undefined) return true;
    const certificate = (socket as TLSSocket).getPeerX509Certificate?.();
    if (certificate?.checkHost(clientName, { subject: 'never', wildcards: false }) !== undefined) return true;
    onRefused?.(`the certificate is not that of ${clientName}, but of ${certificate?.subjectAltName ?? 'nobody'}`, socket.remoteAddress ?? '');
    return false;
  }

  private accept(session: ServerHttp2Session, budget: ConnectionBudget): void {
    this.sessions.add(session);
    setLocalWindow(session);
    session.once('close', () => this.sessions.delete(session));
    session.on('error', () => undefined);
    session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => this.open(stream, headers, budget));
  }

  private open(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, budget: ConnectionBudget): void {
    const call = new Http2Call(stream, budget, this.turns, () => {
      this.streams.delete(call);
      if (this.streams.size === 0) this.onEmpty?.();
    });
    this.streams.add(call);
    call.start(headers, this.services);
  }
}

const HTTP2_OPTIONS = {
  settings: { initialWindowSize: STREAM_WINDOW, maxConcurrentStreams: MAX_STREAMS },
  maxSessionMemory: SESSION_MEMORY,
};

/** node offers `h2` alone by ALPN, as HTTP/1 is not asked for. */
function secureServer(tls: TransportTls): Http2SecureServer {
  const server = createSecureServer({ ...HTTP2_OPTIONS, ...contextOptions(tls.certificates), requestCert: true, rejectUnauthorized: true });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => tls.onRefused?.(error.code ?? error.message, socket.remoteAddress ?? ''));
  return server;
}

function contextOptions({ cert, key, ca }: TransportCertificates): SecureContextOptions {
  return { cert, key, ca, minVersion: 'TLSv1.2' };
}

function setLocalWindow(session: Http2Session): void {
  try {
    session.setLocalWindowSize(CONNECTION_WINDOW);
  } catch {
    // The peer left at once.
  }
}

/** Streams that got messages in this turn of the event loop, told all together at its end. */
class Turns {
  private waiting: Http2Call[] = [];
  private readonly run = () => {
    const calls = this.waiting;
    this.waiting = [];
    for (const call of calls) call.turn();
  };

  add(call: Http2Call): void {
    if (this.waiting.length === 0) setImmediate(this.run);
    this.waiting.push(call);
  }
}

/** One stream. */
class Http2Call implements Call, MessageSink {
  private handler: CallHandler | undefined;
  private readonly reader: MessageReader;
  private readonly out: Uint8Array[] = [];
  private inTurn = false;
  private over = false;
  private closing = false;
  private lastMessage = Date.now();

  constructor(private readonly stream: ServerHttp2Stream, budget: ConnectionBudget, private readonly turns: Turns, private readonly onClosed: () => void) {
    this.reader = new MessageReader(this, budget);
  }

  start(headers: IncomingHttpHeaders, services: Services): void {
    const { stream } = this;
    stream.on('error', () => undefined);
    stream.once('close', () => this.finish());
    if (headers[':method'] !== 'POST' || headers['content-type']?.startsWith('application/grpc') !== true) {
      stream.respond({ ':status': 415 }, { endStream: true });
      return;
    }
    if ((headers['grpc-encoding'] ?? 'identity') !== 'identity') {
      this.refuseCall(GRPC_STATUS.UNIMPLEMENTED, 'compressed messages are not supported');
      return;
    }
    this.handler = services(headers[':path'] ?? '', this);
    if (this.handler === undefined) {
      this.refuseCall(GRPC_STATUS.UNIMPLEMENTED, 'there is no such method');
      return;
    }
    stream.on('data', (chunk: Buffer) => {
      this.joinTurn();
      this.reader.push(chunk);
    });
    stream.once('end', () => {
      // What came with the end is answered before the end is.
      this.handler?.turn();
      this.handler?.ended();
    });
  }

  send(framed: Framed): void {
    if (this.over) return;
    for (const piece of framed) this.out.push(piece);
    // After an asynchronous piece of work no turn is under way.
    this.joinTurn();
  }

  async drained(): Promise<void> {
    this.flush();
    const { stream } = this;
    if (this.over || gone(stream) || !stream.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stream.off('drain', done).off('close', done);
        resolve();
      };
      stream.once('drain', done).once('close', done);
    });
  }

  end(status: number, message?: string): void {
    if (this.over) return;
    this.flush();
    this.over = true;
    const { stream } = this;
    if (gone(stream)) return;
    if (!stream.headersSent) {
      stream.respond({ ...RESPONSE_HEADERS, ...trailers(status, message) }, { endStream: true });
    } else {
      stream.once('wantTrailers', () => { if (!gone(stream)) stream.sendTrailers(trailers(status, message)); });
      stream.end();
    }
    // What the peer still sends is of no use to anybody.
    stream.resume();
  }

  turn(): void {
    this.inTurn = false;
    if (this.closing) return;
    this.handler?.turn();
    this.flush();
  }

  message(bytes: Buffer): void | Promise<void> {
    this.lastMessage = Date.now();
    if (!this.over) return this.handler?.message(bytes);
  }

  refused(): void {
    if (!this.over) this.handler?.refused();
  }

  broken(reason: string): void {
    this.end(reason.startsWith('compressed') ? GRPC_STATUS.UNIMPLEMENTED : GRPC_STATUS.INTERNAL, reason);
  }

  checkDeadline(now: number, { message, idle }: DeadlineOptions): void {
    const silent = now - this.lastMessage;
    if (silent > idle || (silent > message && (this.reader.unfinished || !this.stream.headersSent))) this.stream.close();
  }

  private refuseCall(status: number, message: string): void {
    this.end(status, message);
  }

  private joinTurn(): void {
    if (this.inTurn) return;
    this.inTurn = true;
    this.turns.add(this);
  }

  private flush(): void {
    const { out, stream } = this;
    if (out.length === 0 || this.over || gone(stream)) return;
    if (!stream.headersSent) stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
    if (out.length === 1) {
      stream.write(out[0]);
    } else if (out.some(({ length }) => length >= LARGE_PIECE)) {
      stream.cork();
      for (const piece of out) stream.write(piece);
      stream.uncork();
    } else {
      stream.write(Buffer.concat(out));
    }
    out.length = 0;
  }

  private finish(): void {
    if (this.closing) return;
    this.closing = true;
    this.over = true;
    this.reader.close();
    this.handler?.closed();
    // Small collections take node's closed streams for live ones: whatever they lead to, bodies and all, would be kept and moved about until a full one.
    this.handler = undefined;
    for (const event of ['data', 'end', 'close']) this.stream.removeAllListeners(event);
    this.onClosed();
  }
}

/** The peer reset it, or its connection ended; node throws at whoever writes then. */
function gone(stream: ServerHttp2Stream): boolean {
  return stream.destroyed || stream.closed;
}

function trailers(status: number, message: string | undefined): Record<string, string> {
  return { 'grpc-status': String(status), ...message === undefined ? {} : { 'grpc-message': encodeURIComponent(message) } };
}
