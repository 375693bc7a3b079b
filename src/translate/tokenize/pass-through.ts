import { TOKENIZE_PARAMETERS } from './parameters';
import { EMBEDDINGS, passThrough } from '../openai-to-openai/pass-through';
import { pathPrefix } from '../path-prefix';
import { Translator } from '../translator';

/** vLLM's /tokenize on servers that have it beside OpenAI's API. It stands outside of that API's version. */
export const openAiToOpenAiTokenize: Translator = passThrough(
  { ...EMBEDDINGS, endpoint: 'Tokenize', resource: 'tokenize', parameters: TOKENIZE_PARAMETERS },
  { output: 'OpenAI', path: (resource, { output }) => `${pathPrefix(output.version).replace(/\/v\d+$/, '')}/${resource}` },
);
