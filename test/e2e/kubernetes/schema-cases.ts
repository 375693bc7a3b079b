import { StructuralSchema } from '../../../src/resources/crd/schema';

/** Where a schema says something: names of fields; `0` for the items of a list. */
export type Path = ReadonlyArray<string | 0>;

/** One statement of a schema, with a value that it takes and one that it refuses. */
export interface SchemaCase {
  readonly path: Path;
  /** `maximum 100`. */
  readonly what: string;
  readonly accepted?: readonly unknown[];
  /** `undefined`: the field is left out. */
  readonly refused: readonly unknown[];
  /** What the API server says of each refused value. */
  readonly message: RegExp;
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
/** Of this length, and matching every pattern of names, keys and regions. */
const word = (length: number) => 'a'.repeat(length);

/** Values for each pattern, by its source. */
const PATTERNS: Readonly<Record<string, { readonly accepted: readonly string[]; readonly refused: readonly string[]; readonly longest?: string }>> = {
  '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$': { accepted: ['a', '0', 'a-b.c', 'gpt-4.1'], refused: ['A', '-a', 'a-', 'a_b', 'a/b', '.a', ' a'] },
  '^[a-z0-9-]+$': { accepted: ['us-east-1', 'eu-central-1'], refused: ['us_east_1', 'US-EAST-1', 'us east', 'a.b'] },
  "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$": { accepted: ['x-api-key', 'X-Api-Key', "!#$%&'*+.^_`|~-"], refused: ['x api', 'x:y', 'x\n', 'ä', '(x)'] },
  '^[0-9]+(\\.[0-9]+)?$': { accepted: ['0', '2.50', '0.000001', '1250'], refused: ['$2', '-1', '1e3', '.5', '1.', '1,5', ' 1'], longest: '1'.repeat(24) },
  '^[A-Za-z0-9_.-]+$': { accepted: ['total_tokens', 'a.b-C'], refused: ['a b', 'a/b', 'a:b'] },
  '^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$': {
    accepted: ['arn:aws:iam::123456789012:role/a', 'arn:aws-cn:iam::123456789012:role/path/a'],
    refused: ['a', 'arn:aws:iam::1:role/a', 'arn:aws:iam::123456789012:user/a'],
    longest: `arn:aws:iam::123456789012:role/${word(2_017)}`,
  },
  '^[A-Za-z0-9_+=,.@:/-]{2,}$': { accepted: ['ab', 'a:/b=+,.@-'], refused: ['a', 'a b', 'a;b'] },
  '^[A-Za-z0-9_+=,.@-]{2,}$': { accepted: ['ab', 'a=+,.@-'], refused: ['a', 'a b', 'a/b'] },
  '^([0-9]{1,5}(h|m|s|ms)){1,4}$': {
    accepted: ['30s', '1h30m', '1500ms', '1h1m1s1ms'], refused: ['30', 's', '1.5s', '-1s', '1d', '123456s', '1h1m1s1ms1s'], longest: '12345ms'.repeat(4),
  },
};

/** What every statement of this schema takes and refuses, but for CEL rules and the largest sizes of lists. Throws for a pattern without values. */
export function schemaCases(schema: StructuralSchema, path: Path): SchemaCase[] {
  const at = (what: string, refused: readonly unknown[], message: RegExp, accepted?: readonly unknown[]): SchemaCase => ({
    path, what, refused, message: new RegExp(`${escaped(pathText(path))}(?:\\[\\d+\\])?: ${message.source}`), ...accepted === undefined ? {} : { accepted },
  });
  const pattern = schema.pattern === undefined ? undefined : PATTERNS[schema.pattern];
  if (schema.pattern !== undefined && pattern === undefined) throw new Error(`no values for the pattern ${schema.pattern} of ${pathText(path)}`);
  return [
    at(`is of type ${schema.type}`, [schema.type === 'string' ? 1 : 'text'], /Invalid value: "\w+": .*must be of type/),
    ...schema.minimum === undefined ? [] : [at(`minimum ${schema.minimum}`, [schema.minimum - 1], new RegExp(`.*should be greater than or equal to ${schema.minimum}`), [schema.minimum])],
    ...schema.maximum === undefined ? [] : [at(`maximum ${schema.maximum}`, [schema.maximum + 1], new RegExp(`.*should be less than or equal to ${schema.maximum}`), [schema.maximum])],
    ...schema.minLength === undefined ? [] : [at(`minLength ${schema.minLength}`, [''], new RegExp(`.*should be at least ${schema.minLength} chars long`), ['1'])],
    ...schema.maxLength === undefined ? [] : [
      at(`maxLength ${schema.maxLength}`, [word(schema.maxLength + 1)], new RegExp(`.*(?:may not be more than|Too long).* ${schema.maxLength}`), [pattern?.longest ?? word(schema.maxLength)]),
    ],
    ...pattern === undefined ? [] : [at(`pattern ${schema.pattern}`, pattern.refused, new RegExp(`.*should match '${escaped(schema.pattern!)}'`), pattern.accepted)],
    ...schema.enum === undefined ? [] : [at(`one of ${schema.enum.join(', ')}`, ['Nonsense', schema.enum[0].toLowerCase() + 'x'], /Unsupported value: .*supported values: /, schema.enum)],
    ...schema.minItems === undefined ? [] : [at(`minItems ${schema.minItems}`, [[]], new RegExp(`.*should have at least ${schema.minItems} items`))],
    ...(schema.required ?? []).map((field): SchemaCase => ({
      path: [...path, field], what: 'is required', refused: [undefined], message: new RegExp(`${escaped(pathText([...path, field]))}: Required value`),
    })),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) => schemaCases(property, [...path, name])),
    ...schema.items === undefined ? [] : schemaCases(schema.items, [...path, 0]),
  ];
}

/** Lists with a largest size; their items are to be made by repeating one. */
export function boundedLists(schema: StructuralSchema, path: Path): Array<{ readonly path: Path; readonly maxItems: number }> {
  return [
    ...schema.maxItems === undefined ? [] : [{ path, maxItems: schema.maxItems }],
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) => boundedLists(property, [...path, name])),
    ...schema.items === undefined ? [] : boundedLists(schema.items, [...path, 0]),
  ];
}

/** Messages of all CEL rules. */
export function celMessages(schema: StructuralSchema): string[] {
  return [
    ...(schema['x-kubernetes-validations'] ?? []).map(({ message }) => message),
    ...Object.values(schema.properties ?? {}).flatMap(celMessages),
    ...schema.items === undefined ? [] : celMessages(schema.items),
  ];
}

/** As the API server writes it: `spec.rules[0].name`. */
export function pathText(path: Path): string {
  return path.map((part, index) => (part === 0 ? '[0]' : index === 0 ? part : `.${part}`)).join('');
}

/** A copy with another value at the path, or, for `undefined`, without it. */
export function withValue<T>(object: T, path: Path, value: unknown): T {
  const [first, ...rest] = path;
  const copy = (Array.isArray(object) ? [...object] : { ...object }) as Record<string | number, unknown>;
  if (rest.length > 0) copy[first] = withValue(copy[first], rest, value);
  else if (value === undefined) delete copy[first];
  else copy[first] = value;
  return copy as T;
}

export function valueAt(object: unknown, path: Path): unknown {
  return path.reduce((value, part) => (value as Record<string | number, unknown>)[part], object);
}
