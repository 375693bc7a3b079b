const LISTS: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems', 'items']);
const MAPS: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions']);

/** The member of a JSON schema, with every schema in it converted; a member that holds none stays as it is. */
export function withSubschemas(name: string, member: unknown, convert: (schema: unknown) => unknown): unknown {
  if (Array.isArray(member)) {
    return LISTS.has(name) ? member.map(convert) : member;
  }
  if (MAPS.has(name) && typeof member === 'object' && member !== null) {
    return Object.fromEntries(Object.entries(member).map(([key, one]) => [key, convert(one)]));
  }
  return name === 'items' ? convert(member) : member;
}
