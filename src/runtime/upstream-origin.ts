/** `http://HOST:PORT` or `https://HOST:PORT` with the port written out; throws, naming what is wrong, on all else. */
export function upstreamOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error('must be an http:// or https:// URL, such as http://127.0.0.1:9000');
  }
  if (url.username !== '' || url.password !== '') throw new Error('must not hold a user name or password; put credentials into a Secret');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') throw new Error('must end after the port; the path comes from outputSchema');
  return originOf(url.protocol === 'https:', url.hostname, url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port));
}

/** The origin of a host and port. IPv6 addresses may be given with or without brackets. */
export function originOf(tls: boolean, host: string, port: number): string {
  return `${tls ? 'https' : 'http'}://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
}
