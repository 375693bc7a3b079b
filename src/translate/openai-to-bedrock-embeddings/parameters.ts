import type { EmbeddingCreateParams } from 'openai/resources/embeddings';
import { ParameterRule, ParameterTable } from '../parameter-table';

const rules: Readonly<Record<keyof EmbeddingCreateParams, ParameterRule>> = {
  input: {
    treatment: 'mappedWithLoss',
    to: 'inputText, texts',
    note: 'text only; Titan takes one text a request, Cohere Embed up to 96; Cohere Embed wants to know what for: input_type, a field beside OpenAI\'s own, '
      + 'or else search_document; its truncate and Titan\'s normalize are passed as well',
  },
  model: { treatment: 'mapped', to: 'the path', note: 'the target\'s own model name, where the route gives one; it must say which family it is of' },
  dimensions: {
    treatment: 'mappedWithLoss',
    to: 'dimensions, embeddingConfig.outputEmbeddingLength, output_dimension',
    note: 'refused where the model has but one length (Titan G1, Cohere Embed v3), unless the route lets it go',
  },
  encoding_format: { treatment: 'mapped', to: 'the answer', note: 'base64 is written by the gateway' },
  user: { treatment: 'advisory', note: 'InvokeModel takes no end user' },
};

/** What becomes of every field of an embeddings request on its way to Bedrock's InvokeModel. */
export const BEDROCK_EMBEDDINGS_PARAMETERS: ParameterTable = rules;
