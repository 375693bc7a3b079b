import { readFileSync } from 'node:fs';
import { LISTED_MODELS_FILE, listedModels } from '../../../projenrc/listed-models';
import { OutputSchemaName } from '../../../src/resources/schema-name';
import { tokenPrices } from '../../../src/runtime/model-prices';
import { LISTED_MODELS, NamePattern } from '../../../src/translate/catalog/listed-models';
import { mayBeListed } from '../../../src/translate/catalog/price-lists';

test('what is kept of the lists is up to date', () => {
  expect(readFileSync(LISTED_MODELS_FILE, 'utf8')).toBe(listedModels());
});

const HOSTS: ReadonlyArray<readonly [OutputSchemaName, string]> = [
  ['OpenAI', 'https://api.openai.com:443'], ['AzureOpenAI', 'https://my.openai.azure.com:443'], ['Anthropic', 'https://api.anthropic.com:443'],
  ['AWSBedrock', 'https://bedrock-runtime.us-east-1.amazonaws.com:443'], ['GCPVertexAI', 'https://us-central1-aiplatform.googleapis.com:443'], ['Cohere', 'https://api.cohere.com:443'],
];
const namesIn = (pattern: NamePattern): string[] => [
  ...[pattern.equals, pattern.starts_with, pattern.ends_with, pattern.contains].filter((name) => name !== undefined),
  ...[...pattern.or ?? [], ...pattern.and ?? []].flatMap(namesIn),
];
const NAMES = [...new Set(Object.values(LISTED_MODELS).flat().flatMap(namesIn))].flatMap((name) => [name, `${name}-x`, `x-${name}`, `${name}-20250929`, name.toUpperCase()]);

test.each(HOSTS)('%s at %s: a model counts as listed exactly where the lists have a price for it', (schema, origin) => {
  const wrong = NAMES.filter((name) => mayBeListed({ schema, origin }, name) !== (tokenPrices({ schema, origin }, name, 0) !== undefined));
  expect(wrong).toEqual([]);
});

test('a server of one\'s own has no list, and of a provider that is not kept nothing is said', () => {
  expect(mayBeListed({ schema: 'OpenAI', origin: 'https://kserve.models:8080' }, 'gpt-5.2')).toBe(false);
  expect(mayBeListed({ schema: 'OpenAI', origin: 'https://api.mistral.ai:443' }, 'made-up')).toBe(true);
});
