import { INPUT_SCHEMAS } from '../../src/resources/schema-name';
import { openAiDialect } from '../../src/translate/openai/dialect';
import { findTranslator, inputDialect, supportedOutputs, translators } from '../../src/translate/registry';

test('a dialect for every schema', () => {
  expect(inputDialect('OpenAI')).toBe(openAiDialect);
  expect(INPUT_SCHEMAS.map((schema) => inputDialect(schema)?.schema)).toEqual(INPUT_SCHEMAS);
});

test('every translator is found by what it is for, and only once', () => {
  for (const translator of translators()) {
    expect(findTranslator(translator.input, translator.output, translator.endpoint)).toBe(translator);
    expect(supportedOutputs(translator.input, translator.endpoint)).toContain(translator.output);
  }
  const names = translators().map(({ input, output, endpoint }) => `${input} ${output} ${endpoint}`);
  expect(new Set(names).size).toBe(names.length);
});

test('OpenAI passes through to OpenAI on every endpoint but the model list, which the gateway answers', () => {
  expect(supportedOutputs('OpenAI', 'Completions')).toEqual(['OpenAI', 'AzureOpenAI']);
  expect(findTranslator('OpenAI', 'OpenAI', 'Embeddings')?.endpoint).toBe('Embeddings');
  expect(supportedOutputs('OpenAI', 'Models')).toEqual([]);
  expect(supportedOutputs('Cohere')).toEqual(['Cohere', 'OpenAI']);
  expect(findTranslator('Cohere', 'OpenAI', 'ChatCompletions')).toBeUndefined();
});
