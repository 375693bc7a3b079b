import { COMPATIBLE_SERVERS, CompatibleServer } from './translate/catalog/compatible-servers';

const IMITATIONS: readonly CompatibleServer[] = Object.values(COMPATIBLE_SERVERS);
const PROVIDERS: ReadonlySet<string> = new Set([
  'api.openai.com', 'api.anthropic.com', 'api.cohere.com', ...IMITATIONS.flatMap(({ hosted }) => (hosted === undefined ? [] : [hosted.host])),
]);
const CLOUDS = ['.openai.azure.com', '.amazonaws.com', '.googleapis.com'];
/** Names of Services, of one label or whole, and of networks that nobody reaches from outside. */
const PRIVATE = /^[^.]+$|\.svc(\.|$)|\.(local|internal|localhost)$/;

/** Why a server should not be called without TLS; `tls`: what was said of it. */
export function plainTextDefect(host: string, port: number, tls: boolean | undefined, hasCredential: boolean): string | undefined {
  const at = `host ${JSON.stringify(host)} on port ${port}`;
  if (PROVIDERS.has(host) || CLOUDS.some((domain) => host.endsWith(domain))) return `${at} is a public provider, which is called over TLS alone; leave out tls and port`;
  if (tls === undefined && hasCredential && !PRIVATE.test(host)) {
    return `${at}: only port 443 implies TLS, and without it the credential would cross the network in plain text; give tls: true, or tls: false where that network is private`;
  }
  return undefined;
}
