import { responseInputTokens } from './input-tokens';
import { responsesThroughChat } from './translator';
import { ChatTokenCounter } from '../openai/chat-token-counter';
import { messagesTokenCounter } from '../openai-to-anthropic/token-counter';
import { openAiToAnthropicChat, openAiToAwsAnthropicChat, openAiToGcpAnthropicChat } from '../openai-to-anthropic/translator';
import { converseTokenCounter } from '../openai-to-bedrock/token-counter';
import { openAiToBedrockChat } from '../openai-to-bedrock/translator';
import { geminiTokenCounter } from '../openai-to-gemini/token-counter';
import { openAiToGeminiChat } from '../openai-to-gemini/translator';
import { Translator } from '../translator';

const TARGETS: ReadonlyArray<readonly [chat: Translator, counter: ChatTokenCounter, provider: string]> = [
  [openAiToAnthropicChat, messagesTokenCounter('Anthropic'), 'Anthropic'],
  [openAiToBedrockChat, converseTokenCounter, 'AWS Bedrock'],
  [openAiToAwsAnthropicChat, messagesTokenCounter('AWSAnthropic'), 'AWS Bedrock'],
  [openAiToGeminiChat, geminiTokenCounter, 'Google Gemini'],
  [openAiToGcpAnthropicChat, messagesTokenCounter('GCPAnthropic'), 'Google Vertex AI'],
];

/** OpenAI's Responses API, and its count of input tokens, at providers of other dialects. */
export const RESPONSES_THROUGH_CHAT: readonly Translator[] = TARGETS.flatMap(([chat, counter, provider]) => [
  responsesThroughChat(chat, provider), responseInputTokens(chat, counter, provider),
]);
