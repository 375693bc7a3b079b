import { RequestValue } from '../request/request-value';
import { withSubschemas } from '../request/subschemas';

type Schema = Readonly<Record<string, unknown>>;

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
  const result = Object.fromEntries(Object.entries(schema).map(([name, member]) => [name, withSubschemas(name, member, closed)]));
  return typeof schema.properties === 'object' && schema.additionalProperties === undefined ? { ...result, additionalProperties: false } : result;
}
