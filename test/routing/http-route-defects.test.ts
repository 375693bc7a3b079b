import fc from 'fast-check';
import { tableOf } from './table-of';
import { HTTPRoute } from '../../src/resources/gateway-api';
import { httpRouteDefects } from '../../src/routing/http-route-defects';
import { compileRe2 } from '../../src/runtime/re2';

const routeOf = (spec: unknown) => ({ kind: 'HTTPRoute', metadata: { name: 'a', namespace: 'x' }, spec }) as HTTPRoute;
const withMatch = (match: unknown) => routeOf({ rules: [{ matches: [match] }] });

test('a good route has none', () => {
  expect(httpRouteDefects(routeOf({
    hostnames: ['*.example'],
    rules: [
      { matches: [{ path: { type: 'RegularExpression', value: '/.*' }, headers: [{ name: 'x', value: '1' }] }], backendRefs: [{ name: 'b', weight: 0 }, { name: 'c' }] },
      {},
    ],
  }), compileRe2)).toEqual([]);
  expect(httpRouteDefects(routeOf({}), compileRe2)).toEqual([]);
});

test.each<[string, HTTPRoute, string, RegExp]>([
  ['rules that are no list', routeOf({ rules: 'x' }), 'spec.rules', /must be a list/],
  ['a rule that is no object', routeOf({ rules: [1] }), 'spec.rules[0]', /must be an object/],
  ['a path type', withMatch({ path: { type: 'Prefix', value: '/' } }), 'spec.rules[0].matches[0].path.type', /one of Exact, RegularExpression, PathPrefix/],
  ['a path', withMatch({ path: { value: 'v1' } }), 'spec.rules[0].matches[0].path.value', /must begin with \/, not "v1"/],
  ['an expression in a path', withMatch({ path: { type: 'RegularExpression', value: '/(' } }), 'spec.rules[0].matches[0].path.value', /"\/\(" is no regular expression in RE2 syntax/],
  ['a backreference', withMatch({ headers: [{ name: 'x', type: 'RegularExpression', value: '(a)\\1' }] }), 'spec.rules[0].matches[0].headers[0].value', /RE2/],
  ['a number as a value', withMatch({ queryParams: [{ name: 'x', value: 1 }] }), 'spec.rules[0].matches[0].queryParams[0].value', /must be a string; put numbers in quotes/],
  ['a weight', routeOf({ rules: [{ backendRefs: [{ name: 'b', weight: -1 }] }] }), 'spec.rules[0].backendRefs[0].weight', /at least 0/],
  ['a hostname', routeOf({ hostnames: [1] }), 'spec.hostnames[0]', /must be a string/],
])('%s', (_, route, path, message) => {
  expect(httpRouteDefects(route, compileRe2)).toEqual([{ path, message: expect.stringMatching(message) }]);
});

test('what has no defects can be evaluated, whatever it holds', () => {
  const junk = fc.oneof(fc.constantFrom(null, undefined, 1, 'x', '/', [], {}), fc.jsonValue({ maxDepth: 1 }));
  const optional = { requiredKeys: [] };
  const path = fc.oneof(junk, fc.record({ type: junk, value: junk }, optional));
  const match = fc.record({ path, method: junk, headers: fc.oneof(junk, fc.array(junk)), queryParams: junk }, optional);
  const rule = fc.record({ name: junk, matches: fc.oneof(junk, fc.array(fc.oneof(junk, match))), backendRefs: junk }, optional);
  const spec = fc.record({
    hostnames: fc.oneof(junk, fc.array(junk)),
    rules: fc.oneof(junk, fc.array(fc.oneof(junk, rule))),
  }, optional);
  fc.assert(fc.property(spec, (value) => {
    const route = routeOf(value);
    if (httpRouteDefects(route, compileRe2).length > 0) return;
    tableOf([route]).evaluate({ method: 'POST', path: '/', authority: 'a', header: () => undefined });
  }), { numRuns: 2_000 });
});
