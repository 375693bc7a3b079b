import { StructuralSchema } from './crd/schema';

/** Reports one thing wrong at `path`. */
export type Report = (path: string, message: string) => void;

/** The value with every default of the schema filled in; what is wrong goes to `report`. Never echoes values of unknown fields. */
export function validate(value: unknown, schema: StructuralSchema, path: string, report: Report): unknown {
  switch (schema.type) {
    case 'object': return validateObject(value, schema, path, report);
    case 'array': return validateArray(value, schema, path, report);
    case 'string': return validateString(value, schema, path, report);
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value)) report(path, `must be a whole number, not ${show(value)}`);
      else if (schema.minimum !== undefined && value < schema.minimum) report(path, `must be at least ${schema.minimum}, not ${value}`);
      else if (schema.maximum !== undefined && value > schema.maximum) report(path, `must be at most ${schema.maximum}, not ${value}`);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') report(path, `must be true or false, not ${show(value)}`);
      return value;
  }
}

function validateObject(value: unknown, schema: StructuralSchema, path: string, report: Report): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(path, `must be an object, not ${show(value)}`);
    return value;
  }
  const properties = schema.properties ?? {};
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined || field === null) continue;
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property === undefined) report(`${path}.${name}`, `unknown field; allowed: ${Object.keys(properties).join(', ')}`);
    else result[name] = validate(field, property, `${path}.${name}`, report);
  }
  for (const [name, property] of Object.entries(properties)) {
    if (name in result) continue;
    if (property.default !== undefined) result[name] = validate(property.default, property, `${path}.${name}`, report);
    else if (schema.required?.includes(name)) report(`${path}.${name}`, `is required${property.enum ? `: one of ${property.enum.join(', ')}` : ''}`);
  }
  return result;
}

function validateArray(value: unknown, schema: StructuralSchema, path: string, report: Report): unknown {
  if (!Array.isArray(value)) {
    report(path, `must be a list, not ${show(value)}`);
    return value;
  }
  if (schema.minItems !== undefined && value.length < schema.minItems) report(path, `needs at least ${schema.minItems} item(s)`);
  if (schema.maxItems !== undefined && value.length > schema.maxItems) report(path, `takes at most ${schema.maxItems} items, not ${value.length}`);
  const items = schema.items;
  return items === undefined ? value : value.map((item, index) => validate(item, items, `${path}[${index}]`, report));
}

function validateString(value: unknown, schema: StructuralSchema, path: string, report: Report): unknown {
  if (typeof value !== 'string') report(path, `must be a string, not ${show(value)}`);
  else if (schema.enum && !schema.enum.includes(value)) report(path, `must be one of ${schema.enum.map((allowed) => allowed || '""').join(', ')}, not ${show(value)}`);
  else if (schema.minLength !== undefined && value.length < schema.minLength) report(path, 'must not be empty');
  else if (schema.maxLength !== undefined && value.length > schema.maxLength) report(path, `must have at most ${schema.maxLength} characters, not ${value.length}`);
  else if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) report(path, `must match ${schema.pattern}, not ${show(value)}`);
  return value;
}

function show(value: unknown): string {
  if (typeof value === 'string') return value.length > 80 ? `a string of ${value.length} characters` : JSON.stringify(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
