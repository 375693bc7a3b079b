import { proxySettings } from '../../src/runtime/proxy-settings';

test.each([
  [{}, {}],
  [{ HTTPS_PROXY: 'http://p:3128', HTTP_PROXY: 'http://q:3128', NO_PROXY: '.svc,10.0.0.1' }, { httpsProxy: 'http://p:3128', httpProxy: 'http://q:3128', noProxy: '.svc,10.0.0.1' }],
  [{ HTTPS_PROXY: 'http://upper:1', https_proxy: 'http://lower:1', no_proxy: 'a', NO_PROXY: 'b' }, { httpsProxy: 'http://lower:1', noProxy: 'a' }],
  [{ HTTPS_PROXY: '', HTTP_PROXY: ' ' }, {}],
])('%j', (environment, expected) => {
  expect(proxySettings(environment)).toEqual(expected);
});

test.each(['proxy:3128', 'socks5://user:planted@p:1', '//user:planted@p', 'http://'])('%s is refused without being shown', (value) => {
  expect(() => proxySettings({ HTTPS_PROXY: value })).toThrow(/^HTTPS_PROXY must be a URL such as http:\/\/proxy\.example\.com:3128; allowed: http, https$/);
});
