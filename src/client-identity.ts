export { CLIENT_ID_HEADER, claimHeader } from './resources/client-identity';

/** What a route's client authentication says about who calls, for all that goes by it. */
export interface ClientIdentity {
  /** Clients send API keys: every request has `CLIENT_ID_HEADER`. */
  readonly apiKeys: boolean;
  /** Clients send JWTs: the claims that are asked for come in `claimHeader(claim)`. */
  readonly jwt: boolean;
}

/** Of a route without client authentication. */
export const NO_CLIENT_IDENTITY: ClientIdentity = { apiKeys: false, jwt: false };
