import { authorizationRules } from './authorization-rules';
import { ClientAuthParts } from './client-auth-parts';
import { CLIENT_ID_HEADER, claimHeader } from './client-identity';
import { CorsOptions } from './cors';
import { corsSpec } from './cors-policy';
import { ModelAccessRule } from './resources/llm-route';
import { ObjectName } from './route-attachment';
import {
  SecurityPolicySpec, SecurityPolicySpecApiKeyAuth, SecurityPolicySpecAuthorizationDefaultAction as DefaultAction, SecurityPolicySpecJwt, SecurityPolicySpecOidc,
} from '../imports/gateway.envoyproxy.io';

/** What the SecurityPolicy of an LlmRoute is made of. */
export interface SecurityPolicyOptions {
  /** Names of the HTTPRoutes: all of the route's, and a user's own. */
  readonly httpRoutes: readonly string[];
  readonly namespace: string;
  readonly clientAuth: ClientAuthParts;
  /** Of the clients' API keys. */
  readonly clientSecrets: readonly ObjectName[];
  /** Of OIDC. */
  readonly oidcSecret?: ObjectName;
  /** Claims that go into headers. */
  readonly claims: readonly string[];
  readonly modelAccess: readonly ModelAccessRule[];
  readonly cors?: CorsOptions;
  readonly mergeWithGatewayPolicies: boolean;
  /** Path that the route takes and below which OIDC has its own. */
  readonly pathPrefix: string;
}

/** One for all: of two SecurityPolicies on one HTTPRoute, Envoy Gateway takes the older alone. */
export function securityPolicySpec(options: SecurityPolicyOptions): SecurityPolicySpec {
  const { clientAuth: { apiKeys, jwt, oidc }, modelAccess, cors } = options;
  return {
    targetRefs: options.httpRoutes.map((name) => ({ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name })),
    ...(options.mergeWithGatewayPolicies ? { mergeType: 'StrategicMerge' } : {}),
    ...(cors === undefined ? {} : { cors: corsSpec(cors) }),
    ...(apiKeys === undefined ? {} : { apiKeyAuth: apiKeyAuth(options) }),
    ...(jwt === undefined ? {} : { jwt: jwtAuth(options) }),
    ...(oidc === undefined ? {} : { oidc: oidcAuth(options) }),
    ...(modelAccess.length === 0 ? {} : {
      authorization: { defaultAction: DefaultAction.DENY, rules: authorizationRules(modelAccess, (jwt ?? []).map((_, index) => providerName(index))) },
    }),
  };
}

/** Headers that clients send their API keys in. */
export function apiKeyHeaders({ apiKeys, jwt }: ClientAuthParts): string[] {
  // Together with a token, Authorization is the token's.
  return apiKeys?.headers?.map((name) => name.toLowerCase()) ?? (jwt === undefined ? ['authorization', 'x-api-key'] : ['x-api-key']);
}

function apiKeyAuth({ clientAuth, clientSecrets, namespace }: SecurityPolicyOptions): SecurityPolicySpecApiKeyAuth {
  return {
    credentialRefs: clientSecrets.map((secret) => secretRef(secret, namespace)),
    extractFrom: [{ headers: apiKeyHeaders(clientAuth) }],
    // Our policies and ExtProc go by it; the pinned HTTPRoute rules remove it.
    forwardClientIdHeader: CLIENT_ID_HEADER,
    sanitize: true,
  };
}

function jwtAuth({ clientAuth: { jwt = [] }, claims }: SecurityPolicyOptions): SecurityPolicySpecJwt {
  return {
    providers: jwt.map(({ issuer, audiences, jwks }, index) => ({
      name: providerName(index),
      ...(issuer === undefined ? {} : { issuer }),
      ...(audiences === undefined ? {} : { audiences }),
      ...jwks._toKube(),
      // Envoy's default also takes a token out of the query, which goes on to providers and into logs.
      extractFrom: { headers: [{ name: 'Authorization', valuePrefix: 'Bearer ' }] },
      ...(claims.length === 0 ? {} : { claimToHeaders: claims.map((claim) => ({ claim, header: claimHeader(claim) })) }),
    })),
  };
}

function oidcAuth({ clientAuth: { oidc }, oidcSecret, namespace, pathPrefix }: SecurityPolicyOptions): SecurityPolicySpecOidc {
  if (oidc === undefined || oidcSecret === undefined) throw new Error('there is no OIDC to write');
  const { issuer, authorizationEndpoint, tokenEndpoint, clientId, scopes, cookieDomain } = oidc;
  return {
    provider: { issuer, ...(authorizationEndpoint === undefined ? {} : { authorizationEndpoint, tokenEndpoint }) },
    clientId,
    clientSecret: secretRef(oidcSecret, namespace),
    ...(scopes === undefined ? {} : { scopes }),
    // Envoy Gateway's defaults, /oauth2/callback and /logout, are paths that the route does not take.
    redirectUrl: oidc.redirectUrl ?? `%REQ(x-forwarded-proto)%://%REQ(:authority)%${pathPrefix}/oauth2/callback`,
    logoutPath: oidc.logoutPath ?? `${pathPrefix}/logout`,
    ...(cookieDomain === undefined ? {} : { cookieDomain }),
  };
}

function secretRef(secret: ObjectName, namespace: string): { group: string; kind: string; name: string; namespace?: string } {
  return { group: '', kind: 'Secret', name: secret.name, ...(secret.namespace === namespace ? {} : { namespace: secret.namespace }) };
}

function providerName(index: number): string {
  return `jwt-${index + 1}`;
}
