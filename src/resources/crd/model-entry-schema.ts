import { MODEL_CAPABILITIES, MODEL_KINDS } from '../model-entry';
import { integer, list, object, string } from './schema';

const price = (description: string) => string(description, { minLength: 1, maxLength: 24, pattern: '^[0-9]+(\\.[0-9]+)?$' });
const tokens = (description: string) => integer(description, { minimum: 1 });

/** `LLMBackend.spec.models`. */
export const MODEL_ENTRIES = list('What is true of models of this backend, where the gateway\'s own catalog and price lists do not know it or are wrong.', object('One model.', {
  name: string('Name that the provider knows.', { minLength: 1, maxLength: 1024 }),
  baseModel: string('Name of the model behind it, such as that of an Azure deployment or an inference profile; what is not said here is as of that one.', { minLength: 1, maxLength: 1024 }),
  kinds: list('What it is there for.', string('One of them.', { enum: [...MODEL_KINDS] }), { 'minItems': 1, 'maxItems': MODEL_KINDS.length, 'x-kubernetes-list-type': 'set' }),
  capabilities: list('What it takes and does beside text, all of it.', string('One of them.', { enum: [...MODEL_CAPABILITIES] }), {
    'maxItems': MODEL_CAPABILITIES.length, 'x-kubernetes-list-type': 'set',
  }),
  contextWindow: tokens('Tokens of input and output together.'),
  maxOutputTokens: tokens('Tokens of one answer, reasoning included; sent as max_tokens where the provider demands one and the client gives none.'),
  prices: object('US dollars per million tokens, as decimal numbers in quotes, such as "2.50".', {
    input: price('Input.'),
    output: price('Output; "0" for embeddings.'),
    cachedInput: price('Input that was read from a prompt cache; omitted: as input.'),
    cacheWrite: price('Input that was written to a prompt cache; omitted: as input.'),
    reasoning: price('Reasoning; omitted: as output.'),
  }, ['input', 'output']),
}, ['name']), { 'maxItems': 128, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] });
