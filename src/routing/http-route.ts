import { HTTPBackendRef, HTTPRoute, HTTPRouteMatch, HTTPRouteRule } from '../resources/gateway-api';
import { objectKey, ObjectKey } from '../resources/object-meta';

/** What HTTPRoute matching looks at. */
export interface HTTPRequestView {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Host with or without a port. */
  readonly authority: string;
  /** By lower-case name. */
  header(name: string): string | undefined;
}

/** Compiles a regular expression that must match a whole value; throws on a syntax error. */
export type RegexCompiler = (source: string) => { test(value: string): boolean };

/** The rule of an HTTPRoute that takes a request. */
export interface HTTPRouteResult {
  readonly route: ObjectKey;
  readonly rule: HTTPRouteRule;
  readonly ruleIndex: number;
  readonly backendRefs: readonly HTTPBackendRef[];
}

type ValueTest = (value: string) => boolean;

interface Candidate extends HTTPRouteResult {
  readonly hostname: string;
  readonly pathType: number;
  readonly pathValue: string;
  readonly method?: string;
  readonly headerCount: number;
  readonly queryCount: number;
  readonly created: string;
  readonly matchIndex: number;
  readonly matchesPath: ValueTest;
  readonly headers: ReadonlyArray<readonly [name: string, test: ValueTest]>;
  readonly query: ReadonlyArray<readonly [name: string, test: ValueTest]>;
}

// As Envoy Gateway sorts: exact paths, then regular expressions, then prefixes.
const PATH_TYPES = ['Exact', 'RegularExpression', 'PathPrefix'] as const;

/**
 * Several HTTPRoutes compiled into one evaluator with Gateway API's precedence: more specific hostname, exact path, regular expression,
 * longest path, method, most headers, most query parameters, oldest route, namespace and name, first rule, first match.
 */
export class HTTPRouteTable {
  private readonly candidates: readonly Candidate[];

  constructor(routes: Iterable<HTTPRoute>, compile: RegexCompiler) {
    this.candidates = [...routes].flatMap((route) => candidatesOf(route, compile)).sort(compareCandidates);
  }

  /** The winning rule, or `undefined` when none takes the request. */
  evaluate(request: HTTPRequestView): HTTPRouteResult | undefined {
    const host = hostOf(request.authority);
    const mark = request.path.indexOf('?');
    const path = mark < 0 ? request.path : request.path.slice(0, mark);
    let query: URLSearchParams | undefined;
    // Once a hostname has matched, Gateway API looks no further than the routes of that hostname.
    let hostname: string | undefined;
    for (const candidate of this.candidates) {
      if (hostname !== undefined && candidate.hostname !== hostname) break;
      if (!matchesHost(candidate.hostname, host)) continue;
      hostname = candidate.hostname;
      if (!candidate.matchesPath(path)) continue;
      if (candidate.method !== undefined && candidate.method !== request.method) continue;
      if (!candidate.headers.every(([name, test]) => testValue(request.header(name), test))) continue;
      if (candidate.query.length > 0) {
        query ??= new URLSearchParams(mark < 0 ? '' : request.path.slice(mark + 1));
        const parameters = query;
        if (!candidate.query.every(([name, test]) => testValue(parameters.get(name) ?? undefined, test))) continue;
      }
      return candidate;
    }
    return undefined;
  }
}

function testValue(value: string | undefined, test: ValueTest): boolean {
  return value !== undefined && test(value);
}

function candidatesOf(route: HTTPRoute, compile: RegexCompiler): Candidate[] {
  const hostnames = route.spec.hostnames?.length ? route.spec.hostnames : ['*'];
  return (route.spec.rules ?? []).flatMap((rule, ruleIndex) => (rule.matches?.length ? rule.matches : [{}]).flatMap(
    (match, matchIndex) => hostnames.map((hostname) => candidateOf(route, rule, ruleIndex, match, matchIndex, hostname.toLowerCase(), compile)),
  ));
}

function candidateOf(
  route: HTTPRoute, rule: HTTPRouteRule, ruleIndex: number, match: HTTPRouteMatch, matchIndex: number, hostname: string, compile: RegexCompiler,
): Candidate {
  const type = match.path?.type ?? 'PathPrefix';
  const value = match.path?.value ?? '/';
  return {
    route: objectKey(route.metadata.namespace, route.metadata.name),
    rule,
    ruleIndex,
    backendRefs: rule.backendRefs ?? [],
    hostname,
    pathType: PATH_TYPES.indexOf(type),
    pathValue: type === 'PathPrefix' ? value.replace(/\/+$/, '') : value,
    ...(match.method === undefined ? {} : { method: match.method }),
    headerCount: match.headers?.length ?? 0,
    queryCount: match.queryParams?.length ?? 0,
    created: route.metadata.creationTimestamp ?? '',
    matchIndex,
    matchesPath: pathTest(type, value, compile),
    headers: (match.headers ?? []).map((header) => [header.name.toLowerCase(), valueTest(header, compile)] as const),
    query: (match.queryParams ?? []).map((parameter) => [parameter.name, valueTest(parameter, compile)] as const),
  };
}

function pathTest(type: (typeof PATH_TYPES)[number], value: string, compile: RegexCompiler): ValueTest {
  switch (type) {
    case 'Exact': return (path) => path === value;
    case 'RegularExpression': {
      const expression = compile(value);
      return (path) => expression.test(path);
    }
    case 'PathPrefix': {
      // Element by element: /v1 takes /v1 and /v1/x, not /v10.
      const prefix = value.replace(/\/+$/, '');
      return (path) => path === prefix || path.startsWith(`${prefix}/`);
    }
  }
}

function valueTest(match: { readonly type?: 'Exact' | 'RegularExpression'; readonly value: string }, compile: RegexCompiler): ValueTest {
  if (match.type !== 'RegularExpression') return (value) => value === match.value;
  const expression = compile(match.value);
  return (value) => expression.test(value);
}

function hostOf(authority: string): string {
  return authority.replace(/:\d+$/, '').toLowerCase();
}

function matchesHost(hostname: string, host: string): boolean {
  if (hostname === '*') return true;
  return hostname.startsWith('*.') ? host.endsWith(hostname.slice(1)) && host.length > hostname.length - 1 : host === hostname;
}

/** Negative when `left` comes first. A total order: no two candidates are equal in every part. */
export function compareCandidates(left: Candidate, right: Candidate): number {
  return hostSpecificity(right.hostname) - hostSpecificity(left.hostname)
    || compareText(left.hostname, right.hostname)
    || left.pathType - right.pathType
    || right.pathValue.length - left.pathValue.length
    || Number(right.method !== undefined) - Number(left.method !== undefined)
    || right.headerCount - left.headerCount
    || right.queryCount - left.queryCount
    || compareText(left.created || '~', right.created || '~')
    || compareText(left.route, right.route)
    || left.ruleIndex - right.ruleIndex
    || left.matchIndex - right.matchIndex;
}

function hostSpecificity(hostname: string): number {
  return hostname === '*' ? 0 : hostname.startsWith('*.') ? hostname.length : 1_000 + hostname.length;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
