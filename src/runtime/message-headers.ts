import { Forward, ResponseHeadOut } from './exchange';
import { isIdentityHeader } from '../resources/client-identity';
import { INTERNAL_HEADERS, limitKeyHeader } from '../resources/object-meta';

/** Headers of one hop only (RFC 9110, section 7.6.1), and those that the next message gets anew. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings', 'host', 'content-length',
]);

const LIMIT_KEYS = limitKeyHeader('');

/** What the gateway sends to a provider that it calls itself: the client's headers as Envoy would send them on. */
export function upstreamHeaders(
  names: Iterable<string>, header: (name: string) => string | undefined, { removeHeaders, setHeaders }: Pick<Forward, 'removeHeaders' | 'setHeaders'>,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of names) {
    // Pseudo-headers, what Envoy tells its own filters, and who the client is.
    if (HOP_BY_HOP.has(name) || name.startsWith(':') || name.startsWith('x-envoy-') || isIdentityHeader(name)) continue;
    const value = header(name);
    if (value !== undefined) headers[name] = value;
  }
  for (const name of removeHeaders) delete headers[name];
  for (const [name, value] of setHeaders) headers[name] = value;
  // Envoy's own filters go by them, and of a call that Envoy does not make they hear nothing.
  for (const name of INTERNAL_HEADERS) delete headers[name];
  for (const name of Object.keys(headers)) if (name.startsWith(LIMIT_KEYS)) delete headers[name];
  return headers;
}

/** What the client gets of a provider that the gateway called itself. */
export function clientHeaders(out: ResponseHeadOut, upstream: ReadonlyMap<string, string>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of upstream) {
    if (name === 'content-length' ? out.bodyUnchanged : !HOP_BY_HOP.has(name)) headers[name] = value;
  }
  for (const name of out.removeHeaders) delete headers[name];
  for (const [name, value] of out.setHeaders) headers[name] = value;
  return headers;
}
