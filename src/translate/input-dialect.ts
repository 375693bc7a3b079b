import { Endpoint } from './translator';
import { InputSchemaName } from '../resources/schema-name';

/** What a client speaks, apart from the requests that a `Translator` turns: paths, errors, the model list. */
export interface InputDialect {
  readonly schema: InputSchemaName;
  /** Path prefixes that a route of this dialect takes (HTTPRoute PathPrefix values), such as `/v1`. */
  readonly pathPrefixes: readonly string[];
  /** Exact paths that clients call, for companion routes. */
  readonly paths: readonly string[];
  /** Which endpoint a request is for; `path` may carry a query. `undefined`: no such endpoint. */
  endpoint(method: string, path: string): Endpoint | undefined;
  /** A whole error response body. */
  error(error: ClientError): { readonly contentType: string; readonly body: Uint8Array };
  /** An error inside a stream that has begun. */
  errorEvent(error: ClientError): Uint8Array;
  /** The answer of the model list endpoint, or for a path behind it that of one model. `undefined`: there is no such model. */
  models(models: readonly ListedModel[], path: string): Uint8Array | undefined;
}

export interface ClientError {
  /** HTTP status. */
  readonly status: number;
  readonly message: string;
  readonly code?: string | null;
  readonly param?: string | null;
  /** The dialect's own error type; absent: worked out from the status. */
  readonly type?: string;
}

export interface ListedModel {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly ownedBy: string;
}
