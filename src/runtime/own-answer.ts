import { CredentialError } from './credentials/credential-error';
import { Answer } from './exchange';
import { HeadRefusal } from './head-refusal';
import { ClientError, InputDialect } from '../translate/input-dialect';
import { RequestError } from '../translate/request-error';

/** Seconds; for those who ask before the gateway is ready. */
const RETRY_AFTER = '2';

/** A stable word for an error of the gateway's own. */
export function codeOf({ code }: ClientError): string {
  return code ?? 'invalid_request';
}

/** The whole answer to a request that goes nowhere. */
export function ownAnswer(dialect: InputDialect, error: ClientError | HeadRefusal): Answer {
  const { contentType, body } = dialect.error(error);
  return {
    kind: 'answer',
    status: error.status,
    headers: [['content-type', contentType], ...(error.status === 503 ? [['retry-after', RETRY_AFTER] as const] : []), ...'headers' in error ? error.headers : []],
    body,
    details: `llm_${codeOf(error).replace(/[^A-Za-z0-9_]/g, '_')}`,
  };
}

/** What a client hears of an error that was thrown; `undefined`: it is a fault of ours. */
export function thrownRefusal(error: unknown): ClientError | undefined {
  if (error instanceof RequestError) return { status: error.status, message: error.message, code: error.code, param: error.param };
  if (error instanceof CredentialError) return { status: error.status, message: error.message, code: error.status === 401 ? 'missing_credential' : 'backend_credential' };
  return undefined;
}
