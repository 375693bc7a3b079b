import { ExactNumber } from '../exact-json';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** `JsonSchema`: the part of JSON Schema that Gemini 2.5 and later take; `OpenApi`: the schema of OpenAPI 3.0 that all of them take. */
export type GeminiSchemaDialect = 'JsonSchema' | 'OpenApi';

type Schema = Readonly<Record<string, unknown>>;
/** One that is being written. */
type Draft = Record<string, unknown>;

/** References are written out, so a small schema can become a large one. */
const MOST_SCHEMAS = 5_000;
const LOST = 'keywords of JSON Schema that Gemini does not know are not sent, references are written out as far as they do not refer to themselves';

/**
 * Keywords that are copied. `JsonSchema`: those that the API reference names under `responseJsonSchema`
 * (https://ai.google.dev/api/generate-content#FIELDS.response_json_schema); `OpenApi`: https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/Schema
 */
const COPIED: Readonly<Record<GeminiSchemaDialect, ReadonlySet<string>>> = {
  JsonSchema: new Set(['title', 'description', 'minItems', 'maxItems', 'minimum', 'maximum', 'propertyOrdering']),
  OpenApi: new Set([
    'title', 'description', 'minItems', 'maxItems', 'minimum', 'maximum', 'propertyOrdering', 'minLength', 'maxLength', 'pattern', 'minProperties', 'maxProperties',
  ]),
};
/** Keywords that are read below, and those that limit nothing. */
const READ_OR_HARMLESS: ReadonlySet<string> = new Set([
  '$ref', '$defs', 'definitions', 'type', 'format', 'enum', 'const', 'nullable', 'properties', 'required', 'additionalProperties', 'items', 'prefixItems', 'anyOf', 'oneOf',
  'allOf', 'exclusiveMinimum', 'exclusiveMaximum', '$schema', '$id', 'id', '$anchor', '$comment', '$vocabulary', 'default', 'example', 'examples', 'readOnly',
  'writeOnly', 'deprecated', 'externalDocs', 'xml', 'discriminator', 'strict',
]);
/** Two of these are put together, or it does not matter which one counts. */
const MERGED: ReadonlySet<string> = new Set(['properties', 'required', 'type', 'title', 'description', '$defs', '$schema']);
const FORMATS: ReadonlySet<unknown> = new Set(['date-time', 'float', 'double', 'int32', 'int64']);
const JSON_SCHEMA_FORMATS: ReadonlySet<unknown> = new Set([...FORMATS, 'date', 'time']);

/** The schema of a client as Gemini takes it. Throws `RequestError` for what is no schema; what is lost on the way is stated. */
export function geminiSchema(value: RequestValue, dialect: GeminiSchemaDialect, losses: Losses): Schema {
  const conversion = new Conversion(value, dialect);
  const converted = conversion.schema(value.object(), []);
  if (conversion.lost) {
    losses.changed(value.path, LOST);
  }
  return converted;
}

class Conversion {
  lost = false;
  private count = 0;

  constructor(private readonly root: RequestValue, private readonly dialect: GeminiSchemaDialect) {}

  private get isOpenApi(): boolean {
    return this.dialect === 'OpenApi';
  }

  /** `within`: the references that led here. */
  schema(value: unknown, within: readonly string[]): Schema {
    this.count += 1;
    if (this.count > MOST_SCHEMAS) {
      throw this.root.invalid(`with its references written out, the schema has more than ${MOST_SCHEMAS} parts; make it smaller`);
    }
    if (typeof value === 'boolean') {
      this.lost ||= !value;
      return this.anything();
    }
    const schema = this.object(value);
    if (typeof schema.$ref === 'string') {
      return this.reference(schema, schema.$ref, within);
    }
    if (schema.allOf !== undefined) {
      return this.schema(this.merged(schema, within), within);
    }
    this.lost ||= this.hasUnknown(schema);
    const branches = schema.anyOf ?? schema.oneOf;
    return branches === undefined ? this.plain(schema, within) : this.union(schema, this.list(branches), within);
  }

  private reference({ $ref: _, ...beside }: Schema, reference: string, within: readonly string[]): Schema {
    if (within.includes(reference)) {
      this.lost = true;
      return { ...this.copied(beside), type: this.type('object') };
    }
    return this.schema({ ...this.object(this.target(reference)), ...beside }, [...within, reference]);
  }

  private target(reference: string): unknown {
    if (!reference.startsWith('#')) {
      throw this.root.invalid(`the reference '${reference.slice(0, 80)}' leads out of the schema; write it out`);
    }
    let target: unknown = this.root.value;
    for (const segment of reference.slice(1).split('/').slice(1)) {
      const name = unescaped(segment);
      target = typeof target === 'object' && target !== null && Object.hasOwn(target, name) ? (target as Schema)[name] : undefined;
    }
    if (target === undefined) {
      throw this.root.invalid(`the reference '${reference.slice(0, 80)}' leads nowhere`);
    }
    return target;
  }

  /** What is to be met together as one schema; where two say the same keyword, the later one counts. */
  private merged({ allOf, ...beside }: Schema, within: readonly string[]): Schema {
    let whole: Schema = {};
    for (const part of [...this.list(allOf), beside]) {
      this.count += 1;
      const followed = [...within];
      let resolved = this.followed(this.object(part), followed);
      if (resolved.allOf !== undefined) {
        resolved = this.merged(resolved, followed);
      }
      this.lost ||= Object.keys(resolved).some((name) => Object.hasOwn(whole, name) && !MERGED.has(name));
      whole = {
        ...whole,
        ...resolved,
        ...(whole.properties ?? resolved.properties) !== undefined && { properties: { ...this.members(whole.properties), ...this.members(resolved.properties) } },
        ...(whole.required ?? resolved.required) !== undefined && { required: [...texts(whole.required), ...texts(resolved.required)] },
      };
    }
    return whole;
  }

  /** What the references at the top of a schema lead to; `within` grows by them. */
  private followed(schema: Schema, within: string[]): Schema {
    let followed = schema;
    while (typeof followed.$ref === 'string') {
      const { $ref, ...beside } = followed as Schema & { readonly $ref: string };
      this.lost ||= within.includes($ref);
      followed = within.includes($ref) ? beside : { ...this.object(this.target($ref)), ...beside };
      within.push($ref);
    }
    return followed;
  }

  private union(schema: Schema, branches: readonly unknown[], within: readonly string[]): Schema {
    const { anyOf: _anyOf, oneOf: _oneOf, ...beside } = schema;
    const values = branches.filter((branch) => !isNull(branch));
    const nullable = values.length < branches.length || schema.nullable === true;
    const { title: _title, description, ...shared } = beside;
    if (values.length === 0) {
      return this.plain({ ...beside, type: 'null' }, within);
    }
    // What stands beside the branches holds for each of them; OpenAPI's dialect wants `anyOf` to stand alone.
    const sharedBySome = Object.keys(shared).some((name) => !['$defs', 'definitions', 'nullable', '$schema'].includes(name));
    const converted = values.map((branch): Schema => this.schema(sharedBySome ? { allOf: [branch, shared] } : branch, within));
    if (converted.length === 1) {
      return this.described(nullable ? this.nullable(converted[0]) : converted[0], description);
    }
    if (!this.isOpenApi) {
      return { ...this.copied(beside), anyOf: nullable ? [...converted, { type: 'null' }] : converted };
    }
    return { anyOf: converted.map((branch) => this.described(nullable ? this.nullable(branch) : branch, branch.description ?? description)) };
  }

  private described(schema: Schema, description: unknown): Schema {
    const standsAlone = this.isOpenApi && schema.anyOf !== undefined;
    return typeof description === 'string' && !standsAlone ? { ...schema, description } : schema;
  }

  private plain(schema: Schema, within: readonly string[]): Schema {
    const types = this.types(schema);
    const values = types.filter((name) => name !== 'null');
    const nullable = values.length < types.length || schema.nullable === true || this.values(schema)?.includes(null) === true;
    if (values.length > 1) {
      const { type: _, description, title: _title, nullable: _nullable, ...rest } = schema;
      const branches = [...values, ...nullable ? ['null'] : []].map((type) => ({ ...rest, type }));
      return this.union({ ...typeof description === 'string' && { description } }, branches, within);
    }
    if (values.length === 0) {
      return types.length > 0 ? { ...this.copied(schema), type: this.type('null') } : { ...this.anything(), ...this.copied(schema) };
    }
    const converted = this.typed(schema, values[0], within);
    return nullable ? this.nullable(converted) : converted;
  }

  private hasUnknown(schema: Schema): boolean {
    for (const name of Object.keys(schema)) {
      if (!READ_OR_HARMLESS.has(name) && !COPIED[this.dialect].has(name) && !name.startsWith('x-')) {
        return true;
      }
    }
    return false;
  }

  private typed(schema: Schema, type: string, within: readonly string[]): Schema {
    const draft = this.copied(schema);
    draft.type = this.type(type);
    this.format(schema, draft);
    this.enumerate(schema, type, draft);
    this.bound(schema, type, draft);
    if (type === 'object') {
      this.objectKeywords(schema, within, draft);
    } else if (type === 'array') {
      this.arrayKeywords(schema, within, draft);
    }
    return draft;
  }

  private copied(schema: Schema): Draft {
    const draft: Draft = {};
    for (const name of Object.keys(schema)) {
      if (COPIED[this.dialect].has(name) && isOfItsType(name, schema[name])) {
        draft[name] = schema[name];
      }
    }
    return draft;
  }

  private format({ format }: Schema, draft: Draft): void {
    if ((this.isOpenApi ? FORMATS : JSON_SCHEMA_FORMATS).has(format)) {
      draft.format = format;
    } else {
      this.lost ||= format !== undefined;
    }
  }

  private values(schema: Schema): readonly unknown[] | undefined {
    return schema.const !== undefined ? [schema.const] : schema.enum === undefined || schema.enum === null ? undefined : this.list(schema.enum);
  }

  /** Text everywhere, numbers in JSON Schema only. Gemini refuses one that is empty ("enum[0]: cannot be empty"). */
  private enumerate(schema: Schema, type: string, draft: Draft): void {
    const allowed = this.values(schema)?.filter((value) => typeIn(value) === (type === 'integer' ? 'number' : type));
    if (!allowed) {
      return;
    }
    const values = allowed.filter((value) => value !== '');
    this.lost ||= values.length < allowed.length;
    if (values.length > 0 && (type === 'string' || !this.isOpenApi && (type === 'number' || type === 'integer'))) {
      draft.enum = values;
    } else {
      this.lost ||= !(type === 'boolean' && values.includes(true) && values.includes(false));
    }
  }

  private bound({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema, type: string, draft: Draft): void {
    if (exclusiveMinimum === undefined && exclusiveMaximum === undefined) {
      return;
    }
    this.lost ||= type !== 'integer';
    const step = type === 'integer' ? 1 : 0;
    if (typeof exclusiveMinimum === 'number') {
      draft.minimum = Math.max(step ? Math.floor(exclusiveMinimum) + step : exclusiveMinimum, typeof minimum === 'number' ? minimum : -Infinity);
    }
    if (typeof exclusiveMaximum === 'number') {
      draft.maximum = Math.min(step ? Math.ceil(exclusiveMaximum) - step : exclusiveMaximum, typeof maximum === 'number' ? maximum : Infinity);
    }
  }

  private objectKeywords({ properties, required, additionalProperties }: Schema, within: readonly string[], draft: Draft): void {
    const members = this.members(properties);
    const names = Object.keys(members);
    if (names.length > 0) {
      draft.properties = Object.fromEntries(names.map((name) => [name, this.schema(members[name], within)]));
    }
    // Gemini refuses a required property that is not defined.
    const needed = [...new Set(texts(required))].filter((name) => Object.hasOwn(members, name));
    if (needed.length > 0) {
      draft.required = needed;
    }
    const others = typeof additionalProperties === 'object' && additionalProperties !== null ? this.schema(additionalProperties, within) : additionalProperties;
    if (this.isOpenApi) {
      this.lost ||= typeof others === 'object';
    } else if (typeof others === 'object' || typeof others === 'boolean') {
      draft.additionalProperties = others;
    }
  }

  private arrayKeywords({ items, prefixItems }: Schema, within: readonly string[], draft: Draft): void {
    const tuple = prefixItems ?? (Array.isArray(items) ? items : undefined);
    const rest = Array.isArray(items) || items === undefined || items === null || typeof items === 'boolean' ? undefined : this.schema(items, within);
    this.lost ||= items === false;
    const members = tuple === undefined ? [] : this.list(tuple).map((item) => this.schema(item, within));
    const kinds = [...members, ...rest ? [rest] : []];
    if (this.isOpenApi) {
      this.lost ||= tuple !== undefined;
      draft.items = kinds.length === 0 ? this.anything() : kinds.length === 1 ? kinds[0] : { anyOf: kinds };
      return;
    }
    if (tuple !== undefined) {
      draft.prefixItems = members;
    }
    if (rest) {
      draft.items = rest;
    }
  }

  private types(schema: Schema): readonly string[] {
    const type = schema.type;
    const named = type === undefined || type === null ? [] : (Array.isArray(type) ? type as readonly unknown[] : [type]).map((name) => this.typeName(name));
    return named.length > 0 ? [...new Set(named)] : this.impliedTypes(schema);
  }

  private typeName(name: unknown): string {
    const known = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'].find((type) => type === String(name).toLowerCase());
    if (known === undefined) {
      throw this.root.invalid(`'${String(name).slice(0, 40)}' is no type of JSON Schema`);
    }
    return known;
  }

  /** What the other keywords speak of. */
  private impliedTypes(schema: Schema): readonly string[] {
    if (schema.properties !== undefined || schema.required !== undefined || schema.additionalProperties !== undefined) {
      return ['object'];
    }
    if (schema.items !== undefined || schema.prefixItems !== undefined) {
      return ['array'];
    }
    const kinds = new Set((this.values(schema) ?? []).map((value) => value === null ? 'null' : Array.isArray(value) ? 'array' : typeIn(value)));
    return [...kinds].filter((kind) => kind !== 'undefined');
  }

  /** OpenAPI's dialect wants a type everywhere. */
  private anything(): Schema {
    this.lost ||= this.isOpenApi;
    return this.isOpenApi ? { type: this.type('string') } : {};
  }

  private nullable(schema: Schema): Schema {
    if (this.isOpenApi) {
      const branches = schema.anyOf as readonly Schema[] | undefined;
      return branches ? { ...schema, anyOf: branches.map((branch) => this.nullable(branch)) } : { ...schema, nullable: true };
    }
    if (schema.anyOf !== undefined) {
      return { ...schema, anyOf: [...schema.anyOf as readonly Schema[], { type: 'null' }] };
    }
    const { enum: values, type } = schema;
    if (Array.isArray(values)) {
      return { anyOf: [schema, { type: 'null' }] };
    }
    return typeof type === 'string' && type !== 'null' ? { ...schema, type: [type, 'null'] } : schema;
  }

  private type(name: string): string {
    return this.isOpenApi ? name.toUpperCase() : name;
  }

  private object(value: unknown): Schema {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Schema;
    }
    if (typeof value === 'boolean') {
      this.lost ||= !value;
      return {};
    }
    throw this.root.invalid('it is no JSON Schema: an object is expected where something else stands');
  }

  private members(value: unknown): Schema {
    return value === undefined || value === null ? {} : this.object(value);
  }

  private list(value: unknown): readonly unknown[] {
    if (!Array.isArray(value)) {
      throw this.root.invalid('it is no JSON Schema: a list is expected where something else stands');
    }
    return value;
  }
}

/** A keyword with a value of another type would be refused, where JSON Schema only has no meaning for it. */
function isOfItsType(keyword: string, value: unknown): boolean {
  switch (keyword) {
    case 'title':
    case 'description':
    case 'pattern':
      return typeof value === 'string';
    case 'propertyOrdering':
      return Array.isArray(value);
    default:
      return typeIn(value) === 'number';
  }
}

/** `typeof`, by what the JSON had. */
function typeIn(value: unknown): string {
  return value instanceof ExactNumber ? 'number' : typeof value;
}

function isNull(branch: unknown): boolean {
  return typeof branch === 'object' && branch !== null && ((branch as Schema).type === 'null' || (branch as Schema).const === null);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** https://www.rfc-editor.org/rfc/rfc6901, in a fragment. */
function unescaped(segment: string): string {
  let text = segment;
  try {
    text = decodeURIComponent(segment);
  } catch {
    // Not percent-encoded.
  }
  return text.replace(/~1/g, '/').replace(/~0/g, '~');
}
