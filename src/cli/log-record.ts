import { Logger } from 'pino';
import { RequestRecord } from '../runtime/request-record';

/** What went wrong, and clients that left, are worth a line; the rest is in Envoy's access log and in the metrics. */
export function logRecord(log: Logger, record: RequestRecord): void {
  if (record.outcome === 'aborted') log.info(record, 'request aborted');
  else if (failed(record)) log.warn(record, 'request failed');
  else if (record.attempts !== undefined && record.attempts.length > 1) log.info(record, 'request answered after failover');
  else if (log.isLevelEnabled('debug')) log.debug(record, 'request');
}

/** Of an answer that broke off, the status is that of its beginning. */
function failed({ status, errorCode }: RequestRecord): boolean {
  return status >= 500 || status === 0 || status < 400 && errorCode !== undefined;
}
