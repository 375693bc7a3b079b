/** Proxies for the gateway's own calls; as URLs, with user and password where one is asked for. */
export interface ProxySettings {
  /** For `https:` endpoints, by CONNECT. @default - the one for `http:` */
  readonly httpsProxy?: string;
  /** For `http:` endpoints, by CONNECT as well. */
  readonly httpProxy?: string;
  /** Hosts that are called directly, separated by commas: names with all below them, addresses, `host:port`; `*`: all. */
  readonly noProxy?: string;
}

/**
 * HTTPS_PROXY, HTTP_PROXY and NO_PROXY, where lower-case names go first; as curl and the SDKs read them. Throws for a URL that is none, without
 * showing it: it may hold a password.
 */
export function proxySettings(environment: Readonly<Record<string, string | undefined>>): ProxySettings {
  const httpsProxy = proxyUrl(environment, 'https_proxy');
  const httpProxy = proxyUrl(environment, 'http_proxy');
  const noProxy = environment.no_proxy ?? environment.NO_PROXY;
  return {
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
  };
}

function proxyUrl(environment: Readonly<Record<string, string | undefined>>, variable: string): string | undefined {
  const name = environment[variable] === undefined ? variable.toUpperCase() : variable;
  const value = environment[name]?.trim() ?? '';
  if (value === '') return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== '') return value;
  throw new Error(`${name} must be a URL such as http://proxy.example.com:3128; allowed: http, https`);
}
