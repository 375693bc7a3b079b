import type { ChatCompletion, ChatCompletionMessage, ChatCompletionMessageFunctionToolCall } from 'openai/resources/chat/completions';
import { ChatChunkHead, openAiUsage } from './chat-chunk';
import { ReasoningDetail } from './reasoning-detail';
import { writeJson } from '../exact-json';
import { Usage } from '../usage';

/** Fields beside OpenAI's own: what a reasoning model thought, and what it takes back on the next turn. */
export type ReasoningMessage = ChatCompletionMessage & { reasoning_content?: string; reasoning_details?: ReasoningDetail[] };

/** What was found in an answer of another dialect; nothing is said of what is empty. */
export interface AnswerParts {
  readonly text: string;
  readonly refusal: string | null;
  readonly reasoning: string;
  readonly details: ReasoningDetail[];
  readonly calls: ChatCompletionMessageFunctionToolCall[];
}

// Members are assigned one by one: conditional spreads took a tenth of the time of a small answer.

/** The message of a choice. */
export function reasoningMessage({ text, refusal, reasoning, details, calls }: AnswerParts): ReasoningMessage {
  const message: ReasoningMessage = { role: 'assistant', content: text === '' && (calls.length > 0 || reasoning !== '') ? null : text, refusal };
  if (reasoning !== '') {
    message.reasoning_content = reasoning;
  }
  if (details.length > 0) {
    message.reasoning_details = details;
  }
  if (calls.length > 0) {
    message.tool_calls = calls;
  }
  return message;
}

/** A whole answer. */
export function chatCompletion(
  { id, created, model }: ChatChunkHead, choices: ChatCompletion.Choice[], usage: Usage | undefined, tier?: ChatCompletion['service_tier'],
): ChatCompletion {
  const completion: ChatCompletion = { id, created, model, object: 'chat.completion', choices };
  if (usage) {
    completion.usage = openAiUsage(usage);
  }
  if (tier) {
    completion.service_tier = tier;
  }
  return completion;
}

/** A tool without arguments has an empty object, in whatever way the model left it out. */
export function calledArguments(input: unknown): string {
  return input === undefined || input === null || input === '' ? '{}' : writeJson(input);
}
