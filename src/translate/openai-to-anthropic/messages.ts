import { assistantBlocks } from './assistant-message';
import { cacheControl, markLast } from './cache-control';
import { attachedBlocks, ContentContext, textBlocks } from './content-parts';
import { SentBlock, TextBlock, ToolResultBlock } from './sent-block';
import { Turn, Turns } from './turns';
import { FunctionCallIds, ToolHistory } from '../openai/tool-history';
import { cacheMark, longestMark } from '../request/cache-mark';
import { RequestValue } from '../request/request-value';

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const;

export interface Conversation {
  readonly system: readonly TextBlock[];
  readonly messages: readonly Turn[];
}

/** Messages as Claude takes them: system text apart, user and assistant in turns, results of tools first in user turns, no blank text. */
export function conversation(messages: RequestValue, history: ToolHistory, context: ContentContext): Conversation {
  const system: TextBlock[] = [];
  const turns = new Turns();
  const functionCalls = new FunctionCallIds();
  let leading = true;
  for (const message of messages.items()) {
    const role = message.member('role').oneOf(ROLES);
    if (message.object().name !== undefined && role !== 'function' && role !== 'tool' && message.has('name')) {
      context.losses.advisory(message.member('name').path, 'Claude knows no names of participants');
    }
    switch (role) {
      case 'system':
      case 'developer': {
        const blocks = marked(message, textBlocks(required(message.member('content')), context));
        if (leading) {
          blocks.forEach((block) => system.push(block));
          break;
        }
        context.losses.changed(message.member('role').path, 'system and developer messages after the first other message are sent as user messages');
        turns.add('user', blocks);
        break;
      }
      case 'user':
        turns.add('user', marked(message, attachedBlocks(required(message.member('content')), context)));
        break;
      case 'assistant':
        turns.add('assistant', marked(message, assistantBlocks(message, history, functionCalls, context)));
        break;
      case 'tool':
        turns.add('user', [toolResult(message, history.ids.restricted(message.member('tool_call_id').nonEmptyString()), context)]);
        break;
      case 'function':
        turns.add('user', [toolResult(message, functionCalls.answered(message.member('name')), context)]);
        break;
    }
    leading &&= role === 'system' || role === 'developer';
  }
  return { system, messages: turns.finished(messages, context.host) };
}

export function hasToolBlocks({ messages }: Conversation): boolean {
  return messages.some(({ content }) => content.some(({ type }) => type === 'tool_use' || type === 'tool_result'));
}

/**
 * The model is in the middle of a turn of tool calls that began without reasoning: a model with a budget then refuses to reason.
 * https://platform.claude.com/docs/en/build-with-claude/extended-thinking#preserving-thinking-blocks
 */
export function continuesWithoutThinking({ messages }: Conversation): boolean {
  const last = messages.at(-1);
  const before = messages.at(-2)?.content[0]?.type;
  return last?.role === 'user' && last.content[0]?.type === 'tool_result' && before !== 'thinking' && before !== 'redacted_thinking';
}

function required(content: RequestValue): RequestValue {
  if (!content.present) {
    // Says what is missing.
    content.string();
  }
  return content;
}

/** With the mark that the message itself asks for. */
function marked<Block extends SentBlock>(message: RequestValue, blocks: Block[]): Block[] {
  markLast(blocks, cacheMark(message));
  return blocks;
}

/** The mark stands on the result, not on what is in it; the longest time counts. */
function toolResult(message: RequestValue, id: string, context: ContentContext): ToolResultBlock {
  const content = required(message.member('content'));
  const blocks = attachedBlocks(content, context);
  const marks = content.isText ? [] : content.items().map(cacheMark);
  return {
    type: 'tool_result',
    tool_use_id: id,
    ...blocks.length > 0 && { content: blocks.map(({ cache_control: _, ...block }) => block) },
    ...cacheControl(longestMark([cacheMark(message), ...marks])),
  };
}
