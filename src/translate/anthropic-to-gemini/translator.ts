import { ChatTarget } from '../anthropic-to-openai/chat-target';
import { countTokens } from '../anthropic-to-openai/count-tokens';
import { throughChat } from '../anthropic-to-openai/through-chat';
import { geminiTraits } from '../gemini/gemini-traits';
import { EFFORTS } from '../openai/reasoning-effort';
import { geminiTokenCounter } from '../openai-to-gemini/token-counter';
import { openAiToGeminiChat } from '../openai-to-gemini/translator';
import { Translator } from '../translator';

/** What the translator of chat completions for Gemini takes; what a model does not know is its business. */
export const GEMINI_TARGET: ChatTarget = {
  provider: 'Google Gemini',
  tokenLimit: () => 'max_completion_tokens',
  efforts: () => EFFORTS,
  ownThinking: { takes: (model) => geminiTraits(model).thinking.kind === 'budget', note: 'Gemini 2.5 gets the budget itself' },
  topK: { to: 'generationConfig.topK', note: 'as it is' },
  checksSchemas: false,
  cacheControl: false,
  reasoningDetails: false,
  extraContent: true,
  toolErrors: () => true,
  attachmentsInToolResults: true,
  prefill: false,
};

/** Anthropic's Messages on Gemini, of Vertex AI or of the Gemini API. */
export const anthropicToGeminiMessages: Translator = throughChat(openAiToGeminiChat, GEMINI_TARGET);

/** `count_tokens` by Gemini's countTokens. */
export const anthropicToGeminiCountTokens: Translator = countTokens(openAiToGeminiChat, geminiTokenCounter, GEMINI_TARGET);
