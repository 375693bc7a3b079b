import { clientPatience } from '../../src/runtime/client-patience';

test.each<[string, Record<string, string>, number | undefined]>([
  ['nothing', {}, undefined],
  ['the Node libraries, in seconds', { 'x-stainless-timeout': '600' }, 600_000],
  ['the Python libraries, in seconds', { 'x-stainless-read-timeout': '2.5' }, 2_500],
  ['an Envoy in front, in milliseconds', { 'x-envoy-expected-rq-timeout-ms': '15000' }, 15_000],
  ['the shortest counts', { 'x-stainless-timeout': '600', 'x-envoy-expected-rq-timeout-ms': '15000' }, 15_000],
  ['less than a second, cut to 0', { 'x-stainless-timeout': '0' }, undefined],
  ['no number', { 'x-stainless-timeout': 'soon', 'x-stainless-read-timeout': 'NaN', 'x-envoy-expected-rq-timeout-ms': '' }, undefined],
  ['no time at all', { 'x-stainless-timeout': '-1' }, undefined],
])('how long a client waits: %s', (_, headers, expected) => {
  expect(clientPatience((name) => headers[name])).toBe(expected);
});
