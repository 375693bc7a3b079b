import { structuredSchema } from '../../../src/translate/anthropic/structured-schema';
import { Losses } from '../../../src/translate/request/losses';
import { RequestValue } from '../../../src/translate/request/request-value';

const losses = () => new Losses('Safe', 'Anthropic');
const converted = (schema: unknown): unknown => structuredSchema(new RequestValue(schema, 'schema'), losses());

test.each<[string, object, object]>([
  ['a number', { type: 'integer', minimum: 0, maximum: 150 }, { type: 'integer', description: '{"minimum":0,"maximum":150}' }],
  ['a text', { type: 'string', description: 'A name.', minLength: 1, maxLength: 64, pattern: '^a' }, { type: 'string', pattern: '^a', description: 'A name.\n\n{"minLength":1,"maxLength":64}' }],
  ['a list', { type: 'array', items: { type: 'number', multipleOf: 5 }, minItems: 2, maxItems: 3, uniqueItems: true }, {
    type: 'array', items: { type: 'number', description: '{"multipleOf":5}' }, description: '{"minItems":2,"maxItems":3,"uniqueItems":true}',
  }],
  ['a format', { type: 'string', format: 'iban' }, { type: 'string', description: '{"format":"iban"}' }],
  ['a part of a reference', { $ref: '#/$defs/a', $defs: { a: { type: 'string', maxLength: 2 } } }, { $ref: '#/$defs/a', $defs: { a: { type: 'string', description: '{"maxLength":2}' } } }],
])('limits that Claude refuses go into the description: %s', (_, schema, expected) => {
  expect(converted(schema)).toEqual(expected);
});

test('what limits nothing that Claude would refuse stays', () => {
  for (const schema of [
    { type: 'array', minItems: 1, items: { type: 'string', format: 'date-time' } }, { type: ['string', 'null'], enum: ['minimum', null] }, { anyOf: [{ type: 'string' }, { const: 5 }], default: 5, title: 'A' },
    { type: 'object', properties: { minimum: { type: 'string' }, format: { type: 'string' } }, required: ['minimum'], additionalProperties: false },
  ]) {
    expect(converted(schema)).toEqual(schema);
  }
});

test('oneOf is anyOf, which is all that Claude knows, and $schema says nothing to it', () => {
  expect(converted({ $schema: 'https://json-schema.org/draft/2020-12/schema', oneOf: [{ type: 'string', maxLength: 1 }, true] }))
    .toEqual({ anyOf: [{ type: 'string', description: '{"maxLength":1}' }, true] });
  const both = { oneOf: [{ type: 'string' }], anyOf: [{ type: 'number' }] };
  expect(converted(both)).toEqual(both);
});

test('objects that allow any other member are closed', () => {
  expect(converted({ type: 'object', properties: { a: { type: 'string' } }, additionalProperties: true })).toEqual({ type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false });
});

test('what is lost is stated', () => {
  const dropped = (schema: object) => {
    const lost = losses();
    structuredSchema(new RequestValue(schema, 'schema'), lost);
    return lost.dropped.map(({ parameter }) => parameter);
  };
  expect(dropped({ type: 'integer', minimum: 0 })).toEqual(['schema']);
  expect(dropped({ type: 'object', properties: {}, additionalProperties: true })).toEqual(['schema']);
  expect(dropped({ type: 'object', properties: {} })).toEqual([]);
});

test('a schema that is too deep is refused, not a crash', () => {
  let schema: object = {};
  for (let depth = 0; depth < 20_000; depth += 1) schema = { items: schema };
  expect(() => converted(schema)).toThrow('invalid value for \'schema\': it is nested too deeply');
});
