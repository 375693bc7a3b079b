import type { ChatCompletion, ChatCompletionMessage, ChatCompletionMessageFunctionToolCall } from 'openai/resources/chat/completions';
import { failedGeneration, finishReason } from './finish-reason';
import { tokenLogprobs } from './logprobs';
import { ResponseContext } from './response-context';
import { usageFromCohere } from '../cohere/cohere-usage';
import { CohereChatAnswer, CohereCitation, ReceivedToolCall } from '../cohere/cohere-wire';
import { chatCompletion } from '../openai/chat-completion';
import { ConvertedAnswer } from '../whole-response';

/** Fields beside OpenAI's own: what the model thought, and Cohere's citations as they are. */
type CohereCompletionMessage = ChatCompletionMessage & { reasoning_content?: string; citations?: readonly CohereCitation[] };

/** A whole answer of Cohere's as a chat completion; `undefined`: it is none. */
export function chatAnswer(value: unknown, context: ResponseContext): ConvertedAnswer | undefined {
  const { finish_reason: reason, message, usage: counted, logprobs } = value as CohereChatAnswer;
  if (typeof reason !== 'string' || typeof message !== 'object' || message === null) {
    return undefined;
  }
  const usage = usageFromCohere(counted);
  const converted = completionMessage(message, context);
  const finish = finishReason(reason, converted.tool_calls !== undefined);
  if (!finish) {
    return { usage, failure: failedGeneration(reason, undefined) };
  }
  const choice: ChatCompletion.Choice & { provider_finish_reason: string } = {
    index: 0,
    message: converted,
    logprobs: logprobs ? { content: tokenLogprobs(logprobs), refusal: null } : null,
    finish_reason: finish,
    provider_finish_reason: reason,
  };
  return { json: chatCompletion(context.head, [choice], usage), usage };
}

function completionMessage(message: NonNullable<CohereChatAnswer['message']>, { toolNames }: ResponseContext): CohereCompletionMessage {
  let text = message.tool_plan ?? '';
  let reasoning = '';
  for (const part of message.content ?? []) {
    if (part.type === 'text') {
      text += part.text ?? '';
    } else if (part.type === 'thinking') {
      reasoning += part.thinking ?? '';
    }
  }
  const calls = (message.tool_calls ?? []).map((call) => toolCall(call, toolNames));
  return {
    role: 'assistant',
    content: text === '' && (calls.length > 0 || reasoning !== '') ? null : text,
    refusal: null,
    ...reasoning !== '' && { reasoning_content: reasoning },
    ...calls.length > 0 && { tool_calls: calls },
    ...message.citations && message.citations.length > 0 && { citations: message.citations },
  };
}

function toolCall({ id, function: called }: ReceivedToolCall, names: ResponseContext['toolNames']): ChatCompletionMessageFunctionToolCall {
  return { id: id ?? '', type: 'function', function: { name: names.original(called?.name ?? ''), arguments: called?.arguments || '{}' } };
}
