import { CohereRerankBody } from '../cohere/cohere-wire';
import { ParameterRule, ParameterTable } from '../parameter-table';

const same = (to: string): ParameterRule => ({ treatment: 'mapped', to });

const rules: Readonly<Record<keyof CohereRerankBody, ParameterRule>> = {
  model: { treatment: 'mapped', to: 'model', note: 'the target\'s own model name, where the route gives one' },
  query: same('query'),
  documents: same('documents'),
  top_n: same('top_n'),
  max_tokens_per_doc: same('max_tokens_per_doc'),
  priority: same('priority'),
};

/** Every field of a rerank goes upstream as it came; so do fields that are in no table, for servers know more than Cohere does. */
export const RERANK_PARAMETERS: ParameterTable = rules;
