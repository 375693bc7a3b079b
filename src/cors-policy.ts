import { Duration } from 'cdk8s';
import { CorsOptions } from './cors';
import { gatewayDuration } from './gateway-duration';
import { SecurityPolicySpecCors } from '../imports/gateway.envoyproxy.io';

const EXPOSED = ['retry-after', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'x-llm-attempts', 'x-llm-dropped-parameters'];

/** Envoy Gateway's Origin. */
const ORIGIN = /^(\*|[A-Za-z][A-Za-z0-9+.-]*:\/\/(\*|(\*\.)?(([\w-]+\.?)+)?[\w-]+)(:\d{1,5})?)$/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What is wrong with them, in words. */
export function corsDefects({ allowOrigins, allowMethods = [], allowHeaders = [], exposeHeaders = [], allowCredentials = false }: CorsOptions): string[] {
  const defects: string[] = [];
  if (allowOrigins.length === 0) defects.push('cors.allowOrigins is empty; name the origins of the pages, or leave cors out');
  allowOrigins.forEach((origin, index) => {
    if (!ORIGIN.test(origin) || origin.length > 253) defects.push(`cors.allowOrigins[${index}] ${JSON.stringify(origin)} must be a scheme, a host and perhaps a port, without path, such as https://app.example.com`);
  });
  for (const [name, values] of Object.entries({ allowMethods, allowHeaders, exposeHeaders })) {
    values.forEach((value, index) => {
      if (!TOKEN.test(value)) defects.push(`cors.${name}[${index}] ${JSON.stringify(value)} is not allowed; allowed: ${name === 'allowMethods' ? 'names of methods' : 'names of headers'} and "*"`);
    });
  }
  if (allowCredentials && allowOrigins.includes('*')) defects.push('cors.allowCredentials lets every page act as its visitor where cors.allowOrigins is "*"; name the origins');
  return defects;
}

export function corsSpec(options: CorsOptions): SecurityPolicySpecCors {
  return {
    allowOrigins: options.allowOrigins,
    allowMethods: options.allowMethods ?? ['GET', 'POST'],
    allowHeaders: options.allowHeaders ?? ['*'],
    exposeHeaders: options.exposeHeaders ?? EXPOSED,
    ...(options.allowCredentials === undefined ? {} : { allowCredentials: options.allowCredentials }),
    maxAge: gatewayDuration(options.maxAge ?? Duration.hours(1)),
  };
}
