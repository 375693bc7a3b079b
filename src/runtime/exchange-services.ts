import { Credentials } from './credentials/credentials';
import { FailoverServices } from './failover';
import { RequestRecord } from './request-record';
import { UpstreamClient } from './upstream-client';
import { Environment } from '../translate/translator';

/** What all exchanges of an engine share. */
export interface ExchangeServices extends FailoverServices {
  readonly credentials: Credentials;
  readonly environment: Environment;
  /** Calls the backends after the first. Absent: no rule fails over. */
  readonly upstream?: UpstreamClient;
  /** Milliseconds that a request with its failover may take. */
  readonly requestTimeout: number;
  /** Bytes. */
  readonly bodyLimit: number;
  /** Envoy has checked who the client is, and says so in headers that no client can send. */
  readonly clientsAreKnown: boolean;
  record(record: RequestRecord, like: object | undefined): void;
  /** A fault of ours, never of the client; the message goes to the log only. */
  fault(error: unknown): void;
}
