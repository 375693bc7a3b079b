import fc from 'fast-check';
import { tableOf } from './table-of';
import { HTTPRoute, HTTPRouteMatch } from '../../src/resources/gateway-api';

const route = (name: string, matches: HTTPRouteMatch[], more: { hostnames?: string[]; created?: string } = {}): HTTPRoute => ({
  kind: 'HTTPRoute',
  metadata: { name, namespace: 'default', ...(more.created ? { creationTimestamp: more.created } : {}) },
  spec: { ...(more.hostnames ? { hostnames: more.hostnames } : {}), rules: [{ name, matches, backendRefs: [{ name }] }] },
});

type Request = { method?: string; authority?: string; headers?: Record<string, string> };

function winner(routes: HTTPRoute[], path: string, more: Request = {}): string | undefined {
  return tableOf(routes).evaluate({
    method: more.method ?? 'POST', path, authority: more.authority ?? 'gateway.example:8080', header: (name) => more.headers?.[name],
  })?.rule.name;
}

const prefix = (value: string): HTTPRouteMatch => ({ path: { type: 'PathPrefix', value } });
const exact = (value: string): HTTPRouteMatch => ({ path: { type: 'Exact', value } });

test('a prefix matches whole path elements only', () => {
  expect(winner([route('v1', [prefix('/v1')])], '/v1/chat?x=1')).toBe('v1');
  expect(winner([route('v1', [prefix('/v1')])], '/v1')).toBe('v1');
  expect(winner([route('v1', [prefix('/v1/')])], '/v1')).toBe('v1');
  expect(winner([route('v1', [prefix('/v1')])], '/v10')).toBeUndefined();
});

test.each<[string, HTTPRoute[], string]>([
  ['an exact path beats a longer prefix', [route('prefix', [prefix('/v1/chat')]), route('exact', [exact('/v1/chat')])], 'exact'],
  ['a regular expression beats a prefix', [route('prefix', [prefix('/v1/chat')]), route('regex', [{ path: { type: 'RegularExpression', value: '/.*' } }])], 'regex'],
  ['the longer prefix', [route('short', [prefix('/v1')]), route('long', [prefix('/v1/chat')])], 'long'],
  ['a method', [route('any', [prefix('/v1')]), route('post', [{ ...prefix('/v1'), method: 'POST' }])], 'post'],
  ['more headers', [
    route('one', [{ ...prefix('/v1'), headers: [{ name: 'X-A', value: '1' }] }]),
    route('two', [{ ...prefix('/v1'), headers: [{ name: 'x-a', value: '1' }, { name: 'x-b', type: 'RegularExpression', value: '[0-9]+' }] }]),
  ], 'two'],
  ['more query parameters', [route('none', [prefix('/v1')]), route('query', [{ ...prefix('/v1'), queryParams: [{ name: 'q', value: '1' }] }])], 'query'],
  ['the older route', [
    route('newer', [prefix('/v1')], { created: '2026-02-01T00:00:00Z' }), route('older', [prefix('/v1')], { created: '2026-01-01T00:00:00Z' }),
  ], 'older'],
  ['the first name', [route('b', [prefix('/v1')]), route('a', [prefix('/v1')])], 'a'],
  ['the more specific hostname', [
    route('any', [exact('/v1/chat')]), route('wildcard', [exact('/v1/chat')], { hostnames: ['*.example'] }),
    route('host', [prefix('/')], { hostnames: ['gateway.example'] }),
  ], 'host'],
])('precedence: %s', (_, routes, expected) => {
  const headers = { 'x-a': '1', 'x-b': '42' };
  expect(winner(routes, '/v1/chat?q=1', { headers })).toBe(expected);
  expect(winner([...routes].reverse(), '/v1/chat?q=1', { headers })).toBe(expected);
});

test('a wildcard hostname needs a label of its own', () => {
  const routes = [route('wildcard', [prefix('/')], { hostnames: ['*.example'] })];
  expect(winner(routes, '/', { authority: 'a.example' })).toBe('wildcard');
  expect(winner(routes, '/', { authority: 'example' })).toBeUndefined();
});

const anyMatch = fc.record({
  path: fc.record({ type: fc.constantFrom('Exact' as const, 'PathPrefix' as const), value: fc.constantFrom('/', '/v1', '/v1/chat', '/v1/') }),
  method: fc.option(fc.constantFrom('POST', 'GET'), { nil: undefined }),
  headers: fc.option(fc.constant([{ name: 'x-a', value: '1' }]), { nil: undefined }),
});

test('the winner does not depend on the order in which routes are given, and takes the request', () => {
  const routes = fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), matches: fc.array(anyMatch, { minLength: 1, maxLength: 3 }) }), { selector: (item) => item.name });
  fc.assert(fc.property(routes, fc.nat(23), fc.boolean(), (items, rotation, header) => {
    const all = items.map((item) => route(item.name, item.matches));
    const turned = all.length === 0 ? all : [...all.slice(rotation % all.length), ...all.slice(0, rotation % all.length)].reverse();
    const headers: Record<string, string> = header ? { 'x-a': '1' } : {};
    const chosen = winner(all, '/v1/chat', { headers });
    expect(winner(turned, '/v1/chat', { headers })).toBe(chosen);
    const takes = (match: (typeof items)[number]['matches'][number]) => (match.path.type === 'Exact' ? match.path.value === '/v1/chat' : true)
      && (match.method ?? 'POST') === 'POST' && (match.headers === undefined || header);
    expect(chosen !== undefined).toBe(items.some((item) => item.matches.some(takes)));
    expect(chosen === undefined || items.find((item) => item.name === chosen)?.matches.some(takes)).toBe(true);
  }), { numRuns: 300 });
});
