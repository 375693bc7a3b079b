import { ApiKeyClientAuthOptions, JwtProvider, MtlsClientAuthOptions, OidcClientAuthOptions } from './client-auth-options';

/** How clients say who they are; each member that is there is demanded. */
export interface ClientAuthParts {
  readonly apiKeys?: ApiKeyClientAuthOptions;
  readonly jwt?: readonly JwtProvider[];
  readonly oidc?: OidcClientAuthOptions;
  readonly mtls?: MtlsClientAuthOptions;
}
