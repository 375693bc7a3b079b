import { openAiDialect } from '../../src/translate/openai/dialect';
import { findTranslator, inputDialect, supportedOutputs, translators } from '../../src/translate/registry';

test('a dialect by its schema, none for those that nobody speaks yet', () => {
  expect(inputDialect('OpenAI')).toBe(openAiDialect);
  expect(inputDialect('Cohere')).toBeUndefined();
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
  expect(supportedOutputs('OpenAI', 'Completions')).toEqual(['OpenAI']);
  expect(findTranslator('OpenAI', 'OpenAI', 'Embeddings')?.endpoint).toBe('Embeddings');
  expect(supportedOutputs('OpenAI', 'Models')).toEqual([]);
  expect(findTranslator('Cohere', 'OpenAI', 'ChatCompletions')).toBeUndefined();
});
