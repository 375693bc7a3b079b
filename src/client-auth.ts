import { ApiKeyClientAuthOptions, JwtProvider, MtlsClientAuthOptions, OidcClientAuthOptions } from './client-auth-options';
import { ClientAuthParts } from './client-auth-parts';

/**
 * How the clients of a route say who they are. Envoy refuses the rest with 401 before a model is looked at; no credential of a client reaches a provider.
 */
export class ClientAuth {
  /** An API key of yours in `Authorization` or `x-api-key`, as the clients of OpenAI and Anthropic send theirs. */
  public static apiKeys(options: ApiKeyClientAuthOptions): ClientAuth {
    return new ClientAuth({ apiKeys: options });
  }

  /** A token (JWT) as `Authorization: Bearer`, of one of these providers; at most 16. */
  public static jwt(...providers: JwtProvider[]): ClientAuth {
    return new ClientAuth({ jwt: providers });
  }

  /** A login in the browser (OpenID Connect). For pages that people open; API clients need API keys or JWT. */
  public static oidc(options: OidcClientAuthOptions): ClientAuth {
    return new ClientAuth({ oidc: options });
  }

  /**
   * A client certificate (mutual TLS). It is asked for when a connection is made, before there is a request, so it holds for every HTTPS listener of a
   * Gateway: only on an LlmGateway that makes its own.
   */
  public static mtls(options: MtlsClientAuthOptions): ClientAuth {
    return new ClientAuth({ mtls: options });
  }

  /**
   * All of these at once, such as an API key and a token of a person, or a certificate and an API key. Of each kind one; not OIDC with API keys or JWT,
   * since a browser that is sent to a login page has neither. Throws otherwise.
   */
  public static allOf(...parts: ClientAuth[]): ClientAuth {
    const all: ClientAuthParts = {};
    for (const { parts: one } of parts) {
      const twin = Object.keys(one).find((kind) => kind in all);
      if (twin !== undefined) throw new Error(`ClientAuth.allOf has two of ${twin}; give one, with all Secrets or providers in it`);
      Object.assign(all, one);
    }
    const other = all.apiKeys === undefined ? 'jwt' : 'apiKeys';
    if (all.oidc !== undefined && all[other] !== undefined) {
      throw new Error(`ClientAuth.allOf has oidc and ${other}: both would be demanded, and a browser that is sent to a login page sends no ${other === 'jwt' ? 'token' : 'API key'}; make two LlmRoutes of different hostnames`);
    }
    return new ClientAuth(all);
  }

  /** Anybody: for a route of an LlmGateway whose other routes ask for more. */
  public static none(): ClientAuth {
    return new ClientAuth({});
  }

  private constructor(private readonly parts: ClientAuthParts) {}

  /** @internal */
  public get _parts(): ClientAuthParts {
    return this.parts;
  }
}
