import { AZURE_TARGET, OPENAI_TARGET } from './openai-target';
import { throughChat } from './through-chat';
import { OPENAI_TO_AZURE_OPENAI } from '../azure-openai/translator';
import { openAiToOpenAiChat } from '../openai-to-openai/translator';
import { Translator } from '../translator';

/** Anthropic's Messages on OpenAI and the servers that speak its API. */
export const anthropicToOpenAiMessages: Translator = throughChat(openAiToOpenAiChat, OPENAI_TARGET);

/** The same on Azure OpenAI, which differs in its paths. */
export const anthropicToAzureMessages: readonly Translator[] = OPENAI_TO_AZURE_OPENAI.filter(({ endpoint }) => endpoint === 'ChatCompletions')
  .map((chat) => throughChat(chat, AZURE_TARGET));
