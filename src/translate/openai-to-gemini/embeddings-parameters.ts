import type { EmbeddingCreateParams } from 'openai/resources/embeddings';
import { ParameterRule, ParameterTable } from '../parameter-table';

const rules: Readonly<Record<keyof EmbeddingCreateParams, ParameterRule>> = {
  input: { treatment: 'mapped', to: 'instances, content or requests', note: 'text only, no tokens; one text for gemini-embedding-001, 250 for text-embedding models' },
  model: { treatment: 'mapped', to: 'the path', note: 'the target\'s own model name, where the route gives one' },
  dimensions: { treatment: 'mapped', to: 'outputDimensionality' },
  encoding_format: { treatment: 'mapped', to: 'the answer', note: 'base64 is written by the gateway' },
  user: { treatment: 'advisory', note: 'Google takes no end user' },
};

/** What becomes of every field of an embeddings request on its way to Google's models. */
export const GEMINI_EMBEDDINGS_PARAMETERS: ParameterTable = rules;
