import { ExactNumber, writeJson } from '../exact-json';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';
import { withSubschemas } from '../request/subschemas';

type Schema = Readonly<Record<string, unknown>>;

/** Claude answers 400 to a schema with one of these. */
const REFUSED: ReadonlySet<string> = new Set([
  'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength', 'maxItems', 'uniqueItems', 'contains', 'minContains',
  'maxContains', 'minProperties', 'maxProperties', 'patternProperties', 'propertyNames', 'dependentRequired', 'dependentSchemas', 'unevaluatedItems',
  'unevaluatedProperties', 'not', 'if', 'then', 'else',
]);
const FORMATS: ReadonlySet<unknown> = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid']);
const LOST = 'Claude keeps to no limits of numbers, texts and lists, which are sent as part of the description; objects get no members that they do not name';

/**
 * A schema as Claude keeps to it, in an answer or in the call of a strict tool. It wants every object to say that it has no other members:
 * what a schema that does not say so allows includes what one that does allows, so the answer fits both. Keywords that it refuses go into the
 * description, as its official clients do it. Throws `RequestError` for what is no object, or is too deep.
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
 */
export function structuredSchema(schema: RequestValue, losses: Losses): Schema {
  const conversion = new Conversion();
  try {
    const converted = conversion.object(schema.object());
    if (conversion.lost) {
      losses.changed(schema.path, LOST);
    }
    return converted;
  } catch (error) {
    throw error instanceof RangeError ? schema.invalid('it is nested too deeply; send fewer levels') : error;
  }
}

class Conversion {
  lost = false;

  public object(schema: Schema): Schema {
    const result: Record<string, unknown> = {};
    const refused: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(schema)) {
      if (isRefused(name, member)) {
        refused[name] = member;
      } else if (name !== '$schema') {
        result[name === 'oneOf' && schema.anyOf === undefined ? 'anyOf' : name] = withSubschemas(name, member, (one) => this.schema(one));
      }
    }
    const rest = Object.keys(refused).length === 0 ? result : this.described(result, refused);
    return isObject(schema.properties) ? this.closed(rest) : rest;
  }

  private schema(value: unknown): unknown {
    return isObject(value) ? this.object(value) : value;
  }

  private described(result: Schema, refused: Schema): Schema {
    this.lost = true;
    const own = typeof result.description === 'string' && result.description !== '' ? `${result.description}\n\n` : '';
    return { ...result, description: own + writeJson(refused) };
  }

  /** What its other members must look like is the schema's own to say, and Claude's to refuse. */
  private closed(schema: Schema): Schema {
    const { additionalProperties: others } = schema;
    this.lost ||= others === true;
    return others === undefined || others === true ? { ...schema, additionalProperties: false } : schema;
  }
}

function isRefused(name: string, value: unknown): boolean {
  switch (name) {
    case 'minItems':
      return value !== 0 && value !== 1;
    case 'format':
      return !FORMATS.has(value);
    default:
      return REFUSED.has(name);
  }
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}
