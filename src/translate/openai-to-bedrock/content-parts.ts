import type { ContentBlock } from '@aws-sdk/client-bedrock-runtime';
import { cachePoint, CachePoint } from './cache-point';
import { documentBlock, DocumentNames } from './document-block';
import { imageBlock } from './image-block';
import { ConverseText, Wire } from '../bedrock/converse-wire';
import { isBlank, Text } from '../long-text';
import { normalBase64 } from '../request/data-url';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

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
export function textBlocks(content: RequestValue, context: ContentContext): Array<ConverseText | CachePoint> {
  return blocks<ConverseText>(content, (part, type) => type === 'text' || type === 'refusal' ? textBlock(part.member(type).text()) : unsupported(part, type, context));
}

/** What a tool may give back. */
export function toolResultBlocks(content: RequestValue, context: ContentContext): Array<ConverseText | AttachedBlock | CachePoint> {
  return blocks<ConverseText | AttachedBlock>(content, (part, type) => attached(part, type, context));
}

/** What a user may say. */
export function userBlocks(content: RequestValue, context: ContentContext): Array<ConverseText | AttachedBlock | AudioBlock | CachePoint> {
  return blocks<ConverseText | AttachedBlock | AudioBlock>(content, (part, type) =>
    type === 'input_audio' ? audioBlock(part.member('input_audio')) : attached(part, type, context));
}

/** Converse refuses blank text, so blocks of it are left out, and what is empty then has no blocks. */
function blocks<Block>(content: RequestValue, convert: (part: RequestValue, type: string) => Block | ConverseText | undefined): Array<Block | ConverseText | CachePoint> {
  if (!content.present) {
    return [];
  }
  if (content.isText) {
    const block = textBlock(content.text());
    return block ? [block] : [];
  }
  const converted: Array<Block | ConverseText | CachePoint> = [];
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

function attached(part: RequestValue, type: string, context: ContentContext): ConverseText | AttachedBlock | undefined {
  switch (type) {
    case 'text':
      return textBlock(part.member('text').text());
    case 'image_url':
      return imageBlock(part, context.losses);
    case 'file':
      return documentBlock(part, context.documentNames);
    default:
      return unsupported(part, type, context);
  }
}

function textBlock(text: Text): ConverseText | undefined {
  return isBlank(text) ? undefined : { text };
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
