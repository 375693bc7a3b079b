import type { ChatCompletion, ChatCompletionMessageFunctionToolCall } from 'openai/resources/chat/completions';
import { finishReason } from './finish-reason';
import { reasoningDetail } from './reasoning-details';
import { ResponseContext } from './response-context';
import { isSharedTier } from './service-tier';
import { metStop } from './stop-sequence';
import { usageFromConverse } from '../bedrock/converse-usage';
import { ConverseAnswer, ReceivedBlock } from '../bedrock/converse-wire';
import { calledArguments, chatCompletion, ReasoningMessage, reasoningMessage } from '../openai/chat-completion';
import { ReasoningDetail } from '../openai/reasoning-detail';
import { malformedOutput } from '../response-failure';
import { ConvertedAnswer } from '../whole-response';

/** A whole Converse answer as a chat completion; `undefined`: it is none. */
export function chatAnswer(json: unknown, context: ResponseContext): ConvertedAnswer | undefined {
  const { output, stopReason, serviceTier, usage: counted, additionalModelResponseFields: more } = json as ConverseAnswer;
  const content = output?.message?.content;
  if (typeof stopReason !== 'string' || !Array.isArray(content)) {
    return undefined;
  }
  const usage = usageFromConverse(counted);
  const message = messageFrom(content as readonly ReceivedBlock[], context);
  const reason = finishReason(stopReason, message.tool_calls !== undefined);
  if (!reason) {
    return { usage, failure: malformedOutput(stopReason) };
  }
  const choice: ChatCompletion.Choice & { provider_finish_reason?: string; stop_reason?: string } = {
    index: 0, message, logprobs: null, finish_reason: reason, provider_finish_reason: stopReason, ...metStop(more),
  };
  return { json: chatCompletion(context.head, [choice], usage, isSharedTier(serviceTier?.type) ? serviceTier.type : undefined), usage };
}

function messageFrom(content: readonly ReceivedBlock[], { toolNames }: ResponseContext): ReasoningMessage {
  let text = '';
  let reasoning = '';
  const details: ReasoningDetail[] = [];
  const calls: ChatCompletionMessageFunctionToolCall[] = [];
  for (const block of content) {
    text += block?.text ?? block?.citationsContent?.content?.map((part) => part.text ?? '').join('') ?? '';
    if (block?.reasoningContent) {
      reasoning += block.reasoningContent.reasoningText?.text ?? '';
      const detail = reasoningDetail(block.reasoningContent, details.length);
      if (detail) {
        details.push(detail);
      }
    }
    if (block?.toolUse && block.toolUse.type === undefined) {
      const { toolUseId = '', name = '', input } = block.toolUse;
      calls.push({ id: toolUseId, type: 'function', function: { name: toolNames.original(name), arguments: calledArguments(input) } });
    }
  }
  return reasoningMessage({ text, refusal: null, reasoning, details, calls });
}
