import { assistantMessage } from './assistant-message';
import { ChatMessage } from './chat-message';
import { asContent, textContent } from './content-parts';
import { cacheMark, ConversionContext } from './conversion-context';
import { userMessages } from './user-messages';
import { RequestValue } from '../request/request-value';

export interface Conversation {
  readonly messages: ChatMessage[];
  /** Where in the client's request each message comes from, such as `system` and `messages[2]`. */
  readonly sources: readonly string[];
}

/** `system` and `messages` as the messages of a chat completion. */
export function conversation(request: RequestValue, context: ConversionContext): Conversation {
  const messages: ChatMessage[] = [];
  const sources: string[] = [];
  const add = (message: ChatMessage, source: string) => {
    messages.push(message);
    sources.push(source);
  };
  const system = request.member('system');
  const systemParts = system.present ? textContent(system, context) : [];
  if (systemParts.length > 0) {
    add({ role: 'system', content: asContent(systemParts, context) }, system.path);
  }
  const turns = request.member('messages');
  let spoken = false;
  for (const turn of turns.items()) {
    const role = turn.member('role').oneOf(['user', 'assistant', 'system']);
    const content = turn.member('content');
    if (!content.present) {
      // Says what is missing.
      content.string();
    }
    for (const message of converted(role, content, context)) {
      add(message, turn.path);
      spoken ||= role !== 'system';
    }
  }
  if (!spoken) {
    throw turns.invalid('there must be at least one message with content');
  }
  if (messages.at(-1)?.role === 'assistant' && !context.target.prefill) {
    context.losses.semantic(`${sources.at(-1) ?? turns.path}.role`,
      `${context.target.provider} does not go on with the text of an assistant message; end with a user message`);
  }
  markLast(request, messages, context);
  return { messages, sources };
}

function converted(role: 'user' | 'assistant' | 'system', content: RequestValue, context: ConversionContext): ChatMessage[] {
  switch (role) {
    case 'user':
      return userMessages(content, context);
    case 'assistant': {
      const message = assistantMessage(content, context);
      return message ? [message] : [];
    }
    case 'system': {
      const parts = textContent(content, context);
      return parts.length > 0 ? [{ role, content: asContent(parts, context) }] : [];
    }
  }
}

/** `cache_control` of the whole request stands for one on its last block. */
function markLast(request: RequestValue, messages: ChatMessage[], context: ConversionContext): void {
  const mark = cacheMark(request, context);
  const last = messages.at(-1);
  if (mark.cache_control && last && last.cache_control === undefined) {
    last.cache_control = mark.cache_control;
  }
}
