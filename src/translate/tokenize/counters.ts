import { countedTokens } from './counted-tokens';
import { hostFacts } from '../openai-to-anthropic/host-facts';
import { messagesTokenCounter } from '../openai-to-anthropic/token-counter';
import { geminiTokenCounter } from '../openai-to-gemini/token-counter';
import { Translator } from '../translator';

/** /tokenize by Anthropic's counting of a message's tokens, and by that of Claude on Vertex AI. */
export const openAiToAnthropicTokenize: Translator = countedTokens('Anthropic', messagesTokenCounter('Anthropic'), hostFacts('Anthropic').name);
export const openAiToGcpAnthropicTokenize: Translator = countedTokens('GCPAnthropic', messagesTokenCounter('GCPAnthropic'), hostFacts('GCPAnthropic').name);

/** /tokenize by Gemini's countTokens. */
export const openAiToGeminiTokenize: Translator = countedTokens('GCPVertexAI', geminiTokenCounter, 'Google Gemini');
