import { ChatContent, ChatPart } from './chat-message';
import { cacheMark, ConversionContext } from './conversion-context';
import { normalBase64 } from '../request/data-url';
import { RequestValue } from '../request/request-value';

const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;

/** Blocks that are content for OpenAI too: text, images, documents, search results. Others are refused, or dropped under `Lenient`. */
export function contentParts(block: RequestValue, context: ConversionContext): ChatPart[] {
  const type = block.member('type').string();
  switch (type) {
    case 'text':
      return textParts(block.member('text'), block, context);
    case 'image':
      loseTransformations(block.member('transformations'), context);
      return [{ ...imagePart(block.member('source')), ...cacheMark(block, context) }];
    case 'document':
      return documentParts(block, context);
    case 'search_result':
      return searchResultParts(block, context);
    default:
      context.losses.semantic(block.path, `${context.target.provider} takes no block of type '${type.slice(0, 40)}' here`);
      return [];
  }
}

/** Text alone, as `system` has it: a string, or blocks of text. */
export function textContent(content: RequestValue, context: ConversionContext): ChatPart[] {
  if (content.isText) {
    const text = content.text();
    return text === '' ? [] : [{ type: 'text', text }];
  }
  return content.items().flatMap((block) => {
    block.member('type').oneOf(['text']);
    return textParts(block.member('text'), block, context);
  });
}

/**
 * Parts in the simplest form that says the same: text alone is one string, which every server takes. Where prompts are cached by marks,
 * parts stay what they are, for marks move from turn to turn, and what is before them must not change.
 */
export function asContent(parts: readonly ChatPart[], { target }: ConversionContext): ChatContent {
  const texts = parts.map((part) => part.type === 'text' && part.cache_control === undefined ? part.text : undefined);
  if (texts.length === 1 && texts[0] !== undefined) {
    return texts[0];
  }
  return texts.includes(undefined) || target.cacheControl && texts.length > 1 ? [...parts] : texts.join('\n\n');
}

function textParts(text: RequestValue, block: RequestValue, context: ConversionContext): ChatPart[] {
  const value = text.text();
  const mark = cacheMark(block, context);
  if (block.itemsOf('citations').length > 0) {
    context.losses.advisory(block.member('citations').path, `${context.target.provider} takes back the text alone`);
  }
  return value === '' ? [] : [{ type: 'text', text: value, ...mark }];
}

/** What is too large is made smaller everywhere. */
function loseTransformations(value: RequestValue, { losses, target }: ConversionContext): void {
  if (value.present && Object.entries(value.object()).some(([name, wanted]) => name !== 'oversized_image' || wanted === 'error')) {
    losses.advisory(value.path, `${target.provider} decides itself what becomes of pictures that are too large`);
  }
}

function imagePart(source: RequestValue): ChatPart {
  switch (source.member('type').string()) {
    case 'base64': {
      const mediaType = source.member('media_type').oneOf(IMAGE_TYPES);
      return { type: 'image_url', image_url: { url: `data:${mediaType};base64,${base64(source.member('data'))}` } };
    }
    case 'url':
      return { type: 'image_url', image_url: { url: source.member('url').nonEmptyString() } };
    default:
      throw source.invalid('files of Anthropic\'s Files API are unknown to this model\'s provider; send base64 or a URL');
  }
}

function documentParts(block: RequestValue, context: ConversionContext): ChatPart[] {
  const source = block.member('source');
  refuseCitations(block, context);
  const title = optionalText(block.member('title'));
  const description = optionalText(block.member('context'));
  const mark = cacheMark(block, context);
  const heading = [...title === undefined ? [] : [`Title: ${title}`], ...description === undefined ? [] : [`Context: ${description}`]].join('\n');
  const before = (text: string): ChatPart[] => text === '' ? [] : [{ type: 'text', text }];
  switch (source.member('type').string()) {
    case 'base64': {
      source.member('media_type').oneOf(['application/pdf']);
      const file = { filename: filename(title), file_data: `data:application/pdf;base64,${base64(source.member('data'))}` };
      return [...before(description === undefined ? '' : heading), { type: 'file', file, ...mark }];
    }
    case 'text':
      context.losses.changed(source.path, 'documents of plain text are sent as text of the message');
      return [{ type: 'text', text: [heading, source.member('data').string()].filter((text) => text !== '').join('\n\n'), ...mark }];
    case 'content': {
      context.losses.changed(source.path, 'documents of blocks are sent as blocks of the message');
      const content = source.member('content');
      const parts = content.isText ? textContent(content, context) : content.items().flatMap((item) => {
        item.member('type').oneOf(['text', 'image']);
        return contentParts(item, context);
      });
      return withMarkAtEnd([...before(heading), ...parts], mark);
    }
    default:
      throw source.invalid('this model\'s provider does not fetch documents; send base64 or text');
  }
}

function searchResultParts(block: RequestValue, context: ConversionContext): ChatPart[] {
  refuseCitations(block, context);
  context.losses.changed(block.path, 'search results are sent as text');
  const heading = `Search result: ${block.member('title').string()}\nSource: ${block.member('source').string()}`;
  return withMarkAtEnd([{ type: 'text', text: heading }, ...textContent(block.member('content'), context)], cacheMark(block, context));
}

function withMarkAtEnd(parts: ChatPart[], mark: ReturnType<typeof cacheMark>): ChatPart[] {
  return parts.map((part, index) => index === parts.length - 1 ? { ...part, ...mark } : part);
}

/** An answer without the citations that were asked for has another form. */
function refuseCitations(block: RequestValue, { losses, target }: ConversionContext): void {
  const citations = block.member('citations');
  const enabled = citations.present ? citations.member('enabled') : citations;
  if (enabled.present && enabled.boolean()) {
    losses.semantic(citations.path, `${target.provider} gives no citations`);
  }
}

function optionalText(value: RequestValue): string | undefined {
  return value.present && value.string() !== '' ? value.string() : undefined;
}

function filename(title: string | undefined): string {
  return title === undefined ? 'document.pdf' : /\.pdf$/i.test(title) ? title : `${title}.pdf`;
}

function base64(data: RequestValue): string {
  return normalBase64(data.string(), data);
}
