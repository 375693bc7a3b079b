import { azureKnowsStreamOptions, azurePath } from './path';
import {
  CHAT_COMPLETIONS, COMPLETIONS, EMBEDDINGS, IMAGE_GENERATIONS, passThrough, PassThroughServer, RESPONSE_INPUT_TOKENS, RESPONSES, SPEECH, TRANSCRIPTIONS,
  TRANSLATIONS,
} from '../openai-to-openai/pass-through';
import { Translator } from '../translator';

const AZURE: PassThroughServer = {
  output: 'AzureOpenAI',
  path: (resource, { upstreamModel, output }) => azurePath(upstreamModel, resource, output.version),
  knowsStreamOptions: ({ output }) => azureKnowsStreamOptions(output.version),
};

/** OpenAI's requests on Azure OpenAI: the same bodies below other paths. The body names the model too, as images and the v1 API need it. */
export const OPENAI_TO_AZURE_OPENAI: readonly Translator[] = [
  CHAT_COMPLETIONS, COMPLETIONS, EMBEDDINGS, RESPONSES, RESPONSE_INPUT_TOKENS, IMAGE_GENERATIONS, SPEECH, TRANSCRIPTIONS, TRANSLATIONS,
].map((endpoint) => passThrough(endpoint, AZURE));
