import { textParts, userParts, withoutCacheMark } from './content-parts';
import { CohereAssistantContent, CohereAssistantMessage, CohereMessage, CohereText, CohereToolCall } from '../cohere/cohere-wire';
import { jsonText } from '../json-bytes';
import { calledFunction, calledTool } from '../openai/called-tool';
import { FunctionCallIds, ToolHistory } from '../openai/tool-history';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** Stands for a tool result that is empty. */
const EMPTY_RESULT = '(empty)';

/** Messages as Cohere takes them: one system message, and that at the start; no message without content. */
export function conversation(messages: RequestValue, history: ToolHistory, losses: Losses): CohereMessage[] {
  const system: CohereText[] = [];
  const converted: CohereMessage[] = [];
  const functionCalls = new FunctionCallIds();
  let leading = true;
  for (const message of messages.items()) {
    const role = message.member('role').oneOf(['system', 'developer', 'user', 'assistant', 'tool', 'function']);
    const content = message.member('content');
    if (role !== 'function' && role !== 'tool' && message.member('name').present) {
      losses.advisory(message.member('name').path, 'Cohere has no names of participants');
    }
    withoutCacheMark(message, losses);
    switch (role) {
      case 'system':
      case 'developer': {
        const parts = textParts(required(content), losses);
        if (leading) {
          parts.forEach((part) => system.push(part));
          break;
        }
        losses.changed(message.member('role').path, 'system and developer messages after the first other message are sent as user messages');
        add(converted, { role: 'user', content: simplest(parts) });
        break;
      }
      case 'user':
        add(converted, { role: 'user', content: simplest(userParts(required(content), losses)) });
        break;
      case 'assistant':
        add(converted, { role: 'assistant', ...assistant(message, history, functionCalls, losses) });
        break;
      case 'tool':
        converted.push({ role: 'tool', tool_call_id: message.member('tool_call_id').nonEmptyString(), content: result(content, losses) });
        break;
      case 'function':
        converted.push({ role: 'tool', tool_call_id: functionCalls.answered(message.member('name')), content: result(content, losses) });
        break;
    }
    leading &&= role === 'system' || role === 'developer';
  }
  if (converted.length === 0) {
    throw messages.invalid('this model\'s provider (Cohere) needs a message with content beside the system messages');
  }
  return system.length === 0 ? converted : [{ role: 'system', content: simplest(system) }, ...converted];
}

function required(content: RequestValue): RequestValue {
  if (!content.present) {
    // Says what is missing.
    content.string();
  }
  return content;
}

/** A message without content says nothing. */
function add(converted: CohereMessage[], message: CohereMessage): void {
  const { content } = message;
  if ((content !== undefined && content.length > 0) || (message.role === 'assistant' && message.tool_calls !== undefined)) {
    converted.push(message);
  }
}

/** One part of text as a string, which every model takes. */
function simplest<Part extends { readonly type: string }>(parts: Part[]): string | Array<Part> {
  const [first] = parts as Array<Part & { readonly text?: string }>;
  return parts.length === 1 && first.type === 'text' && first.text !== undefined ? first.text : parts;
}

function result(content: RequestValue, losses: Losses): string | CohereText[] {
  const parts = textParts(required(content), losses);
  return parts.length === 0 ? EMPTY_RESULT : simplest(parts);
}

/** What the model said beside its calls is what Cohere calls its tool plan. */
function assistant(message: RequestValue, history: ToolHistory, functionCalls: FunctionCallIds, losses: Losses): Omit<CohereAssistantMessage, 'role'> {
  if (message.member('audio').present) {
    losses.semantic(message.member('audio').path, 'Cohere takes no audio of the assistant');
  }
  const refusal = message.member('refusal');
  const text = [...textParts(message.member('content'), losses), ...refusal.present ? textParts(new RequestValue(refusal.string(), refusal.path), losses) : []];
  const thinking = thoughts(message, losses).map((thought): CohereAssistantContent => ({ type: 'thinking', thinking: thought }));
  const calls = toolCalls(message, history, functionCalls, losses);
  const content = calls.length > 0 ? thinking : [...thinking, ...text];
  return {
    ...content.length > 0 && { content: simplest(content) },
    ...calls.length > 0 && { tool_calls: calls },
    ...calls.length > 0 && text.length > 0 && { tool_plan: text.map((part) => part.text).join('') },
  };
}

/** Cohere signs no reasoning; what another provider encrypted is nothing to it. */
function thoughts(message: RequestValue, losses: Losses): string[] {
  const plain = message.member('reasoning_content');
  const text = plain.present ? plain.string() : '';
  const details = message.member('reasoning_details');
  const texts: string[] = [];
  for (const detail of details.present ? details.items() : []) {
    const { type, text: part } = (typeof detail.value === 'object' && detail.value !== null ? detail.value : {}) as Readonly<Record<string, unknown>>;
    if (type === 'reasoning.text' && typeof part === 'string') {
      texts.push(part);
    } else {
      losses.advisory(detail.path, 'Cohere takes reasoning as text only');
    }
  }
  return (text === '' ? texts : [text]).filter((thought) => thought !== '');
}

function toolCalls(message: RequestValue, { names }: ToolHistory, functionCalls: FunctionCallIds, losses: Losses): CohereToolCall[] {
  const calls = message.member('tool_calls');
  const converted = (calls.present ? calls.items() : []).map((call): CohereToolCall => {
    const { name, input } = calledTool(call, losses);
    return { id: call.member('id').nonEmptyString(), type: 'function', function: { name: names.restricted(name), arguments: jsonText(input) } };
  });
  const legacy = message.member('function_call');
  if (legacy.present) {
    const { name, input } = calledFunction(legacy, losses);
    converted.push({ id: functionCalls.asked(name), type: 'function', function: { name: names.restricted(name), arguments: jsonText(input) } });
  }
  return converted;
}
