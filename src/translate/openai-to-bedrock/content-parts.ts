import type { ContentBlock } from '@aws-sdk/client-bedrock-runtime';
import { cachePoint, CachePoint } from './cache-point';
import { documentBlock, DocumentNames } from './document-block';
import { imageBlock } from './image-block';
import { Wire } from '../bedrock/converse-wire';
import { normalBase64 } from '../request/data-url';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

export type TextBlock = Wire<ContentBlock.TextMember>;
export type AttachedBlock = Wire<ContentBlock.ImageMember | ContentBlock.DocumentMember>;
export type AudioBlock = Wire<ContentBlock.AudioMember>;

export interface ContentContext {
  readonly losses: Losses;
  readonly documentNames: DocumentNames;
  /** The model takes the status of a tool's result. */
  readonly toolErrors: boolean;
  readonly isClaude: boolean;
}

/** Text alone, as system and assistant messages have it: a string, or parts of text (and refusals, which are text to the model). */
export function textBlocks(content: RequestValue, context: ContentContext): Array<TextBlock | CachePoint> {
  return blocks<TextBlock>(content, (part, type) => type === 'text' || type === 'refusal' ? textBlock(part.member(type).string()) : unsupported(part, type, context));
}

/** What a tool may give back. */
export function toolResultBlocks(content: RequestValue, context: ContentContext): Array<TextBlock | AttachedBlock | CachePoint> {
  return blocks<TextBlock | AttachedBlock>(content, (part, type) => attached(part, type, context));
}

/** What a user may say. */
export function userBlocks(content: RequestValue, context: ContentContext): Array<TextBlock | AttachedBlock | AudioBlock | CachePoint> {
  return blocks<TextBlock | AttachedBlock | AudioBlock>(content, (part, type) =>
    type === 'input_audio' ? audioBlock(part.member('input_audio')) : attached(part, type, context));
}

/** Converse refuses blank text, so blocks of it are left out, and what is empty then has no blocks. */
function blocks<Block>(content: RequestValue, convert: (part: RequestValue, type: string) => Block | TextBlock | undefined): Array<Block | TextBlock | CachePoint> {
  if (!content.present) {
    return [];
  }
  if (typeof content.value === 'string') {
    const block = textBlock(content.value);
    return block ? [block] : [];
  }
  const converted: Array<Block | TextBlock | CachePoint> = [];
  for (const part of content.items()) {
    const block = convert(part, part.member('type').string());
    if (block) {
      converted.push(block);
    }
    const point = cachePoint(part);
    // A cache point with nothing before it marks nothing, and two in a row are an error.
    if (point && converted.length > 0 && !isCachePoint(converted.at(-1))) {
      converted.push(point);
    }
  }
  return converted;
}

function attached(part: RequestValue, type: string, context: ContentContext): TextBlock | AttachedBlock | undefined {
  switch (type) {
    case 'text':
      return textBlock(part.member('text').string());
    case 'image_url':
      return imageBlock(part, context.losses);
    case 'file':
      return documentBlock(part, context.documentNames);
    default:
      return unsupported(part, type, context);
  }
}

function textBlock(text: string): TextBlock | undefined {
  return text.trim() === '' ? undefined : { text };
}

function audioBlock(audio: RequestValue): AudioBlock {
  const data = audio.member('data');
  return { audio: { format: audio.member('format').oneOf(['wav', 'mp3']), source: { bytes: normalBase64(data.string(), data) } } };
}

function unsupported(part: RequestValue, type: string, { losses }: ContentContext): undefined {
  losses.semantic(part.path, `Converse takes no part of type '${type.slice(0, 40)}' here`);
  return undefined;
}

export function isCachePoint(block: unknown): block is CachePoint {
  return typeof block === 'object' && block !== null && 'cachePoint' in block;
}
