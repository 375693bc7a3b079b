import {
  CHAT_COMPLETIONS, COMPLETIONS, EMBEDDINGS, IMAGE_GENERATIONS, OpenAiEndpoint, passThrough, RESPONSE_INPUT_TOKENS, RESPONSES, SPEECH, TRANSCRIPTIONS,
  TRANSLATIONS,
} from './pass-through';
import { pathPrefix } from '../path-prefix';
import { Translator } from '../translator';

export const openAiToOpenAiChat: Translator = openAi(CHAT_COMPLETIONS);
export const openAiToOpenAiCompletions: Translator = openAi(COMPLETIONS);
export const openAiToOpenAiEmbeddings: Translator = openAi(EMBEDDINGS);
export const openAiToOpenAiResponses: Translator = openAi(RESPONSES);
export const openAiToOpenAiInputTokens: Translator = openAi(RESPONSE_INPUT_TOKENS);
export const openAiToOpenAiImages: Translator = openAi(IMAGE_GENERATIONS);
export const openAiToOpenAiSpeech: Translator = openAi(SPEECH);
export const openAiToOpenAiTranscriptions: Translator = openAi(TRANSCRIPTIONS);
export const openAiToOpenAiTranslations: Translator = openAi(TRANSLATIONS);

/** All of them, for the registry. */
export const OPENAI_TO_OPENAI: readonly Translator[] = [
  openAiToOpenAiChat, openAiToOpenAiCompletions, openAiToOpenAiEmbeddings, openAiToOpenAiResponses, openAiToOpenAiInputTokens, openAiToOpenAiImages,
  openAiToOpenAiSpeech, openAiToOpenAiTranscriptions, openAiToOpenAiTranslations,
];

function openAi(endpoint: OpenAiEndpoint): Translator {
  return passThrough(endpoint, { output: 'OpenAI', path: (resource, { output }) => `${pathPrefix(output.version)}/${resource}` });
}
