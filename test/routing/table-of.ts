import { HTTPRoute } from '../../src/resources/gateway-api';
import { compileHTTPRoute, HTTPRouteTable } from '../../src/routing/http-route';
import { compileRe2 } from '../../src/runtime/re2';

export function tableOf(routes: readonly HTTPRoute[]): HTTPRouteTable {
  return new HTTPRouteTable(routes.map((route) => compileHTTPRoute(route, compileRe2)));
}
