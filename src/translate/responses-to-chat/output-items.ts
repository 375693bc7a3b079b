import type {
  ResponseCustomToolCall, ResponseFunctionToolCall, ResponseOutputItem, ResponseOutputMessage, ResponseOutputRefusal, ResponseOutputText, ResponseReasoningItem,
} from 'openai/resources/responses/responses';
import { encryptedContent, KeptReasoning } from './kept-reasoning';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';
export type MessagePart = ResponseOutputText | ResponseOutputRefusal;

export interface OutputCall {
  readonly callId: string;
  readonly name: string;
  readonly arguments: string;
  /** What the provider wants back with the call. */
  readonly extraContent?: unknown;
}

/** `kept`: absent while more may come. */
export function reasoningItem(id: string, text: string, status: ItemStatus, kept?: KeptReasoning): ResponseReasoningItem {
  return {
    id, type: 'reasoning', status, summary: text === '' ? [] : [{ type: 'summary_text', text }], ...kept && { encrypted_content: encryptedContent(kept) },
  };
}

export function messageItem(id: string, content: MessagePart[], status: ItemStatus): ResponseOutputMessage {
  return { id, type: 'message', status, role: 'assistant', content };
}

export function textPart(text: string, logprobs: readonly unknown[] = [], annotations: readonly unknown[] = []): ResponseOutputText {
  return { type: 'output_text', text, annotations: annotations as ResponseOutputText['annotations'], logprobs: logprobs as ResponseOutputText['logprobs'] };
}

export function refusalPart(refusal: string): ResponseOutputRefusal {
  return { type: 'refusal', refusal };
}

export function functionCallItem(id: string, call: OutputCall, status: ItemStatus): ResponseFunctionToolCall & { extra_content?: unknown } {
  return {
    id,
    type: 'function_call',
    status,
    arguments: call.arguments,
    call_id: call.callId,
    name: call.name,
    ...call.extraContent !== undefined && { extra_content: call.extraContent },
  };
}

/** Its input stands where a function call has arguments. */
export function customToolCallItem(id: string, { callId, name, arguments: input }: OutputCall, status: ItemStatus): ResponseCustomToolCall & { status: ItemStatus } {
  return { id, type: 'custom_tool_call', status, call_id: callId, name, input };
}

/** A picture; absent: it comes. */
export function imageItem(id: string, base64?: string): ResponseOutputItem.ImageGenerationCall {
  return { id, type: 'image_generation_call', status: base64 === undefined ? 'in_progress' : 'completed', result: base64 ?? null };
}
