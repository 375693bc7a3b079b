import { ChatTarget } from '../anthropic-to-openai/chat-target';
import { countTokens } from '../anthropic-to-openai/count-tokens';
import { throughChat } from '../anthropic-to-openai/through-chat';
import { EFFORTS } from '../openai/reasoning-effort';
import { modelTraits } from '../openai-to-bedrock/model-traits';
import { converseTokenCounter } from '../openai-to-bedrock/token-counter';
import { openAiToBedrockChat } from '../openai-to-bedrock/translator';
import { Translator } from '../translator';

/** What the translator of chat completions for Converse takes; what a model does not know is its business. */
export const CONVERSE_TARGET: ChatTarget = {
  provider: 'AWS Bedrock',
  tokenLimit: () => 'max_completion_tokens',
  efforts: () => EFFORTS,
  ownThinking: { takes: (model) => modelTraits(model).reasoning === 'claude', note: 'Claude gets it as it is' },
  topK: { to: 'additionalModelRequestFields.top_k', note: 'for Claude up to 4.6, while it does not reason' },
  checksSchemas: false,
  cacheControl: true,
  reasoningDetails: true,
  extraContent: false,
  toolErrors: (model) => modelTraits(model).toolErrors,
  attachmentsInToolResults: true,
  prefill: true,
};

/** Anthropic's Messages on Bedrock's Converse and ConverseStream. */
export const anthropicToBedrockMessages: Translator = throughChat(openAiToBedrockChat, CONVERSE_TARGET);

/** `count_tokens` by Bedrock's CountTokens. */
export const anthropicToBedrockCountTokens: Translator = countTokens(openAiToBedrockChat, converseTokenCounter, CONVERSE_TARGET);
