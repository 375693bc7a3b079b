import { ObjectKey } from '../resources/object-meta';

const OF_HTTP_ROUTES = 'httproute/';

/**
 * The HTTPRoute in Envoy Gateway's `httproute/<namespace>/<name>/rule/<i>/match/<j>/<host>`; `undefined`: it is no HTTPRoute's. It is cut out with
 * every request: to look it up takes as long with a few routes, and three times as long with thousands.
 */
export function httpRouteOf(routeName: string | undefined): ObjectKey | undefined {
  if (routeName === undefined || !routeName.startsWith(OF_HTTP_ROUTES)) return undefined;
  const begin = OF_HTTP_ROUTES.length;
  const middle = routeName.indexOf('/', begin);
  if (middle <= begin) return undefined;
  const next = routeName.indexOf('/', middle + 1);
  const end = next < 0 ? routeName.length : next;
  return end === middle + 1 ? undefined : routeName.slice(begin, end) as ObjectKey;
}
