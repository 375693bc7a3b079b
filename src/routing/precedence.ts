import { ObjectKey } from '../resources/object-meta';

/** As Envoy Gateway sorts: exact paths, then regular expressions, then prefixes. */
export const PATH_TYPES = ['Exact', 'RegularExpression', 'PathPrefix'] as const;

export type PathType = (typeof PATH_TYPES)[number];

/** Everything of one match of one HTTPRoute that its precedence depends on. */
export interface Precedence {
  /** Lower case; `*` where the HTTPRoute has none. */
  readonly hostname: string;
  readonly pathType: PathType;
  /** Characters of the path, a prefix without its closing slash. */
  readonly pathLength: number;
  readonly hasMethod: boolean;
  readonly headerCount: number;
  readonly queryCount: number;
  /** RFC 3339 in UTC; empty: unknown, which counts as the newest. */
  readonly created: string;
  readonly route: ObjectKey;
  readonly ruleIndex: number;
  readonly matchIndex: number;
}

/**
 * Negative when `left` comes first, by Gateway API's order (HTTPRouteRule.matches): more specific hostname, path type, longest path, method,
 * most headers, most query parameters, oldest route, namespace and name, first rule, first match. A total order: only one and the same match
 * compares as 0.
 */
export function comparePrecedence(left: Precedence, right: Precedence): number {
  return compareHostnames(left.hostname, right.hostname)
    || PATH_TYPES.indexOf(left.pathType) - PATH_TYPES.indexOf(right.pathType)
    || right.pathLength - left.pathLength
    || Number(right.hasMethod) - Number(left.hasMethod)
    || right.headerCount - left.headerCount
    || right.queryCount - left.queryCount
    || compareCreated(left.created, right.created)
    || compareText(left.route, right.route)
    || left.ruleIndex - right.ruleIndex
    || left.matchIndex - right.matchIndex;
}

/** Negative when `left` is the more specific: names before wildcards, longer before shorter. */
export function compareHostnames(left: string, right: string): number {
  return hostnameRank(left) - hostnameRank(right) || right.length - left.length || compareText(left, right);
}

function hostnameRank(hostname: string): number {
  if (hostname === '*') return 2;
  return hostname.startsWith('*.') ? 1 : 0;
}

function compareCreated(left: string, right: string): number {
  return Number(left === '') - Number(right === '') || compareText(left, right);
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
