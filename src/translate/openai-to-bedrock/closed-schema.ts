import { RequestValue } from '../request/request-value';

type Schema = Readonly<Record<string, unknown>>;

const SCHEMA_LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const SCHEMA_MAPS = ['properties', '$defs', 'definitions'];

/**
 * Bedrock wants every object to say, whatever the model, that it has no other members. What a schema that does not say so allows includes
 * what one that does allows, so the answer fits both. Throws `RequestError` for what is no object.
 */
export function closedSchema(schema: RequestValue): Schema {
  try {
    return closed(schema.object()) as Schema;
  } catch (error) {
    throw error instanceof RangeError ? schema.invalid('it is nested too deeply; send fewer levels') : error;
  }
}

function closed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  const schema = value as Schema;
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(schema)) {
    if (SCHEMA_LISTS.includes(name) && Array.isArray(member)) {
      result[name] = member.map(closed);
    } else if (SCHEMA_MAPS.includes(name) && typeof member === 'object' && member !== null) {
      result[name] = Object.fromEntries(Object.entries(member).map(([key, one]) => [key, closed(one)]));
    } else {
      result[name] = name === 'items' ? closed(member) : member;
    }
  }
  return typeof schema.properties === 'object' && schema.additionalProperties === undefined ? { ...result, additionalProperties: false } : result;
}
