import { objectKey, ObjectKey } from '../resources/object-meta';

/** Names differ by rule, match and hostname, so that a gateway sees a bounded number; beyond this they are read anew each time. */
const LARGEST_CACHE = 10_000;

const known = new Map<string, ObjectKey | undefined>();

/** The HTTPRoute in Envoy Gateway's `httproute/<namespace>/<name>/rule/<i>/match/<j>/<host>`; `undefined`: it is no HTTPRoute's. */
export function httpRouteOf(routeName: string | undefined): ObjectKey | undefined {
  if (routeName === undefined) return undefined;
  let key = known.get(routeName);
  if (key === undefined && !known.has(routeName)) {
    const [kind, namespace, name] = routeName.split('/', 3);
    key = kind === 'httproute' && namespace !== '' && name !== undefined && name !== '' ? objectKey(namespace, name) : undefined;
    if (known.size < LARGEST_CACHE) known.set(routeName, key);
  }
  return key;
}
