import type { ChatCompletionAssistantMessageParam, ChatCompletionContentPart, ChatCompletionMessageFunctionToolCall } from 'openai/resources/chat/completions';
import { Text } from '../long-text';
import { ReasoningDetail } from '../openai/reasoning-detail';

/** Anthropic's mark of a prompt's cacheable part, as clients of OpenAI-compatible servers send it too. */
export interface CacheControl {
  readonly type: 'ephemeral';
  readonly ttl?: '5m' | '1h';
}

interface Marked {
  cache_control?: CacheControl;
}

/** Opaque to everybody but the provider that wrote it, such as `{google: {thought_signature}}`. */
export type ExtraContent = Readonly<Record<string, unknown>>;

export type ChatPart = (Extract<ChatCompletionContentPart, { type: 'image_url' | 'file' }> | { type: 'text'; text: Text }) & Marked;
export type ChatContent = Text | ChatPart[];
export type ChatToolCall = ChatCompletionMessageFunctionToolCall & { extra_content?: ExtraContent };

/** Messages of a chat completion request as they are written here, with the extension fields of this gateway. */
export type ChatMessage = Marked & (
  | { role: 'system' | 'user'; content: ChatContent }
  | { role: 'tool'; tool_call_id: string; content: ChatContent; is_error?: true }
  | AssistantMessage
);
export type AssistantMessage = Marked & Pick<ChatCompletionAssistantMessageParam, 'role'> & {
  content: ChatContent | null;
  tool_calls?: ChatToolCall[];
  reasoning_details?: ReasoningDetail[];
  extra_content?: ExtraContent;
};
