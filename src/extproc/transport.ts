import { Framed } from './wire-writer';
import { ListenAddress } from '../runtime/listen-address';

/** gRPC's own status codes, as far as they are used here. */
export const GRPC_STATUS = { OK: 0, INVALID_ARGUMENT: 3, RESOURCE_EXHAUSTED: 8, UNIMPLEMENTED: 12, INTERNAL: 13, UNAVAILABLE: 14 } as const;

/**
 * A gRPC server reduced to what ext_proc needs, so that the HTTP/2 below can be exchanged: every transport passes the same tests. Streams go
 * both ways, messages are not compressed.
 */
export interface Transport {
  /** Resolves with the port. Rejects when it cannot listen. */
  listen(address: ListenAddress): Promise<number>;
  /** Takes no new connections and asks the peers to open no more streams; resolves when all streams have ended. */
  drain(): Promise<void>;
  /** Ends what is still open. */
  close(): Promise<void>;
  /** Streams that are open now. */
  readonly openStreams: number;
  /** For connections from now on; those that there are go on. Only where it began with TLS. */
  useCertificates(certificates: TransportCertificates): void;
}

/** In PEM. */
export interface TransportCertificates {
  /** Chain of the server, its own certificate first. */
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Authorities of the clients. */
  readonly ca: Buffer;
}

/** Mutual TLS: a peer without a certificate of these authorities is refused in the handshake. */
export interface TransportTls {
  readonly certificates: TransportCertificates;
  /** DNS name among the subject alternative names of the peer's certificate. @default - any certificate of the authorities */
  readonly clientName?: string;
  /** A connection was refused; `peer`: its address. */
  onRefused?(reason: string, peer: string): void;
}

/** The other side of one stream. */
export interface Call {
  /** One message with gRPC's prefix. Goes out at the end of the turn at the latest, in order; its bytes must not change any more. */
  send(framed: Framed): void;
  /** Resolves when the peer has taken so much of what was sent that there is room for more, or when the stream is over. */
  drained(): Promise<void>;
  /** Ends the stream; later calls do nothing. */
  end(status: number, message?: string): void;
}

/** What a service does with one stream. None of the methods throws. */
export interface CallHandler {
  /**
   * A message without its prefix; its bytes stay valid. The bytes of a large message count against the budgets until this returns, or until
   * what it returns resolves.
   */
  message(bytes: Buffer): void | Promise<void>;
  /** All messages of this turn of the event loop were delivered: the moment to send what was gathered. */
  turn(): void;
  /** A message is larger than the limits allow, or the memory for it is in use: its bytes are passed over. */
  refused(): void;
  /** The peer sends no more messages. */
  ended(): void;
  /** The stream is over in whatever way. Called once, always. */
  closed(): void;
}

/** Finds the service of a path such as `/grpc.health.v1.Health/Check`; `undefined`: there is none. */
export type Services = (path: string, call: Call) => CallHandler | undefined;
