import { ILlmBackend } from './llm-backend';
import { compileAtSynth } from './regular-expression';
import { HTTPBackendRef, HTTPRoute } from './resources/gateway-api';
import { httpRouteDefects } from './routing/http-route-defects';

/** What keeps ExtProc from sending the requests of a user's own HTTPRoute to these backends. */
export function userHttpRouteDefects(route: HTTPRoute, namespace: string, backends: readonly ILlmBackend[]): string[] {
  const title = `HTTPRoute ${route.metadata.name}`;
  const defects = httpRouteDefects(route, compileAtSynth).map(({ path, message }) => `${title}: ${path} ${message}`);
  if (defects.length > 0) return defects;
  const own = route.metadata.namespace ?? 'default';
  if (own !== namespace) return [`${title} is in namespace ${own}, the LlmRoute in ${namespace}; put both into one namespace`];
  return (route.spec.rules ?? []).flatMap((rule, index) => (rule.backendRefs ?? []).flatMap((reference, place) => {
    if (backends.some((backend) => isSame(reference, backend, namespace))) return [];
    const { kind = 'Service', namespace: other = namespace, name } = reference;
    return [`${title}: spec.rules[${index}].backendRefs[${place}] is ${kind} ${other}/${name}, which belongs to none of the LlmBackends in backends `
      + `(${backends.map((backend) => `Backend ${backend.namespace}/${backend.backendName}`).join(', ')}); add its LlmBackend there, or refer to one of these by group gateway.envoyproxy.io and kind Backend`];
  }));
}

function isSame({ group, kind, name, namespace }: HTTPBackendRef, backend: ILlmBackend, routeNamespace: string): boolean {
  return group === 'gateway.envoyproxy.io' && kind === 'Backend' && name === backend.backendName && (namespace ?? routeNamespace) === backend.namespace;
}
