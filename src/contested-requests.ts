import { GatewayRef } from './gateway-ref';

/** The requests that a route's HTTPRoutes ask for. */
export interface RequestedTraffic {
  readonly path: string;
  readonly gateway: GatewayRef;
  /** Empty: every host. */
  readonly hostnames: readonly string[];
  readonly pathPrefixes: readonly string[];
}

/** Of two HTTPRoutes that match the same, Gateway API takes the older one for all requests; the other LlmRoute would never get one. */
export function contestedRequestDefects(own: RequestedTraffic, others: readonly RequestedTraffic[]): string[] {
  return others.filter((other) => isSameGateway(own.gateway, other.gateway) && meet(own.pathPrefixes, other.pathPrefixes)).flatMap((other) => {
    const hosts = own.hostnames.length + other.hostnames.length === 0 ? ['every host'] : own.hostnames.filter((hostname) => other.hostnames.includes(hostname));
    if (hosts.length === 0) return [];
    return [`takes the same requests of ${hosts.join(', ')} as LlmRoute ${other.path}, and one of the two would never get any; put the rules of both into one LlmRoute, or give them different hostnames`];
  });
}

function isSameGateway(one: GatewayRef, other: GatewayRef): boolean {
  return one.name === other.name && one.namespace === other.namespace && one.sectionName === other.sectionName && one.port === other.port;
}

function meet(some: readonly string[], others: readonly string[]): boolean {
  return some.some((prefix) => others.includes(prefix));
}
