import { CohereText, CohereUserContent } from '../cohere/cohere-wire';
import { parseDataUrl } from '../request/data-url';
import { imageFormat } from '../request/image-format';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** Text alone, as system, assistant and tool messages have it: a string, or parts of text (and refusals, which are text to the model). */
export function textParts(content: RequestValue, losses: Losses): CohereText[] {
  return parts<CohereText>(content, losses, (part, type) => {
    if (type === 'text' || type === 'refusal') {
      return { type: 'text', text: part.member(type).string() };
    }
    losses.semantic(part.path, `Cohere takes no part of type '${type.slice(0, 40)}' here`);
    return undefined;
  });
}

/** What a user may say. */
export function userParts(content: RequestValue, losses: Losses): CohereUserContent[] {
  return parts<CohereUserContent>(content, losses, (part, type) => {
    switch (type) {
      case 'text':
        return { type: 'text', text: part.member('text').string() };
      case 'image_url':
        return imagePart(part, losses);
      default:
        losses.semantic(part.path, `Cohere takes no part of type '${type.slice(0, 40)}'`);
        return undefined;
    }
  });
}

/** Cohere refuses messages without text, so parts of none are left out, and what is empty then has no parts. */
function parts<Part extends CohereUserContent>(content: RequestValue, losses: Losses, convert: (part: RequestValue, type: string) => Part | undefined): Part[] {
  if (!content.present) {
    return [];
  }
  const whole = typeof content.value === 'string' ? [new RequestValue({ type: 'text', text: content.value }, content.path)] : content.items();
  const converted: Part[] = [];
  for (const part of whole) {
    withoutCacheMark(part, losses);
    const sent = convert(part, part.member('type').string());
    if (sent && !(sent.type === 'text' && sent.text.trim() === '')) {
      converted.push(sent);
    }
  }
  return converted;
}

/** Cohere fetches images itself, so their addresses pass. */
function imagePart(part: RequestValue, losses: Losses): CohereUserContent {
  const image = part.member('image_url');
  const isText = typeof image.value === 'string';
  const detail = isText ? undefined : image.member('detail');
  return {
    type: 'image_url',
    image_url: {
      url: imageUrl(isText ? image : image.member('url')),
      ...detail?.present && knownDetail(detail, losses),
    },
  };
}

function knownDetail(detail: RequestValue, losses: Losses): { readonly detail?: 'auto' | 'low' | 'high' } {
  const asked = detail.string();
  if (asked === 'auto' || asked === 'low' || asked === 'high') {
    return { detail: asked };
  }
  losses.advisory(detail.path, 'Cohere knows auto, low and high');
  return {};
}

function imageUrl(url: RequestValue): string {
  const text = url.string();
  if (/^https?:\/\//i.test(text.slice(0, 8))) {
    return text;
  }
  const data = parseDataUrl(url, 'Cohere');
  const format = imageFormat(data);
  if (!format) {
    throw url.invalid('the image must be PNG, JPEG, GIF or WebP');
  }
  return `data:image/${format};base64,${data.base64}`;
}

/** Clients mark what is to be cached in messages, parts and tools. */
export function withoutCacheMark(marked: RequestValue, losses: Losses): void {
  for (const name of ['cache_control', 'prompt_cache_breakpoint']) {
    const mark = marked.member(name);
    if (mark.present) {
      losses.advisory(mark.path, 'Cohere caches by itself');
    }
  }
}
