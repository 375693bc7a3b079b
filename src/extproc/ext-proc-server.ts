import { setTimeout as sleep } from 'node:timers/promises';
import { BodyBudget, BudgetLimits } from './body-budget';
import { ExtProcStream } from './ext-proc-stream';
import { HealthService } from './health-service';
import { DeadlineOptions, Http2Transport } from './http2-transport';
import { ProcessingResponseEncoder } from './processing-response';
import { Services, Transport, TransportCertificates, TransportTls } from './transport';
import { METADATA_NAMESPACE } from '../resources/object-meta';
import { Engine } from '../runtime/exchange';
import { ListenAddress } from '../runtime/listen-address';

export interface ExtProcServerOptions {
  readonly engine: Engine;
  /** Bytes of one request body. @default 52428800 */
  readonly bodyLimit?: number;
  /** Bytes of request bodies in memory, a connection. @default 4 times bodyLimit */
  readonly connectionLimit?: number;
  /** The same over all connections. @default 8 times bodyLimit */
  readonly processLimit?: number;
  /** Milliseconds for a credential. @default 8000 */
  readonly decisionTimeout?: number;
  /** @default - 60 s for a message, an hour without one */
  readonly deadlines?: DeadlineOptions;
  /** @default - no TLS: whoever reaches the port is served */
  readonly tls?: TransportTls;
  onFault?(error: unknown): void;
  /** @default - node:http2 */
  transport?(services: Services, budget: BodyBudget): Transport;
}

const DEFAULT_BODY_LIMIT = 50 * 1024 * 1024;
/** What stands around a body in its message. */
const ENVELOPE = 1024;
/** Below Envoy's messageTimeout as the constructs set it. */
const DECISION_TIMEOUT = 8_000;

const EXT_PROC_SERVICE = 'envoy.service.ext_proc.v3.ExternalProcessor';
const HEALTH = '/grpc.health.v1.Health';

/** The gRPC server that Envoy asks about every request. */
export class ExtProcServer {
  readonly budget: BodyBudget;
  private readonly transport: Transport;
  private readonly health: HealthService;
  private draining = false;
  private listening = false;

  constructor(private readonly options: ExtProcServerOptions) {
    const bodyLimit = options.bodyLimit ?? DEFAULT_BODY_LIMIT;
    const limits: BudgetLimits = {
      message: bodyLimit + ENVELOPE,
      connection: options.connectionLimit ?? 4 * bodyLimit,
      process: options.processLimit ?? 8 * bodyLimit,
    };
    this.budget = new BodyBudget(limits);
    this.health = new HealthService([EXT_PROC_SERVICE], () => this.ready);
    const streamOptions = {
      encoder: new ProcessingResponseEncoder(METADATA_NAMESPACE),
      exchange: () => options.engine.exchange(),
      decisionTimeout: options.decisionTimeout ?? DECISION_TIMEOUT,
      onFault: (error: unknown) => options.onFault?.(error),
    };
    const services: Services = (path, call) => {
      switch (path) {
        case `/${EXT_PROC_SERVICE}/Process`: return new ExtProcStream(call, streamOptions);
        case `${HEALTH}/Check`: return this.health.check(call);
        case `${HEALTH}/Watch`: return this.health.watch(call);
        default: return undefined;
      }
    };
    this.transport = options.transport?.(services, this.budget) ?? new Http2Transport(services, this.budget, options.deadlines, options.tls);
  }

  /** It listens, a configuration is loaded and no drain has begun: what the health service and `/readyz` say. */
  get ready(): boolean {
    return this.listening && this.options.engine.ready && !this.draining;
  }

  get openStreams(): number {
    return this.transport.openStreams;
  }

  /** Resolves with the port. */
  async listen(address: ListenAddress): Promise<number> {
    const port = await this.transport.listen(address);
    this.listening = true;
    return port;
  }

  /** For connections from now on; streams that are open go on. */
  useCertificates(certificates: TransportCertificates): void {
    this.transport.useCertificates(certificates);
  }

  /** To be called after a configuration was loaded: watchers of the health service hear of it. */
  readinessChanged(): void {
    this.health.changed();
  }

  /**
   * Not ready at once; after `delay` milliseconds, when load balancers know, no new streams; then waits for those that are open, at most
   * `timeout` milliseconds. Resolves with the number of streams that were cut off.
   */
  async drain(delay: number, timeout: number): Promise<number> {
    this.draining = true;
    this.health.changed();
    await sleep(delay);
    this.health.endWatches();
    const abandoned = new AbortController();
    await Promise.race([
      this.transport.drain(),
      sleep(timeout, undefined, { signal: abandoned.signal }).catch(() => undefined),
    ]);
    abandoned.abort();
    const cut = this.transport.openStreams;
    await this.transport.close();
    return cut;
  }

  close(): Promise<void> {
    return this.transport.close();
  }
}
