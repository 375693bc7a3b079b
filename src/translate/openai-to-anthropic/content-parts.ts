import type { DocumentBlockParam, ImageBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { markLast } from './cache-control';
import { documentBlock } from './document-block';
import { HostFacts } from './host-facts';
import { imageBlock } from './image-block';
import { TextBlock } from './sent-block';
import { isBlank, Text } from '../long-text';
import { cacheMark } from '../request/cache-mark';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

export type AttachedBlock = ImageBlockParam | DocumentBlockParam;

export interface ContentContext {
  readonly host: HostFacts;
  readonly losses: Losses;
}

/** Text alone, as system and assistant messages have it: a string, or parts of text (and refusals, which are text to the model). */
export function textBlocks(content: RequestValue, context: ContentContext): TextBlock[] {
  return blocks<TextBlock>(content, (part, type) => type === 'text' || type === 'refusal' ? textBlock(part.member(type).text()) : unsupported(part, type, context));
}

/** What a user may say, and a tool may give back. */
export function attachedBlocks(content: RequestValue, context: ContentContext): Array<TextBlock | AttachedBlock> {
  return blocks<TextBlock | AttachedBlock>(content, (part, type) => {
    switch (type) {
      case 'text':
        return textBlock(part.member('text').text());
      case 'image_url':
        return imageBlock(part, context);
      case 'file':
        return documentBlock(part, context.host);
      default:
        return unsupported(part, type, context);
    }
  });
}

/** Claude refuses blank text, so blocks of it are left out, and what is empty then has no blocks. A mark on one goes to the block before. */
function blocks<Block extends TextBlock | AttachedBlock>(
  content: RequestValue, convert: (part: RequestValue, type: string) => Block | TextBlock | undefined,
): Array<Block | TextBlock> {
  if (!content.present) {
    return [];
  }
  if (content.isText) {
    const block = textBlock(content.text());
    return block ? [block] : [];
  }
  const converted: Array<Block | TextBlock> = [];
  for (const part of content.items()) {
    const block = convert(part, part.member('type').string());
    if (block) {
      converted.push(block);
    }
    markLast(converted, cacheMark(part));
  }
  return converted;
}

function textBlock(text: Text): TextBlock | undefined {
  return isBlank(text) ? undefined : { type: 'text', text };
}

function unsupported(part: RequestValue, type: string, { losses }: ContentContext): undefined {
  losses.semantic(part.path, `Claude takes no part of type '${type.slice(0, 40)}' here`);
  return undefined;
}
