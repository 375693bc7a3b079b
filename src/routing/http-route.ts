import { comparePrecedence, PathType, Precedence } from './precedence';
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

type NamedTest = readonly [name: string, test: ValueTest];

interface Candidate extends HTTPRouteResult, Precedence {
  readonly method?: string;
  readonly matchesPath: ValueTest;
  readonly headers: readonly NamedTest[];
  readonly query: readonly NamedTest[];
}

/** One HTTPRoute, compiled to be part of tables. */
export interface CompiledHTTPRoute {
  readonly candidates: readonly Candidate[];
}

/** Throws on what `httpRouteDefects` reports. */
export function compileHTTPRoute(route: HTTPRoute, compile: RegexCompiler): CompiledHTTPRoute {
  return { candidates: candidatesOf(route, compile) };
}

/**
 * Several HTTPRoutes compiled into one evaluator with the order of `comparePrecedence`. As in Envoy, where every hostname is a virtual host of
 * its own, a request looks at the most specific hostname that takes its host, and at no other.
 */
export class HTTPRouteTable {
  /** By hostname; wildcards without their `*`. */
  private readonly hosts = new Map<string, Candidate[]>();

  constructor(routes: Iterable<CompiledHTTPRoute>) {
    for (const { candidates } of routes) for (const candidate of candidates) this.add(candidate);
    for (const candidates of this.hosts.values()) candidates.sort(comparePrecedence);
  }

  /** The winning rule, or `undefined` when none takes the request. */
  evaluate(request: HTTPRequestView): HTTPRouteResult | undefined {
    const mark = request.path.indexOf('?');
    const path = mark < 0 ? request.path : request.path.slice(0, mark);
    let query: URLSearchParams | undefined;
    const parameter = (name: string) => {
      query ??= new URLSearchParams(mark < 0 ? '' : request.path.slice(mark + 1));
      return query.get(name) ?? undefined;
    };
    return this.candidates(hostOf(request.authority))?.find((candidate) => candidate.matchesPath(path)
      && (candidate.method === undefined || candidate.method === request.method)
      && allMatch(candidate.headers, (name) => request.header(name))
      && allMatch(candidate.query, parameter));
  }

  private add(candidate: Candidate): void {
    const host = candidate.hostname.startsWith('*') ? candidate.hostname.slice(1) : candidate.hostname;
    const others = this.hosts.get(host);
    if (others === undefined) this.hosts.set(host, [candidate]);
    else others.push(candidate);
  }

  private candidates(host: string): readonly Candidate[] | undefined {
    const exact = this.hosts.get(host);
    if (exact !== undefined) return exact;
    for (let dot = host.indexOf('.', 1); dot > 0; dot = host.indexOf('.', dot + 1)) {
      const wildcard = this.hosts.get(host.slice(dot));
      if (wildcard !== undefined) return wildcard;
    }
    return this.hosts.get('');
  }
}

function allMatch(tests: readonly NamedTest[], read: (name: string) => string | undefined): boolean {
  return tests.every(([name, test]) => {
    const value = read(name);
    return value !== undefined && test(value);
  });
}

function candidatesOf(route: HTTPRoute, compile: RegexCompiler): Candidate[] {
  const hostnames = route.spec.hostnames?.length ? route.spec.hostnames : ['*'];
  return (route.spec.rules ?? []).flatMap((rule, ruleIndex) => (rule.matches?.length ? rule.matches : [{}]).flatMap((match, matchIndex) => {
    const compiled = compileMatch(route, rule, match, compile);
    return hostnames.map((hostname) => ({ ...compiled, hostname: hostname.toLowerCase(), ruleIndex, matchIndex }));
  }));
}

function compileMatch(
  route: HTTPRoute, rule: HTTPRouteRule, match: HTTPRouteMatch, compile: RegexCompiler,
): Omit<Candidate, 'hostname' | 'ruleIndex' | 'matchIndex'> {
  const pathType = match.path?.type ?? 'PathPrefix';
  const value = match.path?.value ?? '/';
  // Element by element: /v1 and /v1/ take /v1 and /v1/x, not /v10.
  const path = pathType === 'PathPrefix' ? value.replace(/\/+$/, '') : value;
  const headers = namedTests((match.headers ?? []).map((header) => ({ ...header, name: header.name.toLowerCase() })), compile);
  const query = namedTests(match.queryParams ?? [], compile);
  return {
    route: objectKey(route.metadata.namespace, route.metadata.name),
    rule,
    backendRefs: rule.backendRefs ?? [],
    pathType,
    pathLength: path.length,
    matchesPath: pathTest(pathType, path, compile),
    ...(match.method === undefined ? {} : { method: match.method }),
    hasMethod: match.method !== undefined,
    headers,
    headerCount: headers.length,
    query,
    queryCount: query.length,
    created: route.metadata.creationTimestamp ?? '',
  };
}

function pathTest(type: PathType, value: string, compile: RegexCompiler): ValueTest {
  switch (type) {
    case 'Exact': return (path) => path === value;
    case 'PathPrefix': return (path) => path === value || path.startsWith(`${value}/`);
    case 'RegularExpression': {
      const expression = compile(value);
      return (path) => expression.test(path);
    }
  }
}

type ValueMatch = { readonly type?: 'Exact' | 'RegularExpression'; readonly name: string; readonly value: string };

/** Gateway API: of several entries with one name, only the first counts. */
function namedTests(matches: readonly ValueMatch[], compile: RegexCompiler): NamedTest[] {
  return matches
    .filter((match, index) => matches.findIndex((other) => other.name === match.name) === index)
    .map((match) => [match.name, valueTest(match, compile)] as const);
}

function valueTest(match: ValueMatch, compile: RegexCompiler): ValueTest {
  if (match.type !== 'RegularExpression') return (value) => value === match.value;
  const expression = compile(match.value);
  return (value) => expression.test(value);
}

function hostOf(authority: string): string {
  return authority.replace(/:\d+$/, '').toLowerCase();
}
