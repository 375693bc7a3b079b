import { AssistantTurn, ChatMessage } from './assistant-turn';
import { cacheMarks, chatContent, ContentContext } from './content-parts';
import { Renames } from './origins';
import { noteUnreadMembers } from './unread-members';
import { RequestValue } from '../request/request-value';

const WHOLE: Renames = [['content', ''], ['role', '']];
const RESULT: Renames = [['tool_call_id', 'call_id'], ['content', 'output']];

const MESSAGE_MEMBERS = new Set(['type', 'id', 'role', 'content', 'status', 'extra_content', 'cache_control', 'prompt_cache_breakpoint']);
const RESULT_MEMBERS = new Set(['type', 'id', 'call_id', 'output', 'status', 'cache_control', 'prompt_cache_breakpoint']);

/** `instructions` and `input` as the messages of a chat. */
export function chatMessages(request: RequestValue, context: ContentContext): ChatMessage[] {
  const messages: ChatMessage[] = [];
  const instructions = request.member('instructions');
  if (instructions.present && !(instructions.isText && instructions.text() === '')) {
    messages.push(context.origins.mark({ role: 'system', content: instructions.text() }, instructions, WHOLE));
  }
  const input = request.member('input');
  if (input.isText || !input.present) {
    messages.push(context.origins.mark({ role: 'user', content: input.text() }, input, WHOLE));
    return messages;
  }
  let turn = new AssistantTurn(context);
  const endTurn = (): void => {
    if (!turn.empty) {
      messages.push(turn.message());
      turn = new AssistantTurn(context);
    }
  };
  for (const item of input.items()) {
    const type = typeOf(item);
    if (!addedToTurn(item, type, turn)) {
      const message = ownMessage(item, type, context);
      if (message) {
        endTurn();
        messages.push(message);
      }
    }
  }
  endTurn();
  return messages;
}

/** `message` may be left out where there is a role. */
function typeOf(item: RequestValue): string {
  return item.has('type') || !item.has('role') ? item.member('type').string() : 'message';
}

function addedToTurn(item: RequestValue, type: string, turn: AssistantTurn): boolean {
  switch (type) {
    case 'message':
      if (item.member('role').value !== 'assistant') {
        return false;
      }
      turn.addMessage(item);
      return true;
    case 'reasoning':
      turn.addReasoning(item);
      return true;
    case 'function_call':
      turn.addFunctionCall(item);
      return true;
    case 'custom_tool_call':
      turn.addCustomToolCall(item);
      return true;
    default:
      return false;
  }
}

function ownMessage(item: RequestValue, type: string, context: ContentContext): ChatMessage | undefined {
  switch (type) {
    case 'message': {
      const role = item.member('role').oneOf(['user', 'assistant', 'system', 'developer']);
      noteUnreadMembers(item, MESSAGE_MEMBERS, context.losses);
      return context.origins.mark({ role, content: chatContent(item.member('content'), context), ...cacheMarks(item) }, item);
    }
    case 'function_call_output':
    case 'custom_tool_call_output':
      noteUnreadMembers(item, RESULT_MEMBERS, context.losses);
      return context.origins.mark({
        role: 'tool', tool_call_id: item.member('call_id').nonEmptyString(), content: chatContent(item.member('output'), context), ...cacheMarks(item),
      }, item, RESULT);
    case 'item_reference':
      context.losses.semantic(item.path, 'nothing is stored that it could refer to; send the item itself');
      return undefined;
    default:
      context.losses.semantic(item.path, `items of type '${type.slice(0, 40)}' are of OpenAI's own tools and servers`);
      return undefined;
  }
}
