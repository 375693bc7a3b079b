import { readFileSync } from 'node:fs';
import { MODELS_DOCS, modelsDocs } from '../../projenrc/models-docs';
import { LlmProvider } from '../../src';
import { COMPATIBLE_SERVERS, CompatibleServer } from '../../src/translate/catalog/compatible-servers';

const written = readFileSync(MODELS_DOCS, 'utf8');
const rowsOf = (server: string): string[] => written.split('\n').filter((line) => line.startsWith(`| \`${server}\` |`));

test('the tables of docs/models.md are what the script writes from the catalog', () => {
  expect(written).toBe(modelsDocs());
});

test.each(Object.entries<CompatibleServer>(COMPATIBLE_SERVERS))('%s has a factory and a row for each fact', (server, { fields, removes = [] }) => {
  expect(LlmProvider).toHaveProperty(server, expect.any(Function));
  const [about, ...facts] = rowsOf(server);
  expect(about).toMatch(/https?:\/\/[a-z<]\S+`/);
  expect(removes.filter((field) => !about.includes(`\`${field}\``))).toEqual([]);
  expect(facts).toHaveLength(fields.length);
  fields.forEach((fact, place) => expect(facts[place]).toContain(`${fact.source}, ${fact.asOf} |`));
});
