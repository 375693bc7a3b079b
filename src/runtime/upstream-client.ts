import { Agent, Dispatcher, EnvHttpProxyAgent } from 'undici';
import { Configuration, UpstreamEndpoint } from './configuration';
import { ProxySettings } from './proxy-settings';

export interface UpstreamCall {
  readonly endpoint: UpstreamEndpoint;
  readonly method: string;
  readonly path: string;
  /** Lower-case names; without `host` and `content-length`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
  /** Milliseconds to the head of the answer. @default 300000 */
  readonly headTimeout?: number;
}

export interface UpstreamAnswer {
  readonly status: number;
  /** Lower-case names; several values joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
  /** Bytes as they come, not decoded. Throws when the provider breaks off. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Why no answer came. */
export type UpstreamFailure = 'refused' | 'reset' | 'timeout' | 'dns' | 'tls' | 'aborted';

export class UpstreamError extends Error {
  constructor(readonly failure: UpstreamFailure, message: string) {
    super(message);
    this.name = 'UpstreamError';
  }
}

/** Calls providers directly, without Envoy. No retries, no decoding; one pool of connections an endpoint. */
export class UpstreamClient {
  private readonly agents = new Map<string, Dispatcher>();
  /** Keys of `agents`: certificates are long, and a configuration has the same few endpoints for all requests. */
  private readonly keys = new WeakMap<UpstreamEndpoint, string>();

  /** @param proxies @default - every provider is called directly */
  constructor(private readonly proxies: ProxySettings = {}) {}

  async call(call: UpstreamCall): Promise<UpstreamAnswer> {
    const { endpoint } = call;
    const url = new URL(endpoint.origin);
    // A timer of our own: undici's counts in whole seconds.
    const late = new AbortController();
    const timer = call.headTimeout === undefined ? undefined : setTimeout(() => late.abort(), call.headTimeout);
    try {
      const response: Dispatcher.ResponseData = await this.agent(endpoint).request({
        origin: url.origin,
        path: call.path,
        method: call.method as Dispatcher.HttpMethod,
        headers: { ...call.headers, host: endpoint.serverName ?? url.host },
        body: call.body,
        signal: timer === undefined ? call.signal : AbortSignal.any([call.signal, late.signal]),
        headersTimeout: timer === undefined ? 300_000 : 0,
        bodyTimeout: 0,
      });
      const headers = new Map(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value ?? '']));
      return { status: response.statusCode, headers, body: response.body };
    } catch (error) {
      if (late.signal.aborted && !call.signal.aborted) throw new UpstreamError('timeout', `${url.host} did not answer in time`);
      throw new UpstreamError(...classify(error, url.host, call.signal));
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Closes the connections to endpoints that a new configuration has no more, each when its request is over. One that a request under way only now
   * comes to is called all the same, and closed after the next configuration.
   */
  follow({ backends }: Pick<Configuration, 'backends'>): void {
    const used = new Set([...backends.values()].flatMap(({ endpoint }) => (endpoint === undefined ? [] : [this.keyOf(endpoint)])));
    for (const [key, agent] of this.agents) {
      if (used.has(key)) continue;
      this.agents.delete(key);
      void agent.close();
    }
  }

  /** Ends every call on an endpoint of the configuration; those on one that is gone end with their signal. */
  async close(): Promise<void> {
    await Promise.all([...this.agents.values()].map((agent) => agent.destroy()));
    this.agents.clear();
  }

  private keyOf(endpoint: UpstreamEndpoint): string {
    const key = this.keys.get(endpoint) ?? JSON.stringify(endpoint);
    this.keys.set(endpoint, key);
    return key;
  }

  private agent(endpoint: UpstreamEndpoint): Dispatcher {
    const key = this.keyOf(endpoint);
    let agent = this.agents.get(key);
    if (agent === undefined) {
      const connect = {
        timeout: 10_000,
        ...(endpoint.serverName === undefined ? {} : { servername: endpoint.serverName }),
        ...(endpoint.certificateAuthorities === undefined ? {} : { ca: [...endpoint.certificateAuthorities] }),
        ...(endpoint.insecureSkipVerify === true ? { rejectUnauthorized: false } : {}),
      };
      const { httpProxy, httpsProxy, noProxy } = this.proxies;
      const pool = { connections: 256, pipelining: 1, connect };
      agent = httpProxy === undefined && httpsProxy === undefined ? new Agent(pool)
        // Empty where nothing is set: left out, the agent would look into the environment itself.
        : new EnvHttpProxyAgent({ ...pool, requestTls: connect, proxyTls: { timeout: 10_000 }, httpProxy: httpProxy ?? '', httpsProxy: httpsProxy ?? '', noProxy: noProxy ?? '' });
      this.agents.set(key, agent);
    }
    return agent;
  }
}

function classify(error: unknown, host: string, signal: AbortSignal): [UpstreamFailure, string] {
  const { code = '', name = '', message = '' } = error as { code?: string; name?: string; message?: string };
  if (signal.aborted) return ['aborted', 'the call was given up'];
  // What undici says of a proxy's answer to CONNECT.
  const refusal = /^Proxy response \((\d+)\)/.exec(message);
  if (refusal !== null) return ['refused', `the proxy did not connect to ${host} (${refusal[1]})`];
  if (name === 'AbortError' || code === 'UND_ERR_ABORTED') return ['aborted', 'the call was given up'];
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return ['refused', `${host} refused the connection`];
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return ['dns', `${host} has no address`];
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return ['timeout', `${host} did not answer in time`];
  if (/CERT|TLS|SSL|ALTNAME|UNABLE_TO_VERIFY|EPROTO/.test(code)) return ['tls', `no trusted TLS connection to ${host} (${code})`];
  return ['reset', `${host} broke off${code === '' ? '' : ` (${code})`}`];
}
