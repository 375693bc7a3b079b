import { IConfigMap, ISecret } from 'cdk8s-plus-28';
import { Jwks } from './jwks';

/** Clients that send an API key of yours. */
export interface ApiKeyClientAuthOptions {
  /**
   * Secrets of type `Opaque` with the clients: each key of a Secret is the id of a client, its value is that client's API key, to the byte (a
   * newline at the end counts). No two clients may have the same key. A change takes effect without restart.
   */
  readonly secrets: ISecret[];

  /**
   * Request headers that the key may come in, in the order in which they are looked at; in `authorization`, `Bearer` may stand before it.
   *
   * @default - `authorization` and `x-api-key`, which the clients of OpenAI and Anthropic send; together with JWT, `x-api-key` alone
   */
  readonly headers?: string[];
}

/** Who issues the tokens (JWT, RFC 7519) that clients send as `Authorization: Bearer`. */
export interface JwtProvider {
  /** The public keys of the issuer. */
  readonly jwks: Jwks;

  /**
   * Claim `iss` that a token must have.
   *
   * @default - any issuer whose keys these are
   */
  readonly issuer?: string;

  /**
   * A token must have one of these in its claim `aud`; at most 8.
   *
   * @default - any audience, also tokens that were issued for something else
   */
  readonly audiences?: string[];

  /**
   * Claims that are put into request headers `x-llm-claim-<name>` (what is no letter or digit becomes `-`), for rules that match headers. A claim within
   * another is written with a dot, as in `org.team`. Those that `allowModels` and token limits name come by themselves.
   *
   * @default - none
   */
  readonly claims?: string[];
}

/** Browsers: whoever has no session is sent to the provider's login page (OpenID Connect), which API clients cannot follow. */
export interface OidcClientAuthOptions {
  /** Issuer, such as `https://accounts.example.com`. */
  readonly issuer: string;

  /** Client id of this gateway at the provider. */
  readonly clientId: string;

  /** Secret whose key `client-secret` holds the client secret. */
  readonly clientSecret: ISecret;

  /**
   * Scopes to ask for beside `openid`.
   *
   * @default - none
   */
  readonly scopes?: string[];

  /**
   * Where the provider sends the browser back to; must be registered there, and its path must be one that the LlmRoute takes (for OpenAI clients, below `/v1`).
   *
   * @default - the request's own scheme and host, with the path `/v1/oauth2/callback` (below the first path of the LlmRoute's dialect)
   */
  readonly redirectUrl?: string;

  /**
   * Path that ends the session; one that the LlmRoute takes.
   *
   * @default - `/v1/logout` (below the first path of the LlmRoute's dialect)
   */
  readonly logoutPath?: string;

  /**
   * Domain of the session's cookies, such as `example.com`.
   *
   * @default - the request's host alone
   */
  readonly cookieDomain?: string;

  /**
   * Authorization endpoint of the provider. Together with `tokenEndpoint`.
   *
   * @default - Envoy Gateway asks the issuer's `/.well-known/openid-configuration`
   */
  readonly authorizationEndpoint?: string;

  /**
   * Token endpoint of the provider. Together with `authorizationEndpoint`.
   *
   * @default - Envoy Gateway asks the issuer's `/.well-known/openid-configuration`
   */
  readonly tokenEndpoint?: string;
}

/** Clients that prove who they are by a certificate when they connect (mutual TLS). */
export interface MtlsClientAuthOptions {
  /**
   * ConfigMaps whose key `ca.crt` holds the certificates of the authorities that vouch for clients; at most 8. In the namespace of the LlmGateway.
   */
  readonly certificateAuthorities: IConfigMap[];

  /**
   * DNS names of which a client's certificate must have one.
   *
   * @default - any certificate of these authorities
   */
  readonly dnsNames?: string[];

  /**
   * URIs (such as SPIFFE ids) of which a client's certificate must have one.
   *
   * @default - any certificate of these authorities
   */
  readonly uris?: string[];
}
