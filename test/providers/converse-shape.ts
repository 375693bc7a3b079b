import { ConverseRequest$ } from '@aws-sdk/client-bedrock-runtime';
import type { $SchemaRef, StaticSchema } from '@smithy/types';

type Members = Readonly<Record<string, unknown>>;

/** Numbers by which the SDK's schemas tell kinds and simple types apart. */
const [SIMPLE, LIST, MAP, STRUCTURE, UNION] = [0, 1, 2, 3, 4];
const [STRING, NUMBER, BOOLEAN, DOCUMENT, BLOB, LIST_OF, MAP_OF] = [0, 1, 2, 15, 21, 64, 128];
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;

/**
 * What is wrong with a Converse body by the AWS SDK's own schema of the request, in words: a member that there is not or that is missing,
 * a value of another type, a union of none or two. `undefined`: nothing. The SDK's serializer leaves such members out without a word.
 */
export function shapeComplaint(body: unknown): string | undefined {
  return isObject(body) ? complaint({ ...body, modelId: 'in the path' }, ConverseRequest$, 'body') : 'body: no object';
}

function complaint(value: unknown, ref: $SchemaRef, path: string): string | undefined {
  const schema = typeof ref === 'function' ? ref() : ref;
  if (Array.isArray(schema)) {
    // Beside a schema may stand its traits: [schema, traits].
    return schema.length === 2 ? complaint(value, schema[0] as $SchemaRef, path) : aggregateComplaint(value, schema as StaticSchema, path);
  }
  if (typeof schema === 'number' && schema >= LIST_OF) {
    return itemsComplaint(value, schema >= MAP_OF ? schema - MAP_OF : schema - LIST_OF, path, schema >= MAP_OF);
  }
  return simpleComplaint(value, schema, path);
}

function aggregateComplaint(value: unknown, schema: StaticSchema, path: string): string | undefined {
  switch (schema[0]) {
    case SIMPLE:
      return complaint(value, schema[4] as $SchemaRef, path);
    case LIST:
      return itemsComplaint(value, schema[4] as $SchemaRef, path, false);
    case MAP:
      return itemsComplaint(value, schema[5] as $SchemaRef, path, true);
    case STRUCTURE:
      return membersComplaint(value, schema[4] as string[], schema[5] as $SchemaRef[], path)
        ?? (schema[4] as string[]).slice(0, schema[6] ?? 0).map((name) => name in (value as Members) ? undefined : `${path}.${name}: missing`).find(Boolean);
    case UNION:
      return membersComplaint(value, schema[4] as string[], schema[5] as $SchemaRef[], path)
        ?? (Object.keys(value as Members).length === 1 ? undefined : `${path}: a union has one member, not ${Object.keys(value as Members).length}`);
    default:
      throw new Error(`${path}: a schema of kind ${schema[0]} is not known to this check`);
  }
}

function membersComplaint(value: unknown, names: readonly string[], schemas: readonly $SchemaRef[], path: string): string | undefined {
  if (!isObject(value)) {
    return `${path}: no object`;
  }
  return Object.entries(value)
    .map(([name, member]) => names.includes(name) ? complaint(member, schemas[names.indexOf(name)], `${path}.${name}`) : `${path}.${name}: no such member`)
    .find(Boolean);
}

function itemsComplaint(value: unknown, item: $SchemaRef, path: string, isMap: boolean): string | undefined {
  if (isMap ? !isObject(value) : !Array.isArray(value)) {
    return `${path}: no ${isMap ? 'map' : 'list'}`;
  }
  return Object.entries(value as object).map(([key, member]) => complaint(member, item, `${path}.${key}`)).find(Boolean);
}

function simpleComplaint(value: unknown, schema: unknown, path: string): string | undefined {
  switch (schema) {
    case STRING:
      return typeof value === 'string' ? undefined : `${path}: no string`;
    case NUMBER:
      return typeof value === 'number' ? undefined : `${path}: no number`;
    case BOOLEAN:
      return typeof value === 'boolean' ? undefined : `${path}: no boolean`;
    case BLOB:
      return typeof value === 'string' && BASE64.test(value) ? undefined : `${path}: no base64`;
    case DOCUMENT:
      return value === undefined ? `${path}: no value` : undefined;
    default:
      throw new Error(`${path}: a schema ${String(schema)} is not known to this check`);
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
