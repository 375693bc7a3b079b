import { ReferenceGrant } from '../resources/gateway-api';

/** One end of a reference between namespaces. */
export interface GrantedKind {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
}

/** Whether a reference from `from` to the object `to` is allowed: always within a namespace, else by a ReferenceGrant in the namespace of `to`. */
export function isGranted(grants: Iterable<ReferenceGrant>, from: GrantedKind, to: GrantedKind & { readonly name: string }): boolean {
  if (from.namespace === to.namespace) return true;
  for (const { metadata, spec } of grants) {
    if (metadata.namespace !== to.namespace) continue;
    const fromMatches = asList(spec.from).some((one) => one.group === from.group && one.kind === from.kind && one.namespace === from.namespace);
    // An absent name grants all objects of the kind; so does an empty one, as in Gateway API's own controllers.
    const toMatches = asList(spec.to).some((one) => one.group === to.group && one.kind === to.kind && (!one.name || one.name === to.name));
    if (fromMatches && toMatches) return true;
  }
  return false;
}

// A file may hold anything; what is no list grants nothing.
function asList<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}
