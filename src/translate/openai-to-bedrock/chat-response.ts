import type { ChatCompletion, ChatCompletionMessage, ChatCompletionMessageFunctionToolCall } from 'openai/resources/chat/completions';
import { finishReason } from './finish-reason';
import { reasoningDetail } from './reasoning-details';
import { ResponseContext } from './response-context';
import { isSharedTier } from './service-tier';
import { metStop } from './stop-sequence';
import { usageFromConverse } from '../bedrock/converse-usage';
import { ConverseAnswer, ReceivedBlock } from '../bedrock/converse-wire';
import { writeJson } from '../exact-json';
import { openAiUsage } from '../openai/chat-chunk';
import { ReasoningDetail } from '../openai/reasoning-detail';
import { malformedOutput } from '../response-failure';
import { ConvertedAnswer } from '../whole-response';

/** Fields beside OpenAI's own: what a reasoning model thought, and what it takes back on the next turn. */
type ReasoningMessage = ChatCompletionMessage & { reasoning_content?: string; reasoning_details?: ReasoningDetail[] };

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
  const { id, created, model } = context.head;
  const completion: ChatCompletion = { id, created, model, object: 'chat.completion', choices: [choice] };
  if (usage) {
    completion.usage = openAiUsage(usage);
  }
  if (isSharedTier(serviceTier?.type)) {
    completion.service_tier = serviceTier.type;
  }
  return { json: completion, usage };
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
      calls.push({ id: toolUseId, type: 'function', function: { name: toolNames.original(name), arguments: argumentsFrom(input) } });
    }
  }
  const message: ReasoningMessage = { role: 'assistant', content: text === '' && (calls.length > 0 || reasoning !== '') ? null : text, refusal: null };
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

/** A tool without arguments has an empty object, in whatever way the model left it out. */
function argumentsFrom(input: unknown): string {
  return input === undefined || input === null || input === '' ? '{}' : writeJson(input);
}
