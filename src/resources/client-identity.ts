/** Request header with the id of the client whose API key was sent. Set by Envoy after it checked the key; one that a client sends is overwritten. */
export const CLIENT_ID_HEADER = 'x-llm-client-id';

const CLAIM_HEADER_PREFIX = 'x-llm-claim-';

/** Request header with a claim of the client's JWT. Set by Envoy after it checked the token; one that a client sends is removed. */
export function claimHeader(claim: string): string {
  return `${CLAIM_HEADER_PREFIX}${claim.replace(/[^A-Za-z0-9]/g, '-').toLowerCase()}`;
}

/** Whether a header says who the client is. No provider gets one. */
export function isIdentityHeader(name: string): boolean {
  return name === CLIENT_ID_HEADER || name.startsWith(CLAIM_HEADER_PREFIX);
}
