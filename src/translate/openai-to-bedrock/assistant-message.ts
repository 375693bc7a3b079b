import { ContentContext, textBlocks } from './content-parts';
import { reasoningBlock } from './reasoning-details';
import { ConverseBlock } from '../bedrock/converse-wire';
import { calledFunction, calledTool } from '../openai/called-tool';
import { saysTextAlone } from '../openai/text-alone';
import { FunctionCallIds, ToolHistory } from '../openai/tool-history';
import { RequestValue } from '../request/request-value';

/** An assistant message: what the model thought, said and called, in the order in which it takes them back. */
export function assistantBlocks(message: RequestValue, history: ToolHistory, functionCalls: FunctionCallIds, context: ContentContext): ConverseBlock[] {
  if (saysTextAlone(message)) {
    return textBlocks(message.member('content'), context);
  }
  if (message.has('audio')) {
    context.losses.semantic(message.member('audio').path, 'Converse takes no audio of the assistant');
  }
  const thought = reasoningBlocks(message, context);
  const said: ConverseBlock[] = [
    ...textBlocks(message.member('content'), context),
    ...textBlocks(textOf(message.member('refusal')), context),
    ...toolUses(message, history, functionCalls, context),
  ];
  if (context.isClaude && said.length === 0 && thought.length > 0) {
    context.losses.changed(message.member('reasoning_details').path, 'Claude takes no message that ends in reasoning');
    return [];
  }
  return [...thought, ...said];
}

function textOf(value: RequestValue): RequestValue {
  if (value.present) {
    value.string();
  }
  return value;
}

/** The model takes back what it signed, unchanged and before anything else, or nothing. */
function reasoningBlocks(message: RequestValue, { losses }: ContentContext): ConverseBlock[] {
  const blocks = message.itemsOf('reasoning_details').map(({ value }) => reasoningBlock(value));
  const signed = blocks.filter((block) => block !== undefined);
  if (signed.length < blocks.length || signed.length === 0 && message.has('reasoning_content') && message.member('reasoning_content').value !== '') {
    losses.advisory(message.member(message.has('reasoning_details') ? 'reasoning_details' : 'reasoning_content').path, 'a model takes back only reasoning with its signature (reasoning_details)');
  }
  return signed.map((reasoningContent) => ({ reasoningContent }));
}

function toolUses(message: RequestValue, history: ToolHistory, functionCalls: FunctionCallIds, context: ContentContext): ConverseBlock[] {
  const uses = message.itemsOf('tool_calls').map((call): ConverseBlock => {
    const { name, input } = calledTool(call, context.losses);
    return { toolUse: { toolUseId: history.ids.restricted(call.member('id').nonEmptyString()), name: history.names.restricted(name), input } };
  });
  if (message.has('function_call')) {
    const legacy = message.member('function_call');
    const { name, input } = calledFunction(legacy, context.losses);
    uses.push({ toolUse: { toolUseId: functionCalls.asked(name), name: history.names.restricted(name), input } });
  }
  return uses;
}
