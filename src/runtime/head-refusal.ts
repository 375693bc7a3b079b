import { Answer, RequestHead } from './exchange';
import { ClientError, InputDialect } from '../translate/input-dialect';

/** A refusal that the head of a request is enough for. */
export interface HeadRefusal extends ClientError {
  readonly code: string;
  /** Beside those of every error. */
  readonly headers: Answer['headers'];
}

/** Of a request that is for no endpoint: its path has none, or takes another method (RFC 9110, 15.5.6). */
export function endpointRefusal(dialect: InputDialect, { method, path }: RequestHead): HeadRefusal {
  const [bare] = path.split('?', 1);
  const allowed = ['POST', 'GET'].find((other) => dialect.endpoint(other, path) !== undefined);
  return allowed === undefined
    ? { status: 404, message: `unknown endpoint ${method} ${bare}; there are ${dialect.paths.join(', ')}`, code: 'unknown_endpoint', headers: [] }
    : { status: 405, message: `${method} is not allowed for ${bare}; send ${allowed}`, code: 'method_not_allowed', headers: [['allow', allowed === 'GET' ? 'GET, HEAD' : allowed]] };
}

/** Of a body that is not what it says; `undefined`: it can be read. A body that unpacks to any size would make the limits of bodies worthless. */
export function encodingRefusal(head: RequestHead): HeadRefusal | undefined {
  const encoding = head.header('content-encoding')?.trim().toLowerCase() ?? '';
  return encoding === '' || encoding === 'identity' ? undefined : {
    status: 415,
    message: 'request bodies with a content-encoding are not taken; send the JSON itself, without that header',
    code: 'unsupported_content_encoding',
    headers: [['accept-encoding', 'identity']],
  };
}
