import { ContentContext, textBlocks } from './content-parts';
import { reasoningBlock } from './reasoning-details';
import { ConverseBlock } from '../bedrock/converse-wire';
import { FunctionCallIds, ToolHistory } from '../openai/tool-history';
import { RequestValue } from '../request/request-value';

/** An assistant message: what the model thought, said and called, in the order in which it takes them back. */
export function assistantBlocks(message: RequestValue, history: ToolHistory, functionCalls: FunctionCallIds, context: ContentContext): ConverseBlock[] {
  if (message.member('audio').present) {
    context.losses.semantic(message.member('audio').path, 'Converse takes no audio of the assistant');
  }
  return [
    ...reasoningBlocks(message, context),
    ...textBlocks(message.member('content'), context),
    ...textBlocks(textOf(message.member('refusal')), context),
    ...toolUses(message, history, functionCalls, context),
  ];
}

function textOf(value: RequestValue): RequestValue {
  if (value.present) {
    value.string();
  }
  return value;
}

/** The model takes back what it signed, unchanged and before anything else, or nothing. */
function reasoningBlocks(message: RequestValue, { losses }: ContentContext): ConverseBlock[] {
  const details = message.member('reasoning_details');
  const blocks = (details.present ? details.items() : []).map(({ value }) => reasoningBlock(value));
  const signed = blocks.filter((block) => block !== undefined);
  if (signed.length < blocks.length || signed.length === 0 && message.member('reasoning_content').present && message.member('reasoning_content').value !== '') {
    losses.advisory((details.present ? details : message.member('reasoning_content')).path, 'a model takes back only reasoning with its signature (reasoning_details)');
  }
  return signed.map((reasoningContent) => ({ reasoningContent }));
}

function toolUses(message: RequestValue, history: ToolHistory, functionCalls: FunctionCallIds, context: ContentContext): ConverseBlock[] {
  const calls = message.member('tool_calls');
  const uses = (calls.present ? calls.items() : []).map((call): ConverseBlock => {
    const { name, input } = called(call, context);
    return { toolUse: { toolUseId: history.ids.restricted(call.member('id').nonEmptyString()), name: history.names.restricted(name), input } };
  });
  const legacy = message.member('function_call');
  if (legacy.present) {
    const name = legacy.member('name').nonEmptyString();
    uses.push({ toolUse: { toolUseId: functionCalls.asked(name), name: history.names.restricted(name), input: inputOf(legacy.member('arguments'), context) } });
  }
  return uses;
}

function called(call: RequestValue, context: ContentContext): { readonly name: string; readonly input: unknown } {
  const custom = call.member('custom');
  if (custom.present) {
    context.losses.changed(custom.member('input').path, 'calls of custom tools are sent as calls of a function with one argument, input');
    return { name: custom.member('name').nonEmptyString(), input: { input: custom.member('input').string() } };
  }
  const definition = call.member('function');
  return { name: definition.member('name').nonEmptyString(), input: inputOf(definition.member('arguments'), context) };
}

/** Converse takes an object. What a model wrote and broke off must not wedge the conversation for good, so other text is wrapped. */
function inputOf(value: RequestValue, { losses }: ContentContext): unknown {
  const text = value.present ? value.string() : '';
  if (text.trim() === '') {
    return {};
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return parsed;
    }
  } catch {
    // Wrapped below.
  }
  losses.changed(value.path, 'arguments that are no JSON object are sent as {"arguments": "..."}');
  return { arguments: text };
}
