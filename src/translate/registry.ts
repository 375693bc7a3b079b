import { anthropicDialect } from './anthropic/dialect';
import { ANTHROPIC_TO_ANTHROPIC } from './anthropic-to-anthropic/translator';
import { anthropicToBedrockCountTokens, anthropicToBedrockMessages } from './anthropic-to-bedrock/translator';
import { anthropicToGeminiCountTokens, anthropicToGeminiMessages } from './anthropic-to-gemini/translator';
import { anthropicToAzureMessages, anthropicToOpenAiMessages } from './anthropic-to-openai/translator';
import { OPENAI_TO_AZURE_OPENAI } from './azure-openai/translator';
import { cohereDialect } from './cohere/dialect';
import { cohereToCohereRerank, cohereToOpenAiRerank } from './cohere-to-cohere/translator';
import { InputDialect } from './input-dialect';
import { openAiDialect } from './openai/dialect';
import { openAiToAnthropicChat, openAiToAwsAnthropicChat, openAiToGcpAnthropicChat } from './openai-to-anthropic/translator';
import { openAiToBedrockChat } from './openai-to-bedrock/translator';
import { openAiToBedrockEmbeddings } from './openai-to-bedrock-embeddings/translator';
import { openAiToCohereChat } from './openai-to-cohere/chat-translator';
import { openAiToCohereEmbeddings } from './openai-to-cohere/embeddings-translator';
import { openAiToGeminiEmbeddings } from './openai-to-gemini/embeddings-translator';
import { openAiToGeminiChat } from './openai-to-gemini/translator';
import { OPENAI_TO_OPENAI } from './openai-to-openai/translator';
import { RESPONSES_THROUGH_CHAT } from './responses-to-chat/responses-translators';
import { openAiToAnthropicTokenize, openAiToGcpAnthropicTokenize, openAiToGeminiTokenize } from './tokenize/counters';
import { openAiToOpenAiTokenize } from './tokenize/pass-through';
import { Endpoint, Translator } from './translator';
import { InputSchemaName, OutputSchemaName } from '../resources/schema-name';

const DIALECTS: Readonly<Record<InputSchemaName, InputDialect>> = { OpenAI: openAiDialect, Anthropic: anthropicDialect, Cohere: cohereDialect };

const TRANSLATORS: readonly Translator[] = [
  ...OPENAI_TO_OPENAI,
  ...OPENAI_TO_AZURE_OPENAI,
  openAiToBedrockChat,
  openAiToGeminiChat,
  openAiToGeminiEmbeddings,
  openAiToAnthropicChat,
  openAiToAwsAnthropicChat,
  openAiToGcpAnthropicChat,
  ...RESPONSES_THROUGH_CHAT,
  ...ANTHROPIC_TO_ANTHROPIC,
  anthropicToOpenAiMessages,
  ...anthropicToAzureMessages,
  anthropicToBedrockMessages,
  anthropicToBedrockCountTokens,
  anthropicToGeminiMessages,
  anthropicToGeminiCountTokens,
  openAiToBedrockEmbeddings,
  openAiToCohereChat,
  openAiToCohereEmbeddings,
  cohereToCohereRerank,
  cohereToOpenAiRerank,
  openAiToOpenAiTokenize,
  openAiToAnthropicTokenize,
  openAiToGcpAnthropicTokenize,
  openAiToGeminiTokenize,
];

/** By input, output and endpoint. */
const BY_PAIR = new Map<InputSchemaName, Map<OutputSchemaName, Map<Endpoint, Translator>>>();
for (const translator of TRANSLATORS) {
  const { input, output, endpoint } = translator;
  const outputs = BY_PAIR.get(input) ?? new Map<OutputSchemaName, Map<Endpoint, Translator>>();
  const endpoints = outputs.get(output) ?? new Map<Endpoint, Translator>();
  BY_PAIR.set(input, outputs.set(output, endpoints.set(endpoint, translator)));
}

/** What clients of this schema speak. */
export function inputDialect(schema: InputSchemaName): InputDialect {
  return DIALECTS[schema];
}

/** Every translator there is, for documentation and checks. */
export function translators(): readonly Translator[] {
  return TRANSLATORS;
}

export function findTranslator(input: InputSchemaName, output: OutputSchemaName, endpoint: Endpoint): Translator | undefined {
  return BY_PAIR.get(input)?.get(output)?.get(endpoint);
}

/** What backends may speak for this endpoint, or for any of them, for checks and messages that say what is supported. */
export function supportedOutputs(input: InputSchemaName, endpoint?: Endpoint): readonly OutputSchemaName[] {
  const fitting = TRANSLATORS.filter((translator) => translator.input === input && (endpoint === undefined || translator.endpoint === endpoint));
  return [...new Set(fitting.map(({ output }) => output))];
}
