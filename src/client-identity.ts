/** Request header with the id of the client whose API key was sent. Set by Envoy after it checked the key; one that a client sends is overwritten. */
export const CLIENT_ID_HEADER = 'x-llm-client-id';

/** Request header with a claim of the client's JWT. Set by Envoy after it checked the token; one that a client sends is removed. */
export function claimHeader(claim: string): string {
  return `x-llm-claim-${claim.replace(/[^A-Za-z0-9]/g, '-').toLowerCase()}`;
}

/** What a route's client authentication says about who calls, for all that goes by it. */
export interface ClientIdentity {
  /** Clients send API keys: every request has `CLIENT_ID_HEADER`. */
  readonly apiKeys: boolean;
  /** Clients send JWTs: the claims that are asked for come in `claimHeader(claim)`. */
  readonly jwt: boolean;
}

/** Of a route without client authentication. */
export const NO_CLIENT_IDENTITY: ClientIdentity = { apiKeys: false, jwt: false };
