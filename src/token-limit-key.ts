import { CLIENT_ID_HEADER, claimHeader } from './client-identity';

/** What a key is made of; as data. */
export type KeySource =
  | { readonly kind: 'header'; readonly header: string }
  | { readonly kind: 'jwtClaim'; readonly header: string; readonly claim: string }
  | { readonly kind: 'apiKeyClient'; readonly header: string }
  | { readonly kind: 'everyone' };

/** What has a token budget of its own. A request without the key is refused: it would have no limit. */
export class TokenLimitKey {
  /**
   * Each value of a request header, such as `x-tenant`. Whoever sets that header chooses whose budget is used: take it only where something in front
   * of the gateway sets it, or removes what clients send.
   *
   * @param name its name, in any case
   */
  public static header(name: string): TokenLimitKey {
    return new TokenLimitKey({ kind: 'header', header: name.toLowerCase() });
  }

  /**
   * Each value of a claim of the client's JWT, such as `sub`, or `org.team` for one within another. The route or its gateway has to authenticate clients by JWT.
   *
   * @param claim its name
   */
  public static jwtClaim(claim: string): TokenLimitKey {
    return new TokenLimitKey({ kind: 'jwtClaim', header: claimHeader(claim), claim });
  }

  /** Each client, by the id of its API key. The route or its gateway has to authenticate clients by API keys. */
  public static apiKeyClient(): TokenLimitKey {
    return new TokenLimitKey({ kind: 'apiKeyClient', header: CLIENT_ID_HEADER });
  }

  /** Nothing: all requests of the route have one budget together. */
  public static everyone(): TokenLimitKey {
    return new TokenLimitKey({ kind: 'everyone' });
  }

  private constructor(private readonly source: KeySource) {}

  /** @internal */
  public get _source(): KeySource {
    return this.source;
  }
}
