import type { RedactedThinkingBlockParam, ThinkingBlockParam, ToolUseBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { ContentContext, textBlocks } from './content-parts';
import { thinkingBlock } from './reasoning-details';
import { SentBlock } from './sent-block';
import { calledFunction, calledTool } from '../openai/called-tool';
import { saysTextAlone } from '../openai/text-alone';
import { FunctionCallIds, ToolHistory } from '../openai/tool-history';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** An assistant message: what the model thought, said and called, in the order in which it takes them back. */
export function assistantBlocks(message: RequestValue, history: ToolHistory, functionCalls: FunctionCallIds, context: ContentContext): SentBlock[] {
  if (saysTextAlone(message)) {
    return textBlocks(message.member('content'), context);
  }
  if (message.has('audio')) {
    context.losses.semantic(message.member('audio').path, 'Claude takes no audio of the assistant');
  }
  const refusal = message.member('refusal');
  if (refusal.present) {
    refusal.string();
  }
  const said: SentBlock[] = [
    ...textBlocks(message.member('content'), context),
    ...textBlocks(refusal, context),
    ...toolUses(message, history, functionCalls, context.losses),
  ];
  const thought = thinkingBlocks(message, context.losses);
  if (said.length === 0 && thought.length > 0) {
    context.losses.changed(message.member('reasoning_details').path, 'Claude takes no message that ends in reasoning');
    return [];
  }
  return [...thought, ...said];
}

/** The model takes back what it signed, unchanged and before anything else, or nothing. */
function thinkingBlocks(message: RequestValue, losses: Losses): Array<ThinkingBlockParam | RedactedThinkingBlockParam> {
  const blocks = message.itemsOf('reasoning_details').map(({ value }) => thinkingBlock(value));
  const signed = blocks.filter((block) => block !== undefined);
  if (signed.length < blocks.length || signed.length === 0 && message.has('reasoning_content') && message.member('reasoning_content').value !== '') {
    losses.advisory(message.member(message.has('reasoning_details') ? 'reasoning_details' : 'reasoning_content').path, 'a model takes back only reasoning with its signature (reasoning_details)');
  }
  return signed;
}

function toolUses(message: RequestValue, history: ToolHistory, functionCalls: FunctionCallIds, losses: Losses): ToolUseBlockParam[] {
  const uses = message.itemsOf('tool_calls').map((call): ToolUseBlockParam => {
    const { name, input } = calledTool(call, losses);
    return { type: 'tool_use', id: history.ids.restricted(call.member('id').nonEmptyString()), name: history.names.restricted(name), input };
  });
  if (message.has('function_call')) {
    const legacy = message.member('function_call');
    const { name, input } = calledFunction(legacy, losses);
    uses.push({ type: 'tool_use', id: functionCalls.asked(name), name: history.names.restricted(name), input });
  }
  return uses;
}
