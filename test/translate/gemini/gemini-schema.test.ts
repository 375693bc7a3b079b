import * as fc from 'fast-check';
import { geminiSchema } from '../../../src/translate/gemini/gemini-schema';
import { Losses } from '../../../src/translate/request/losses';
import { RequestValue } from '../../../src/translate/request/request-value';
import { RequestError } from '../../../src/translate/request-error';
import { geminiComplaint } from '../../providers/gemini-complaint';

function converted(schema: unknown, dialect: 'JsonSchema' | 'OpenApi'): { readonly schema: unknown; readonly lost: boolean } {
  const losses = new Losses('Strict', 'Google Gemini');
  const result = geminiSchema(new RequestValue(schema, 'schema'), dialect, losses);
  return { schema: result, lost: losses.dropped.length > 0 };
}

const json = (schema: unknown) => converted(schema, 'JsonSchema').schema;
const openApi = (schema: unknown) => converted(schema, 'OpenApi').schema;

describe('V6 keywords that Gemini does not know are not sent, and said to be lost where they limit something', () => {
  const STRANGE = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { a: { type: 'array', items: { type: 'number', multipleOf: 2 }, uniqueItems: true, contains: { type: 'number' } } },
    patternProperties: { '^x': { type: 'string' } },
    propertyNames: { pattern: '^a' },
    if: {},
    then: {},
    not: {},
    unevaluatedProperties: false,
    additionalProperties: false,
  };

  test('as JSON Schema', () => {
    expect(converted(STRANGE, 'JsonSchema')).toEqual({
      schema: { type: 'object', properties: { a: { type: 'array', items: { type: 'number' } } }, additionalProperties: false }, lost: true,
    });
  });

  test('as OpenAPI\'s schema', () => {
    expect(converted(STRANGE, 'OpenApi')).toEqual({ schema: { type: 'OBJECT', properties: { a: { type: 'ARRAY', items: { type: 'NUMBER' } } } }, lost: true });
  });

  test('what limits nothing is no loss', () => {
    const schema = { $schema: 'x', $id: 'y', $comment: 'z', type: 'object', properties: { a: { 'type': 'string', 'default': 'x', 'examples': ['x'], 'x-order': 1 } }, additionalProperties: false };
    expect([converted(schema, 'JsonSchema').lost, converted(schema, 'OpenApi').lost]).toEqual([false, false]);
  });

  test('a property may have the name of a keyword', () => {
    const schema = { type: 'object', properties: { $ref: { type: 'string' }, not: { type: 'string' }, type: { type: 'string' } }, required: ['type'] };
    expect(converted(schema, 'JsonSchema')).toEqual({ schema, lost: false });
  });
});

describe('V6 references are written out', () => {
  const PERSON = { type: 'object', properties: { name: { type: 'string' } } };

  test.each([['$defs', '#/$defs/person'], ['definitions', '#/definitions/person']])('%s', (holder, $ref) => {
    const schema = { type: 'object', properties: { one: { $ref }, two: { $ref, description: 'The other.' } }, [holder]: { person: PERSON } };
    expect(converted(schema, 'JsonSchema')).toEqual({ schema: { type: 'object', properties: { one: PERSON, two: { description: 'The other.', ...PERSON } } }, lost: false });
  });

  test('through other references, escaped names and lists', () => {
    const schema = { properties: { a: { $ref: '#/$defs/a~1b%20c' }, b: { $ref: '#/properties/c/anyOf/1' }, c: { anyOf: [{ type: 'string' }, { type: 'number' }] } }, $defs: { 'a/b c': { $ref: '#/$defs/x' }, 'x': PERSON } };
    expect(json(schema)).toEqual({ type: 'object', properties: { a: PERSON, b: { type: 'number' }, c: { anyOf: [{ type: 'string' }, { type: 'number' }] } } });
  });

  test('that refer to themselves end, which is a loss', () => {
    const node = { type: 'object', properties: { value: { type: 'string' }, next: { $ref: '#/$defs/node' } } };
    const schema = { type: 'object', properties: { list: { $ref: '#/$defs/node' } }, $defs: { node } };
    expect(converted(schema, 'JsonSchema')).toEqual({
      schema: { type: 'object', properties: { list: { type: 'object', properties: { value: { type: 'string' }, next: { type: 'object' } } } } }, lost: true,
    });
    expect(openApi({ type: 'object', properties: { self: { $ref: '#' } } })).toEqual({ type: 'OBJECT', properties: { self: { type: 'OBJECT', properties: { self: { type: 'OBJECT' } } } } });
  });

  test.each([['#/$defs/none', 'leads nowhere'], ['https://example.com/schema', 'leads out of the schema'], ['#/__proto__/x', 'leads nowhere']])('to %s are refused', ($ref, reason) => {
    expect(() => json({ type: 'object', properties: { a: { $ref } } })).toThrow(reason);
  });

  test('that grow without end are refused', () => {
    const $defs = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`d${index}`, { type: 'object', properties: { a: { $ref: `#/$defs/d${index + 1}` }, b: { $ref: `#/$defs/d${index + 1}` } } }]));
    expect(() => json({ $ref: '#/$defs/d0', $defs: { ...$defs, d30: { type: 'string' } } })).toThrow('has more than 5000 parts');
    for (const endless of [{ $ref: '#' }, { allOf: [{ $ref: '#' }] }, { allOf: [{ allOf: [{ $ref: '#' }] }] }, { anyOf: [{ $ref: '#' }] }]) {
      expect(json(endless)).toBeDefined();
    }
    expect(() => json({ type: 'object', anyOf: [{ $ref: '#' }, { type: 'string' }] })).toThrow();
  });
});

describe('unions', () => {
  test.each<[string, unknown, unknown, unknown]>([
    ['anyOf', { anyOf: [{ type: 'string' }, { type: 'integer' }] }, { anyOf: [{ type: 'string' }, { type: 'integer' }] }, { anyOf: [{ type: 'STRING' }, { type: 'INTEGER' }] }],
    ['oneOf', { oneOf: [{ type: 'string' }, { type: 'integer' }] }, { anyOf: [{ type: 'string' }, { type: 'integer' }] }, { anyOf: [{ type: 'STRING' }, { type: 'INTEGER' }] }],
    ['null among them', { anyOf: [{ type: 'string' }, { type: 'null' }] }, { type: ['string', 'null'] }, { type: 'STRING', nullable: true }],
    ['null among several', { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] }, { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] },
      { anyOf: [{ type: 'STRING', nullable: true }, { type: 'NUMBER', nullable: true }] }],
    ['a description', { description: 'd', anyOf: [{ type: 'string' }, { type: 'number', description: 'n' }] },
      { description: 'd', anyOf: [{ type: 'string' }, { type: 'number', description: 'n' }] },
      { anyOf: [{ type: 'STRING', description: 'd' }, { type: 'NUMBER', description: 'n' }] }],
    ['several types', { type: ['string', 'integer'], minimum: 1 }, { anyOf: [{ type: 'string', minimum: 1 }, { type: 'integer', minimum: 1 }] },
      { anyOf: [{ type: 'STRING', minimum: 1 }, { type: 'INTEGER', minimum: 1 }] }],
    ['a type or null', { type: ['string', 'null'], description: 'd' }, { type: ['string', 'null'], description: 'd' }, { type: 'STRING', description: 'd', nullable: true }],
    ['nullable', { type: 'string', nullable: true }, { type: ['string', 'null'] }, { type: 'STRING', nullable: true }],
    ['what is beside them', { type: 'object', properties: { a: { type: 'string' } }, anyOf: [{ required: ['a'] }, { properties: { b: { type: 'string' } } }] },
      { anyOf: [{ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }, { type: 'object', properties: { b: { type: 'string' }, a: { type: 'string' } } }] },
      { anyOf: [{ type: 'OBJECT', properties: { a: { type: 'STRING' } }, required: ['a'] }, { type: 'OBJECT', properties: { b: { type: 'STRING' }, a: { type: 'STRING' } } }] }],
  ])('%s', (_, schema, asJsonSchema, asOpenApi) => {
    expect([json(schema), openApi(schema)]).toEqual([asJsonSchema, asOpenApi]);
  });

  test('allOf is one schema', () => {
    const schema = { allOf: [{ $ref: '#/$defs/a' }, { properties: { b: { type: 'number' } }, required: ['b'] }], description: 'd', $defs: { a: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] } } };
    expect(converted(schema, 'JsonSchema')).toEqual({
      schema: { type: 'object', description: 'd', properties: { a: { type: 'string' }, b: { type: 'number' } }, required: ['a', 'b'] }, lost: false,
    });
  });
});

describe('values', () => {
  test.each<[string, unknown, unknown, unknown]>([
    ['enum of text', { type: 'string', enum: ['a', 'b'] }, { type: 'string', enum: ['a', 'b'] }, { type: 'STRING', enum: ['a', 'b'] }],
    ['enum with empty text', { type: 'string', enum: ['a', ''] }, { type: 'string', enum: ['a'] }, { type: 'STRING', enum: ['a'] }],
    ['enum of empty text', { type: 'string', enum: [''] }, { type: 'string' }, { type: 'STRING' }],
    ['enum without a type', { enum: ['a'] }, { type: 'string', enum: ['a'] }, { type: 'STRING', enum: ['a'] }],
    ['enum with null', { type: 'string', enum: ['a', null] }, { anyOf: [{ type: 'string', enum: ['a'] }, { type: 'null' }] }, { type: 'STRING', enum: ['a'], nullable: true }],
    ['enum of numbers', { type: 'integer', enum: [1, 2] }, { type: 'integer', enum: [1, 2] }, { type: 'INTEGER' }],
    ['enum of both', { enum: ['a', 1] }, { anyOf: [{ type: 'string', enum: ['a'] }, { type: 'number', enum: [1] }] }, { anyOf: [{ type: 'STRING', enum: ['a'] }, { type: 'NUMBER' }] }],
    ['const', { const: 'a' }, { type: 'string', enum: ['a'] }, { type: 'STRING', enum: ['a'] }],
    ['const null', { const: null }, { type: 'null' }, { type: 'NULL' }],
    ['exclusive limits of whole numbers', { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 }, { type: 'integer', minimum: 1, maximum: 9 }, { type: 'INTEGER', minimum: 1, maximum: 9 }],
    ['exclusive limits of numbers', { type: 'number', exclusiveMinimum: 0 }, { type: 'number', minimum: 0 }, { type: 'NUMBER', minimum: 0 }],
    ['formats', { type: 'string', format: 'date-time' }, { type: 'string', format: 'date-time' }, { type: 'STRING', format: 'date-time' }],
    ['formats that it does not know', { type: 'string', format: 'uri' }, { type: 'string' }, { type: 'STRING' }],
    ['patterns and lengths', { type: 'string', pattern: '^a', minLength: 1 }, { type: 'string' }, { type: 'STRING', pattern: '^a', minLength: 1 }],
    ['keywords of another type', { type: 'string', description: 5, minimum: 'x' }, { type: 'string' }, { type: 'STRING' }],
    ['types in capitals', { type: 'STRING' }, { type: 'string' }, { type: 'STRING' }],
    ['anything', { type: 'object', properties: { a: {}, b: true } }, { type: 'object', properties: { a: {}, b: {} } }, { type: 'OBJECT', properties: { a: { type: 'STRING' }, b: { type: 'STRING' } } }],
    ['required properties that there are not', { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'b', 'a'] },
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }, { type: 'OBJECT', properties: { a: { type: 'STRING' } }, required: ['a'] }],
    ['maps', { type: 'object', additionalProperties: { type: 'string' } }, { type: 'object', additionalProperties: { type: 'string' } }, { type: 'OBJECT' }],
    ['lists', { type: 'array', items: { type: 'string' }, minItems: 1 }, { type: 'array', items: { type: 'string' }, minItems: 1 }, { type: 'ARRAY', items: { type: 'STRING' }, minItems: 1 }],
    ['lists of anything', { type: 'array' }, { type: 'array' }, { type: 'ARRAY', items: { type: 'STRING' } }],
    ['V6 prefixItems', { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] }, { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] },
      { type: 'ARRAY', items: { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }] } }],
    ['tuples of older drafts', { type: 'array', items: [{ type: 'string' }] }, { type: 'array', prefixItems: [{ type: 'string' }] }, { type: 'ARRAY', items: { type: 'STRING' } }],
  ])('%s', (_, schema, asJsonSchema, asOpenApi) => {
    expect([json(schema), openApi(schema)]).toEqual([asJsonSchema, asOpenApi]);
  });

  test.each<[unknown]>([[{ type: 'text' }], [{ type: 5 }], [{ properties: [] }], [{ properties: { a: 5 } }], [{ anyOf: {} }], [{ enum: 'a' }], [{ items: 'x' }]])('%j is no schema', (schema) => {
    expect(() => json(schema)).toThrow(RequestError);
  });
});

test('V6 any schema gives one that Gemini takes, or a 400', () => {
  const { schema } = fc.letrec<{ schema: unknown }>((tie) => {
    const inner = tie('schema');
    const keywords = fc.record({
      type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'array', 'object', 'null', ['string', 'null'], ['object', 'array']),
      properties: fc.dictionary(fc.constantFrom('a', 'b', '__proto__', '$ref'), inner, { maxKeys: 2 }),
      required: fc.constantFrom(['a'], ['a', 'c'], []),
      additionalProperties: fc.oneof(fc.boolean(), inner),
      items: fc.oneof(inner, fc.array(inner, { maxLength: 2 }), fc.boolean()),
      prefixItems: fc.array(inner, { maxLength: 2 }),
      anyOf: fc.array(inner, { maxLength: 3 }),
      oneOf: fc.array(inner, { maxLength: 3 }),
      allOf: fc.array(inner, { maxLength: 3 }),
      not: inner,
      enum: fc.constantFrom(['a'], [1, 'a'], [null], [true], [], [{}]),
      const: fc.constantFrom('a', 1, null),
      $ref: fc.constantFrom('#', '#/$defs/x', '#/properties/a'),
      format: fc.constantFrom('uri', 'date-time'),
      nullable: fc.boolean(),
      description: fc.constantFrom('d', 5),
      minimum: fc.constantFrom(1, 'x'),
      exclusiveMinimum: fc.constantFrom(1, true),
      uniqueItems: fc.boolean(),
    }, { requiredKeys: [] });
    return { schema: fc.oneof({ maxDepth: 4, depthSize: 'small' }, fc.constantFrom({ type: 'string' }, {}, true), keywords) };
  });
  fc.assert(fc.property(schema, schema, fc.constantFrom<'JsonSchema' | 'OpenApi'>('JsonSchema', 'OpenApi'), (value, x, dialect) => {
    let result: unknown;
    try {
      result = converted({ type: 'object', properties: { a: value }, $defs: { x } }, dialect).schema;
    } catch (error) {
      // The translator makes a 400 of a RangeError.
      expect(error instanceof RequestError || error instanceof RangeError).toBe(true);
      return;
    }
    const generationConfig = { responseMimeType: 'application/json', ...dialect === 'JsonSchema' ? { responseJsonSchema: result } : { responseSchema: result } };
    expect(geminiComplaint({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }], generationConfig })).toBeUndefined();
  }), { numRuns: 400 });
});
