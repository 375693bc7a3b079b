import { GeminiTraits } from '../gemini/gemini-traits';
import { GeminiPart } from '../gemini/gemini-wire';
import { bytesPart, mediaPart } from '../gemini/media-part';
import { cacheMark } from '../request/cache-mark';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

export interface ContentContext {
  readonly losses: Losses;
  readonly traits: GeminiTraits;
}

/** Text alone, as system and assistant messages have it: a string, or parts of text (and refusals, which are text to the model). */
export function textParts(content: RequestValue, context: ContentContext): GeminiPart[] {
  return parts(content, context, (part, type) => type === 'text' || type === 'refusal' ? { text: part.member(type).text() } : unsupported(part, type, context));
}

/** What a user may say, and what a tool may give back. */
export function userParts(content: RequestValue, context: ContentContext): GeminiPart[] {
  return parts(content, context, (part, type) => {
    switch (type) {
      case 'text':
        return { text: part.member('text').text() };
      case 'image_url':
        return imagePart(part.member('image_url'), context);
      case 'video_url':
        return mediaPart(urlOf(part.member('video_url')));
      case 'input_audio': {
        const audio = part.member('input_audio');
        return bytesPart(audio.member('data'), { mediaType: `audio/${audio.member('format').oneOf(['wav', 'mp3'])}` });
      }
      case 'file':
        return filePart(part.member('file'));
      default:
        return unsupported(part, type, context);
    }
  });
}

/** Notes that Gemini, which caches by itself, has no counterpart for the mark of a message, a part or a tool. */
export function loseCacheMark(marked: RequestValue, losses: Losses): void {
  if (cacheMark(marked)) {
    const name = marked.has('cache_control') ? 'cache_control' : 'prompt_cache_breakpoint';
    losses.advisory(marked.member(name).path, 'Gemini caches by itself, and has no marks in a request');
  }
}

/** Gemini refuses empty text, so parts of it are left out, and what is empty then has no parts. */
function parts(content: RequestValue, { losses }: ContentContext, convert: (part: RequestValue, type: string) => GeminiPart | undefined): GeminiPart[] {
  if (!content.present) {
    return [];
  }
  if (content.isText) {
    const text = content.text();
    return text === '' ? [] : [{ text }];
  }
  return content.items().flatMap((part) => {
    loseCacheMark(part, losses);
    const converted = convert(part, part.member('type').string());
    return converted === undefined || converted.text === '' ? [] : [converted];
  });
}

/** Newer models take a resolution with each image. */
function imagePart(image: RequestValue, { losses, traits }: ContentContext): GeminiPart {
  const part = mediaPart(urlOf(image));
  const detail = typeof image.value === 'string' ? undefined : image.member('detail');
  if (!detail?.present || detail.value === 'auto') {
    return part;
  }
  const known = detail.oneOf(['low', 'high', 'original']);
  if (known === 'original' || !traits.mediaResolution) {
    losses.advisory(detail.path, known === 'original' ? 'Gemini has no such detail of images' : 'this model has no detail of images');
    return part;
  }
  return { ...part, mediaResolution: { level: known === 'low' ? 'MEDIA_RESOLUTION_LOW' : 'MEDIA_RESOLUTION_HIGH' } };
}

function urlOf(value: RequestValue): RequestValue {
  return typeof value.value === 'string' ? value : value.member('url');
}

/** Bytes in `file_data`, or a `gs://` URI in `file_data`, `file_url` or `file_id`. */
function filePart(file: RequestValue): GeminiPart {
  const [data, url, id] = ['file_data', 'file_url', 'file_id'].map((name) => file.member(name));
  const filename = file.member('filename').present ? file.member('filename').string() : undefined;
  if (data.present) {
    return /^(?:data|https?|gs):/i.test(data.string()) ? mediaPart(data, { filename }) : bytesPart(data, { filename });
  }
  if (!url.present && !id.present) {
    throw file.invalid('send file_data (data:<type>;base64,... or a gs:// URI)');
  }
  if (!url.present && !/^gs:\/\//i.test(id.string())) {
    throw id.invalid('this model\'s provider (Google Gemini) does not have the file; send file_data (data:<type>;base64,...) or a gs:// URI');
  }
  return mediaPart(url.present ? url : id, { filename });
}

function unsupported(part: RequestValue, type: string, { losses }: ContentContext): undefined {
  losses.semantic(part.path, `Gemini takes no part of type '${type.slice(0, 40)}' here`);
  return undefined;
}
