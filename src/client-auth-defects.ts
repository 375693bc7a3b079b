import { ISecret } from 'cdk8s-plus-28';
import { ApiKeyClientAuthOptions, JwtProvider, OidcClientAuthOptions } from './client-auth-options';
import { ClientAuthParts } from './client-auth-parts';
import { claimHeader } from './client-identity';

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/;
const CLAIM = /^[^\s.]+(\.[^\s.]+)*$/;
/** Headers whose value is no key, or that the gateway writes itself. */
const NO_KEY_HEADER = /^(host|content-.*|transfer-encoding|connection|accept|accept-encoding|x-llm-.*|x-ai-gateway-.*|x-envoy-.*)$/i;

/** What is wrong with client authentication by itself, in the words of `clientAuth`. */
export function clientAuthDefects({ apiKeys, jwt, oidc }: ClientAuthParts): string[] {
  return [
    ...(apiKeys === undefined ? [] : apiKeyDefects(apiKeys, jwt !== undefined)),
    ...(jwt === undefined ? [] : jwtDefects(jwt)),
    ...(oidc === undefined ? [] : oidcDefects(oidc)),
  ];
}

/** What is wrong with claims together: two that Envoy would put into one header. */
export function claimDefects(claims: readonly string[]): string[] {
  return claims.flatMap((claim, index) => {
    const twin = claims.slice(0, index).find((other) => claimHeader(other) === claimHeader(claim));
    return twin === undefined ? [] : [`claims ${JSON.stringify(twin)} and ${JSON.stringify(claim)} would both come in the header ${claimHeader(claim)}; have the issuer name one of them differently, or go by one alone`];
  });
}

/** Paths of the route: Envoy answers these of OIDC only where an HTTPRoute of the route takes them. */
export function oidcPathDefects({ redirectUrl, logoutPath }: OidcClientAuthOptions, pathPrefixes: readonly string[]): string[] {
  const isTaken = (path: string) => pathPrefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
  const below = `must be below ${pathPrefixes.join(' or ')}: the route takes no other paths`;
  const redirectPath = redirectUrl?.replace(/^.*?:\/\/[^/]*/, '');
  return [
    ...(redirectPath === undefined || isTaken(redirectPath) ? [] : [`oidc.redirectUrl ${JSON.stringify(redirectUrl)} has the path ${JSON.stringify(redirectPath)}, which ${below}`]),
    ...(logoutPath === undefined || isTaken(logoutPath) ? [] : [`oidc.logoutPath ${JSON.stringify(logoutPath)} ${below}`]),
  ];
}

function apiKeyDefects({ secrets, headers }: ApiKeyClientAuthOptions, besideJwt: boolean): string[] {
  const defects: string[] = [];
  if (secrets.length === 0) defects.push('apiKeys.secrets is empty; give the Secret that holds the clients and their keys');
  if (headers?.length === 0) defects.push('apiKeys.headers is empty; leave it out for Authorization and x-api-key');
  (headers ?? []).forEach((name, index) => {
    if (!HEADER_NAME.test(name) || NO_KEY_HEADER.test(name)) defects.push(`apiKeys.headers[${index}] ${JSON.stringify(name)} is no header that a client can send a key in; name one such as x-api-key`);
    if (besideJwt && name.toLowerCase() === 'authorization') {
      defects.push(`apiKeys.headers[${index}] "${name}" is where the token (JWT) comes: Envoy takes the key out of it before it looks for the token; name another header`);
    }
  });
  return [...defects, ...repeated(secrets.map(({ name }: ISecret) => name), 'apiKeys.secrets')];
}

function jwtDefects(providers: readonly JwtProvider[]): string[] {
  if (providers.length === 0 || providers.length > 16) return [`jwt has ${providers.length} providers; allowed: 1 to 16`];
  return providers.flatMap(({ issuer, audiences, claims }, index) => {
    const path = providers.length === 1 ? 'jwt' : `jwt[${index}]`;
    const defects: string[] = [];
    if (issuer !== undefined && (issuer === '' || issuer.length > 253)) defects.push(`${path}.issuer must have 1 to 253 characters; leave it out to take any issuer`);
    if (audiences !== undefined && (audiences.length === 0 || audiences.length > 8 || audiences.includes(''))) defects.push(`${path}.audiences must have 1 to 8 entries, none of them empty; leave it out to take any audience`);
    (claims ?? []).forEach((claim, place) => {
      if (!CLAIM.test(claim)) defects.push(`${path}.claims[${place}] ${JSON.stringify(claim)} is no name of a claim; write one such as sub, or org.team for one within another`);
    });
    return defects;
  });
}

function oidcDefects(oidc: OidcClientAuthOptions): string[] {
  const defects: string[] = [];
  for (const name of ['issuer', 'authorizationEndpoint', 'tokenEndpoint'] as const) {
    const value = oidc[name];
    if (value !== undefined && !/^https:\/\/[^\s/]+/.test(value)) defects.push(`oidc.${name} ${JSON.stringify(value)} must be an https URL`);
  }
  if ((oidc.authorizationEndpoint === undefined) !== (oidc.tokenEndpoint === undefined)) defects.push('oidc.authorizationEndpoint and oidc.tokenEndpoint go together; give both, or none to have the issuer asked');
  if (oidc.clientId === '') defects.push('oidc.clientId is empty; give the id that the provider has for this gateway');
  // Envoy reads % as the begin of a command, and refuses its whole configuration for one that it does not know.
  const redirectUrl = oidc.redirectUrl?.replace('%REQ(x-forwarded-proto)%://', 'https://').replace('://%REQ(:authority)%/', '://host/');
  if (redirectUrl !== undefined && !/^https?:\/\/[^\s/%]+\/[^\s%]+$/.test(redirectUrl)) {
    defects.push(`oidc.redirectUrl ${JSON.stringify(oidc.redirectUrl)} must be a URL with a path, such as https://llm.example.com/v1/oauth2/callback`);
  }
  return defects;
}

function repeated(names: readonly string[], path: string): string[] {
  return names.flatMap((name, index) => (names.indexOf(name) === index ? [] : [`${path}[${index}] is ${name} once more; give each Secret once`]));
}
