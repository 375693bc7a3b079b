import { readFileSync } from 'fs';
import { join } from 'path';

/** A schema of Google's discovery format, https://developers.google.com/discovery/v1/type-format */
interface DiscoverySchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly items?: DiscoverySchema;
  readonly properties?: Readonly<Record<string, DiscoverySchema>>;
  readonly additionalProperties?: DiscoverySchema;
}

export type GeminiMessage = 'GenerateContentRequest' | 'EmbedContentRequest' | 'BatchEmbedContentsRequest' | 'PredictRequest';

const { schemas } = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'gemini', 'aiplatform-v1.json'), 'utf8')) as {
  readonly schemas: Readonly<Record<string, DiscoverySchema>>;
};
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** What is wrong with a body by Google's own published schema, as its JSON reader words it; `undefined`: nothing. */
export function geminiShapeComplaint(body: unknown, message: GeminiMessage): string | undefined {
  return complaint(body, { $ref: message }, 'body');
}

function complaint(value: unknown, { $ref, ...schema }: DiscoverySchema, path: string): string | undefined {
  if ($ref !== undefined) {
    return complaint(value, schemas[$ref], path);
  }
  switch (schema.type) {
    case 'any':
      return value === undefined ? `${path}: no value` : undefined;
    case 'array':
      return Array.isArray(value)
        ? value.map((item, index) => complaint(item, schema.items ?? { type: 'any' }, `${path}[${index}]`)).find(Boolean) : `${path}: Proto field is not repeating`;
    case 'object':
      return objectComplaint(value, schema, path);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${path}: no boolean`;
    case 'number':
      return typeof value === 'number' ? undefined : `${path}: no number`;
    case 'integer':
      return Number.isInteger(value) && Math.abs(value as number) <= 2 ** 31 ? undefined : `${path}: no ${schema.format}`;
    case 'string':
      return stringComplaint(value, schema, path);
    default:
      throw new Error(`${path}: a schema of type ${schema.type} is not known to this check`);
  }
}

function objectComplaint(value: unknown, { properties, additionalProperties }: DiscoverySchema, path: string): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `${path}: no object`;
  }
  return Object.entries(value).map(([name, member]) => {
    const known = properties && Object.hasOwn(properties, name) ? properties[name] : properties ? undefined : additionalProperties ?? { type: 'any' };
    return known ? complaint(member, known, `${path}.${name}`) : `Invalid JSON payload received. Unknown name "${name}" at '${path}': Cannot find field.`;
  }).find(Boolean);
}

function stringComplaint(value: unknown, schema: DiscoverySchema, path: string): string | undefined {
  if (schema.format === 'int64') {
    return Number.isInteger(Number(value)) ? undefined : `${path}: no int64`;
  }
  if (typeof value !== 'string') {
    return `${path}: no string`;
  }
  return schema.format === 'byte' && !BASE64.test(value) ? `${path}: no base64`
    : schema.enum && !schema.enum.includes(value) ? `${path}: Invalid value "${value}"` : undefined;
}
