import { GatewayRef } from './gateway-ref';
import { ILlmBackend } from './llm-backend';
import { BACKEND_HEADER, INTERNAL_HEADERS, MODEL_HEADER, objectKey } from './resources/object-meta';
import { InputDialect } from './translate/input-dialect';
import {
  HttpRouteSpec, HttpRouteSpecRules, HttpRouteSpecRulesFiltersType as FilterType, HttpRouteSpecRulesMatches,
  HttpRouteSpecRulesMatchesHeaders, HttpRouteSpecRulesMatchesHeadersType as HeaderType, HttpRouteSpecRulesMatchesPathType as PathType,
} from '../imports/gateway.networking.k8s.io';

/** What the HTTPRoutes of an LlmRoute are made of. */
export interface PinnedHttpRoutesOptions {
  readonly gateway: GatewayRef;
  /** Empty: every host of the Gateway. */
  readonly hostnames: readonly string[];
  readonly dialect: InputDialect;
  /** Whether a user's own HTTPRoute takes requests of the same hosts: then the pinned rules must come before its rules too. */
  readonly besideHttpRoute: boolean;
  /** Name of the HTTPRouteFilter with the catch-all's answer, or a Service that takes its place. */
  readonly catchAll: string | { readonly name: string; readonly namespace: string; readonly port: number };
  readonly backends: Iterable<ILlmBackend>;
  /** Rate limits that go by the model look at a request once more when its answer is over: what a rule removed is gone then. */
  readonly keepsModelHeader: boolean;
  /** Headers that say who the client is. */
  readonly identityHeaders: readonly string[];
}

/** Gateway API's limits, https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec. */
const RULES_PER_ROUTE = 16;
const MATCHES_PER_ROUTE = 128;

/**
 * The HTTPRoutes: one rule a backend that matches the header ExtProc sets, and in the first a catch-all for what ExtProc sent nowhere.
 * In the order of the backends' names, so that a new rule of an LlmRoute makes a small difference.
 */
export function pinnedHttpRoutes(options: PinnedHttpRoutesOptions): HttpRouteSpec[] {
  const byKey = new Map([...options.backends].map((backend) => [objectKey(backend.namespace, backend.name), backend] as const));
  const pinned = [...byKey].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, backend]) => pinnedRule(backend, options));
  const { name, namespace, sectionName, port } = options.gateway;
  return chunked([catchAllRule(options), ...pinned]).map((rules) => ({
    parentRefs: [{ name, namespace, sectionName, port }],
    ...(options.hostnames.length === 0 ? {} : { hostnames: [...options.hostnames] }),
    rules,
  }));
}

function chunked(rules: readonly HttpRouteSpecRules[]): HttpRouteSpecRules[][] {
  const chunks: HttpRouteSpecRules[][] = [];
  let matches = 0;
  for (const rule of rules) {
    const count = rule.matches?.length ?? 1;
    const last = chunks[chunks.length - 1];
    if (last === undefined || last.length === RULES_PER_ROUTE || matches + count > MATCHES_PER_ROUTE) {
      chunks.push([rule]);
      matches = count;
    } else {
      last.push(rule);
      matches += count;
    }
  }
  return chunks;
}

function catchAllRule({ dialect, catchAll }: PinnedHttpRoutesOptions): HttpRouteSpecRules {
  return {
    name: 'catch-all',
    matches: dialect.pathPrefixes.map((value) => ({ path: { type: PathType.PATH_PREFIX, value } })),
    ...(typeof catchAll === 'string'
      ? { filters: [{ type: FilterType.EXTENSION_REF, extensionRef: { group: 'gateway.envoyproxy.io', kind: 'HTTPRouteFilter', name: catchAll } }] }
      : { backendRefs: [{ group: '', kind: 'Service', ...catchAll }] }),
  };
}

function pinnedRule(backend: ILlmBackend, options: PinnedHttpRoutesOptions): HttpRouteSpecRules {
  return {
    // Namespaces hold no dots: two backends never share a name, and none is called catch-all.
    name: `${backend.namespace}.${backend.name}`,
    matches: pinnedMatches(backend, options),
    filters: [
      { type: FilterType.URL_REWRITE, urlRewrite: { hostname: backend.host } },
      {
        type: FilterType.REQUEST_HEADER_MODIFIER,
        requestHeaderModifier: { remove: [...INTERNAL_HEADERS.filter((name) => name !== MODEL_HEADER || !options.keepsModelHeader), ...options.identityHeaders] },
      },
    ],
    backendRefs: [{ group: 'gateway.envoyproxy.io', kind: 'Backend', name: backend.backendName, namespace: backend.namespace, port: backend.port }],
  };
}

/**
 * Paths come before headers in Gateway API's precedence. So a pinned rule repeats the catch-all's prefixes, with `/` for rewritten paths. Beside
 * a user's HTTPRoute, whose paths are not ours to know, it takes a regular expression (before every prefix in Envoy Gateway) and the exact paths
 * that clients call, with a second header, so that it also has more headers than a rule that matches the model.
 */
function pinnedMatches(backend: ILlmBackend, { dialect, besideHttpRoute }: PinnedHttpRoutesOptions): HttpRouteSpecRulesMatches[] {
  const pin: HttpRouteSpecRulesMatchesHeaders = { type: HeaderType.EXACT, name: BACKEND_HEADER, value: objectKey(backend.namespace, backend.name) };
  if (!besideHttpRoute) {
    return [...new Set([...dialect.pathPrefixes, '/'])].map((value) => ({ path: { type: PathType.PATH_PREFIX, value }, headers: [pin] }));
  }
  const headers = [pin, { type: HeaderType.REGULAR_EXPRESSION, name: MODEL_HEADER, value: '.+' }];
  return [
    { path: { type: PathType.REGULAR_EXPRESSION, value: '/.*' }, headers },
    ...dialect.paths.map((value) => ({ path: { type: PathType.EXACT, value }, headers })),
  ];
}
