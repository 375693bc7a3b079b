import { randomUUID } from 'node:crypto';
import { Configuration } from './configuration';
import { Credentials } from './credentials/credentials';
import { Engine, Exchange } from './exchange';
import { ExchangeServices } from './exchange-services';
import { LlmExchange } from './llm-exchange';
import { OutlierMemory } from './outlier-memory';
import { RequestRecord } from './request-record';
import { UpstreamClient } from './upstream-client';

export interface LlmEngineOptions {
  /** The configuration of the moment; an exchange keeps the one that it began with. */
  configuration(): Configuration | undefined;
  /** @default - such as sign in with the first request */
  readonly credentials?: Credentials;
  /** Calls the backends after the first, of rules with failover. @default - no rule fails over */
  readonly upstream?: UpstreamClient;
  /** Milliseconds that a request with its failover may take. @default 600000 */
  readonly requestTimeout?: number;
  /** Bytes. @default 52428800 */
  readonly bodyLimit?: number;
  /** Envoy has checked who the client is, and says so in headers that no client can send. @default true */
  readonly clientsAreKnown?: boolean;
  /** In [0, 1). @default Math.random */
  random?(): number;
  /** Milliseconds since the epoch. @default Date.now */
  now?(): number;
  /** @default - random ids */
  id?(prefix: string): string;
  /** Hears of every request once, when it is over. `like`: the same object for all requests that one target of one rule took, to remember by. */
  onRecord?(record: RequestRecord, like: object | undefined): void;
  /** Hears of faults of ours, such as an answer that cannot be decoded. */
  onFault?(error: unknown): void;
}

const DEFAULT_BODY_LIMIT = 50 * 1024 * 1024;
/** As the constructs bound requests. */
const DEFAULT_REQUEST_TIMEOUT = 600_000;

/** The core that `llmgw serve` and `llmgw extproc` share. */
export class LlmEngine implements Engine {
  private readonly services: ExchangeServices;

  constructor(private readonly options: LlmEngineOptions) {
    const now = options.now ?? Date.now;
    this.services = {
      now,
      outliers: new OutlierMemory(now),
      upstream: options.upstream,
      requestTimeout: options.requestTimeout ?? DEFAULT_REQUEST_TIMEOUT,
      credentials: options.credentials ?? new Credentials(),
      environment: {
        now,
        id: options.id ?? ((prefix) => `${prefix}${randomUUID().replaceAll('-', '')}`),
      },
      random: options.random ?? Math.random,
      bodyLimit: options.bodyLimit ?? DEFAULT_BODY_LIMIT,
      clientsAreKnown: options.clientsAreKnown ?? true,
      record: (record, like) => {
        // A listener that fails must not take the request with it: `Exchange.close` does not throw.
        try {
          options.onRecord?.(record, like);
        } catch (error) {
          options.onFault?.(error);
        }
      },
      fault: (error) => options.onFault?.(error),
    };
  }

  get ready(): boolean {
    return this.options.configuration() !== undefined;
  }

  exchange(): Exchange {
    return new LlmExchange(this.options.configuration(), this.services);
  }
}
