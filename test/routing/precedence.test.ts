import fc from 'fast-check';
import { tableOf } from './table-of';
import { HTTPRoute, HTTPRouteMatch } from '../../src/resources/gateway-api';
import { HTTPRequestView } from '../../src/routing/http-route';
import { comparePrecedence, PATH_TYPES, Precedence } from '../../src/routing/precedence';

const precedence: fc.Arbitrary<Precedence> = fc.record({
  hostname: fc.constantFrom('*', '*.example', '*.a.example', 'a.example', 'b.example', 'long.a.example'),
  pathType: fc.constantFrom(...PATH_TYPES),
  pathLength: fc.nat(3),
  hasMethod: fc.boolean(),
  headerCount: fc.nat(2),
  queryCount: fc.nat(2),
  created: fc.constantFrom('', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'),
  route: fc.constantFrom('a/a' as const, 'a/b' as const, 'b/a' as const),
  ruleIndex: fc.nat(1),
  matchIndex: fc.nat(1),
});

test('precedence is a total order: antisymmetric, transitive, and 0 for nothing but the same match', () => {
  fc.assert(fc.property(precedence, precedence, precedence, (a, b, c) => {
    expect(Math.sign(comparePrecedence(a, b)) + Math.sign(comparePrecedence(b, a))).toBe(0);
    expect(comparePrecedence(a, b) === 0).toBe(JSON.stringify(a) === JSON.stringify(b));
    const [first, second, third] = [a, b, c].sort(comparePrecedence);
    expect(comparePrecedence(first, second)).toBeLessThanOrEqual(0);
    expect(comparePrecedence(second, third)).toBeLessThanOrEqual(0);
    expect(comparePrecedence(first, third)).toBeLessThanOrEqual(0);
  }), { numRuns: 2_000 });
});

const values = fc.constantFrom({ name: 'a', value: '1' }, { name: 'b', value: '1' }, { name: 'a', type: 'RegularExpression' as const, value: '[12]' });
const match: fc.Arbitrary<HTTPRouteMatch> = fc.record({
  path: fc.constantFrom<HTTPRouteMatch['path']>(
    { type: 'Exact', value: '/v1' }, { type: 'Exact', value: '/v1/chat' }, { type: 'PathPrefix', value: '/' }, { type: 'PathPrefix', value: '/v1' },
    { type: 'PathPrefix', value: '/v1/' }, { value: '/v1/chat' }, { type: 'RegularExpression', value: '/.*' }, { type: 'RegularExpression', value: '/v1/.+' }, undefined,
  ),
  method: fc.constantFrom('GET', 'POST', undefined),
  headers: fc.uniqueArray(values, { maxLength: 2, selector: (item) => item.name }),
  queryParams: fc.uniqueArray(values, { maxLength: 2, selector: (item) => item.name }),
});
const httpRoutes: fc.Arbitrary<HTTPRoute[]> = fc.uniqueArray(fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  namespace: fc.constantFrom('x', 'y'),
  created: fc.constantFrom(undefined, '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'),
  hostnames: fc.uniqueArray(fc.constantFrom('*.example', '*.a.example', 'a.example', 'b.a.example'), { maxLength: 2 }),
  rules: fc.array(fc.array(match, { maxLength: 3 }), { maxLength: 3 }),
}), { maxLength: 4, selector: (item) => `${item.namespace}/${item.name}` }).map((items) => items.map((item): HTTPRoute => ({
  kind: 'HTTPRoute',
  metadata: { name: item.name, namespace: item.namespace, ...(item.created ? { creationTimestamp: item.created } : {}) },
  spec: {
    hostnames: item.hostnames,
    rules: item.rules.map((matches, index) => ({ name: `${item.namespace}/${item.name}/${index}`, matches })),
  },
})));
const requests = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  path: fc.constantFrom('/', '/v1', '/v1/', '/v1/chat', '/v10', '/v1/chat?a=1', '/v1?b=1&a=2', '/v2?a=3'),
  authority: fc.constantFrom('a.example', 'A.Example:8080', 'b.a.example', 'c.b.a.example', 'example', 'other', '[::1]:80'),
  headers: fc.record({ a: fc.constantFrom('1', '2', '3', undefined), b: fc.constantFrom('1', undefined) }),
});

/** Gateway API's text, taken literally: all matches that take the request, thinned out criterion by criterion. */
function oracle(
  routes: readonly HTTPRoute[], request: { method: string; path: string; authority: string; headers: Record<string, string | undefined> },
): string | undefined {
  const host = request.authority.toLowerCase().split(/:\d+$/)[0];
  const [path, search = ''] = request.path.split('?');
  const query = Object.fromEntries(search.split('&').map((pair) => pair.split('=')));
  const takesHost = (name: string) => name === '' || name === host || (name.startsWith('*.') && host.length > name.length - 1 && host.endsWith(name.slice(1)));
  const takes = (test: { name: string; type?: string; value: string }, from: Record<string, string | undefined>) => {
    const value = from[test.name];
    return value !== undefined && (test.type === 'RegularExpression' ? new RegExp(`^(?:${test.value})$`).test(value) : value === test.value);
  };
  let left = routes.flatMap((route, order) => (route.spec.hostnames?.length ? route.spec.hostnames : ['']).flatMap((hostname) => (route.spec.rules ?? []).flatMap(
    (rule, ruleIndex) => (rule.matches?.length ? rule.matches : [{}]).map((one: HTTPRouteMatch, matchIndex) => ({
      route, order, hostname, rule, ruleIndex, matchIndex, match: one, type: one.path?.type ?? 'PathPrefix', value: one.path?.value ?? '/',
    })),
  ))).filter((item) => takesHost(item.hostname));
  const keepBest = (score: (item: (typeof left)[number]) => number | string) => {
    const best = left.map(score).sort((x, y) => (x < y ? -1 : x > y ? 1 : 0))[0];
    left = left.filter((item) => score(item) === best);
  };
  keepBest((item) => (item.hostname === '' ? 2 : item.hostname.startsWith('*') ? 1 : 0));
  keepBest((item) => -item.hostname.length);
  left = left.filter(({ match: one, type, value }) => {
    const prefix = value.replace(/\/$/, '');
    const takesPath = type === 'Exact' ? path === value
      : type === 'PathPrefix' ? `${path}/`.startsWith(`${prefix}/`) : new RegExp(`^(?:${value})$`).test(path);
    return takesPath && (one.method ?? request.method) === request.method
      && (one.headers ?? []).every((test) => takes(test, request.headers)) && (one.queryParams ?? []).every((test) => takes(test, query));
  });
  keepBest((item) => ['Exact', 'RegularExpression', 'PathPrefix'].indexOf(item.type));
  keepBest((item) => -(item.type === 'PathPrefix' ? item.value.replace(/\/$/, '') : item.value).length);
  keepBest((item) => (item.match.method ? 0 : 1));
  keepBest((item) => -(item.match.headers ?? []).length);
  keepBest((item) => -(item.match.queryParams ?? []).length);
  keepBest((item) => item.route.metadata.creationTimestamp ?? '9999');
  keepBest((item) => `${item.route.metadata.namespace}/${item.route.metadata.name}`);
  keepBest((item) => item.ruleIndex);
  keepBest((item) => item.matchIndex);
  return left[0]?.rule.name;
}

test('the evaluator agrees with the text of Gateway API, in whatever order routes are given', () => {
  let found = 0;
  fc.assert(fc.property(httpRoutes, requests, (routes, request) => {
    const view: HTTPRequestView = { ...request, header: (name) => request.headers[name as 'a' | 'b'] };
    const expected = oracle(routes, request);
    if (expected !== undefined) found += 1;
    expect(tableOf(routes).evaluate(view)?.rule.name).toBe(expected);
    expect(tableOf([...routes].reverse()).evaluate(view)?.rule.name).toBe(expected);
  }), { numRuns: 3_000 });
  expect(found).toBeGreaterThan(300);
});

test('of several header matches with one name, in any case, the first counts', () => {
  const route: HTTPRoute = {
    kind: 'HTTPRoute',
    metadata: { name: 'a', namespace: 'x' },
    spec: { rules: [{ name: 'rule', matches: [{ headers: [{ name: 'X-A', value: '1' }, { name: 'x-a', value: '2' }] }] }] },
  };
  const evaluate = (value: string) => tableOf([route]).evaluate({
    method: 'POST', path: '/', authority: 'a', header: (name) => (name === 'x-a' ? value : undefined),
  })?.rule.name;
  expect([evaluate('1'), evaluate('2')]).toEqual(['rule', undefined]);
});

test('the request\'s own header method is called as a method', () => {
  class Request implements HTTPRequestView {
    readonly method = 'POST';
    readonly path = '/';
    readonly authority = 'a';
    private readonly values = new Map([['x-a', '1']]);
    header(name: string): string | undefined { return this.values.get(name); }
  }
  const route: HTTPRoute = { kind: 'HTTPRoute', metadata: { name: 'a', namespace: 'x' }, spec: { rules: [{ matches: [{ headers: [{ name: 'x-a', value: '1' }] }] }] } };
  expect(tableOf([route]).evaluate(new Request())?.route).toBe('x/a');
});
