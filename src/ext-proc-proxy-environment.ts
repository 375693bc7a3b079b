import { k8s } from 'cdk8s-plus-28';
import { ExtProcProxy } from './ext-proc-proxy';

/**
 * Services in the cluster by the names that the gateway calls them by, the pod itself, and where clouds tell a pod who it is: AWS, Azure and
 * Google (169.254.169.254, metadata.google.internal), and EKS Pod Identity (169.254.170.23).
 */
const NEVER_BY_PROXY = ['localhost', '127.0.0.1', '.svc', '.svc.cluster.local', '169.254.169.254', '169.254.170.23', 'metadata.google.internal'];

/** A name or an address, with all names below it or not, with or without a port. */
const HOST = /^(\*?\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/;

type Which = 'httpsProxy' | 'httpProxy';

/** What ExtProc reads its proxies from. */
export function proxyEnvironment(proxy: ExtProcProxy): k8s.EnvVar[] {
  return [
    ...variable('HTTPS_PROXY', proxy, 'httpsProxy'),
    ...variable('HTTP_PROXY', proxy, 'httpProxy'),
    { name: 'NO_PROXY', value: [...NEVER_BY_PROXY, ...proxy.noProxy ?? []].join(',') },
  ];
}

/** What is wrong, without the value of a URL: it may hold a password. */
export function proxyDefect(proxy: ExtProcProxy): string | undefined {
  const { httpsProxy, httpProxy, httpsProxySecret, httpProxySecret } = proxy;
  if (httpsProxy === undefined && httpProxy === undefined && httpsProxySecret === undefined && httpProxySecret === undefined) {
    return 'proxy names no proxy; give httpsProxy or httpProxy, or leave proxy out';
  }
  return urlDefect(proxy, 'httpsProxy') ?? urlDefect(proxy, 'httpProxy') ?? noProxyDefect(proxy.noProxy ?? []);
}

function variable(name: string, proxy: ExtProcProxy, which: Which): k8s.EnvVar[] {
  const from = proxy[`${which}Secret`];
  if (from !== undefined) return [{ name, valueFrom: { secretKeyRef: { name: from.secret.name, key: from.key } } }];
  return proxy[which] === undefined ? [] : [{ name, value: proxy[which] }];
}

function urlDefect(proxy: ExtProcProxy, which: Which): string | undefined {
  const value = proxy[which];
  if (value === undefined) return undefined;
  if (proxy[`${which}Secret`] !== undefined) return `proxy.${which} and extProc.proxy.${which}Secret are both given; leave one of them out`;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (value.includes('@')) {
    return `proxy.${which} holds a user or a password, which everybody can read who may read the Deployment; `
      + `put the whole URL into a Secret and give its key as ${which}Secret: { secret, key }`;
  }
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '' || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return `proxy.${which} must be a URL such as http://proxy.example.com:3128; allowed: http, https, no path`;
  }
  return undefined;
}

function noProxyDefect(noProxy: readonly string[]): string | undefined {
  const wrong = noProxy.find((host) => !HOST.test(host));
  if (wrong === undefined) return undefined;
  return `proxy.noProxy ${JSON.stringify(wrong)} is not allowed; allowed: names such as internal.example.com, with all names below them, and IPv4 addresses, each with or without :port; `
    + 'ranges of addresses are not understood, so name each host';
}
