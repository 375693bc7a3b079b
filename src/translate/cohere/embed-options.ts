import { CohereEmbedBody, EMBED_INPUT_TYPES, EMBED_TRUNCATIONS } from './cohere-wire';
import { RequestValue } from '../request/request-value';

/** Fields of Cohere's own that a client may send beside OpenAI's. */
export const EMBED_EXTENSIONS = ['input_type', 'truncate'] as const;

/** What Cohere wants to know beside the texts; without a word on what they are for, they are documents to be found. */
export function embedOptions(request: RequestValue): Pick<CohereEmbedBody, 'input_type' | 'truncate'> {
  const inputType = request.member('input_type');
  const truncate = request.member('truncate');
  return {
    input_type: inputType.present ? inputType.oneOf(EMBED_INPUT_TYPES) : 'search_document',
    ...truncate.present && { truncate: truncate.oneOf(EMBED_TRUNCATIONS) },
  };
}
