import { assistantBlocks } from './assistant-message';
import { cachePoint, CachePoint } from './cache-point';
import { ContentContext, isCachePoint, textBlocks, toolResultBlocks, userBlocks } from './content-parts';
import { ConverseBlock, ConverseMessage, ConverseSystemBlock, ConverseToolResultContent } from '../bedrock/converse-wire';
import { FunctionCallIds, ToolHistory } from '../openai/tool-history';
import { RequestValue } from '../request/request-value';

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const;

export interface Conversation {
  readonly system: readonly ConverseSystemBlock[];
  readonly messages: readonly ConverseMessage[];
  /** A call or a result of a tool is among them, so Converse wants tools in the request. */
  readonly hasToolBlocks: boolean;
}

/** Stands for a tool result that is empty, which Converse refuses. */
const EMPTY_RESULT = '(empty)';
/** "A text block must be included when using documents": https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html */
const CAPTION = '(document)';

/**
 * Messages as Converse takes them: system text apart, user and assistant in turns, results of tools in user turns, no blank text, no white
 * space at the end of an answer that the model shall go on with.
 */
export function conversation(messages: RequestValue, history: ToolHistory, context: ContentContext): Conversation {
  const system: ConverseSystemBlock[] = [];
  const turns = new Turns();
  const functionCalls = new FunctionCallIds();
  let leading = true;
  for (const message of messages.items()) {
    const role = message.member('role').oneOf(ROLES);
    const content = message.member('content');
    if (message.object().name !== undefined && role !== 'function' && role !== 'tool' && message.has('name')) {
      context.losses.advisory(message.member('name').path, 'Converse has no names of participants');
    }
    switch (role) {
      case 'system':
      case 'developer': {
        const blocks = marked(message, required(content, (value) => textBlocks(value, context)));
        if (leading) {
          blocks.forEach((block) => system.push(block));
          break;
        }
        context.losses.changed(message.member('role').path, 'system and developer messages after the first other message are sent as user messages');
        turns.add('user', blocks);
        break;
      }
      case 'user':
        turns.add('user', marked(message, required(content, (value) => userBlocks(value, context))));
        break;
      case 'assistant':
        turns.add('assistant', marked(message, assistantBlocks(message, history, functionCalls, context)));
        break;
      case 'tool':
        turns.add('user', toolResult(message, history.ids.restricted(message.member('tool_call_id').nonEmptyString()), context));
        break;
      case 'function':
        turns.add('user', toolResult(message, functionCalls.answered(message.member('name')), context));
        break;
    }
    leading &&= role === 'system' || role === 'developer';
  }
  return { system, messages: turns.finished(messages, context), hasToolBlocks: turns.hasToolBlocks };
}

/**
 * The model is in the middle of a turn of tool calls that began without reasoning: Claude with a budget then refuses to reason.
 * https://platform.claude.com/docs/en/build-with-claude/extended-thinking#preserving-thinking-blocks
 */
export function continuesWithoutReasoning(messages: readonly ConverseMessage[]): boolean {
  const [before, last] = [messages.at(-2)?.content[0], messages.at(-1)?.content[0]];
  return last !== undefined && 'toolResult' in last && !(before !== undefined && 'reasoningContent' in before);
}

function required<Block>(content: RequestValue, convert: (content: RequestValue) => Block[]): Block[] {
  if (!content.present) {
    // Says what is missing.
    content.string();
  }
  return convert(content);
}

/** With the cache point that the message itself asks for. */
function marked<Block>(message: RequestValue, blocks: Block[]): Array<Block | CachePoint> {
  const point = cachePoint(message);
  return point && blocks.length > 0 && !isCachePoint(blocks.at(-1)) ? [...blocks, point] : blocks;
}

/** Cache points stand beside a tool result, not in it; the longest time of those inside it counts. */
function toolResult(message: RequestValue, toolUseId: string, context: ContentContext): ConverseBlock[] {
  const blocks = required(message.member('content'), (value) => toolResultBlocks(value, context));
  const content = blocks.filter((block): block is ConverseToolResultContent => !isCachePoint(block));
  const points = [...blocks, cachePoint(message)].filter(isCachePoint);
  const point = points.find(({ cachePoint: { ttl } }) => ttl === '1h') ?? points.find(({ cachePoint: { ttl } }) => ttl !== undefined) ?? points[0];
  const failed = context.toolErrors && message.has('is_error') && message.member('is_error').boolean();
  return [
    { toolResult: { toolUseId, content: content.length > 0 ? content : [{ text: EMPTY_RESULT }], ...failed && { status: 'error' as const } } }, ...point ? [point] : [],
  ];
}

/** Collects blocks into turns: neighbours of the same role become one, and what has no blocks is no turn. */
class Turns {
  private readonly turns: ConverseMessage[] = [];

  /** `blocks` are the turn's from then on. */
  add(role: 'user' | 'assistant', blocks: ConverseBlock[]): void {
    const last = this.turns.at(-1);
    if (blocks.length > 0 && last?.role === role) {
      // One by one: arguments of one call have a limit that a long list meets.
      blocks.forEach((block) => last.content.push(block));
    } else if (blocks.length > 0) {
      this.turns.push({ role, content: blocks });
    }
  }

  get hasToolBlocks(): boolean {
    return this.turns.some(({ content }) => content.some((block) => 'toolUse' in block || 'toolResult' in block));
  }

  /** Throws `RequestError` where Converse would not begin. */
  finished(messages: RequestValue, { documentNames, losses }: ContentContext): readonly ConverseMessage[] {
    this.trimEnd();
    if (documentNames.used && this.captionDocuments()) {
      losses.changed(`${messages.path}[].content`, `Converse takes no document without text beside it: '${CAPTION}' is sent`);
    }
    if (this.turns[0]?.role !== 'user') {
      throw messages.invalid('this model\'s provider (AWS Bedrock) needs a user message with content as the first one after the system messages');
    }
    return this.turns;
  }

  /** True: there was a document alone. */
  private captionDocuments(): boolean {
    let alone = false;
    for (const { content } of this.turns) {
      const last = content.map((block) => 'document' in block).lastIndexOf(true);
      if (last >= 0 && !content.some((block) => 'text' in block)) {
        content.splice(last + 1, 0, { text: CAPTION });
        alone = true;
      }
    }
    return alone;
  }

  private trimEnd(): void {
    const last = this.turns.at(-1);
    if (last?.role !== 'assistant') {
      return;
    }
    // Text before a tool call is not where the model goes on; a cache point may follow.
    const end = isCachePoint(last.content.at(-1)) ? last.content.length - 2 : last.content.length - 1;
    const block = last.content[end];
    if (block && 'text' in block && block.text !== undefined) {
      last.content[end] = { text: String(block.text).trimEnd() };
    }
  }
}
