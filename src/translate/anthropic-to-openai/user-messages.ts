import { ChatContent, ChatMessage, ChatPart } from './chat-message';
import { asContent, contentParts } from './content-parts';
import { cacheMark, ConversionContext } from './conversion-context';
import { RequestValue } from '../request/request-value';

/**
 * A user turn: results of tools first, as OpenAI wants them right behind the calls, then what the user said. Images and files among the
 * results follow in the user message where the target takes only text from a tool.
 */
export function userMessages(content: RequestValue, context: ConversionContext): ChatMessage[] {
  if (content.isText) {
    const text = content.text();
    return text === '' ? [] : [{ role: 'user', content: text }];
  }
  const results: ChatMessage[] = [];
  const attached: ChatPart[] = [];
  const said: ChatPart[] = [];
  for (const block of content.items()) {
    if (block.member('type').value === 'tool_result') {
      results.push(toolMessage(block, attached, context));
    } else {
      said.push(...contentParts(block, context));
    }
  }
  const parts = [...attached, ...said];
  return parts.length === 0 ? results : [...results, { role: 'user', content: asContent(parts, context) }];
}

function toolMessage(block: RequestValue, attached: ChatPart[], context: ConversionContext): ChatMessage {
  const id = block.member('tool_use_id').nonEmptyString();
  const isError = block.member('is_error');
  const all = resultParts(block.member('content'), context);
  const kept = context.target.attachmentsInToolResults ? all : all.filter(({ type }) => type === 'text');
  if (kept.length < all.length) {
    context.losses.changed(block.member('content').path, 'images and files of tool results follow in a user message');
    attached.push({ type: 'text', text: `Content of the result of tool call ${id}:` }, ...all.filter(({ type }) => type !== 'text'));
  }
  const failed = isError.present && isError.boolean();
  const content = asContent(kept, context);
  if (failed && !context.toolErrors) {
    context.losses.changed(isError.path, 'told by "Error: " at the start of the result');
    return { role: 'tool', tool_call_id: id, content: marked(content), ...cacheMark(block, context) };
  }
  return { role: 'tool', tool_call_id: id, content, ...failed && { is_error: true }, ...cacheMark(block, context) };
}

function marked(content: ChatContent): ChatContent {
  return Array.isArray(content) ? [{ type: 'text', text: 'Error:' }, ...content] : `Error: ${String(content)}`.trimEnd();
}

function resultParts(content: RequestValue, context: ConversionContext): ChatPart[] {
  if (!content.present) {
    return [];
  }
  return content.isText ? [{ type: 'text', text: content.text() }] : content.items().flatMap((block) => contentParts(block, context));
}
