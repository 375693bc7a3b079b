import { GeminiPart } from './gemini-wire';
import { firstBytes, normalBase64, parseDataUrl } from '../request/data-url';
import { imageFormat } from '../request/image-format';
import { RequestValue } from '../request/request-value';

/**
 * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/image-understanding and its pages for audio, video and documents;
 * the model itself says which of them it takes.
 */
const BY_EXTENSION: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'], ['jpg', 'image/jpeg'], ['jpeg', 'image/jpeg'], ['webp', 'image/webp'], ['gif', 'image/gif'], ['heic', 'image/heic'], ['heif', 'image/heif'],
  ['pdf', 'application/pdf'], ['txt', 'text/plain'], ['md', 'text/markdown'], ['html', 'text/html'], ['htm', 'text/html'], ['csv', 'text/csv'], ['xml', 'text/xml'],
  ['json', 'application/json'], ['wav', 'audio/wav'], ['mp3', 'audio/mp3'], ['flac', 'audio/flac'], ['ogg', 'audio/ogg'], ['aac', 'audio/aac'], ['m4a', 'audio/m4a'],
  ['aiff', 'audio/aiff'], ['mp4', 'video/mp4'], ['mpeg', 'video/mpeg'], ['mpg', 'video/mpg'], ['mov', 'video/mov'], ['avi', 'video/avi'], ['webm', 'video/webm'],
  ['wmv', 'video/wmv'], ['flv', 'video/x-flv'], ['3gp', 'video/3gpp'],
]);
const SPELLED: ReadonlyMap<string, string> = new Map([['image/jpg', 'image/jpeg'], ['image/pjpeg', 'image/jpeg'], ['audio/x-wav', 'audio/wav'], ['video/quicktime', 'video/mov']]);

/** What is known of a file beside its bytes. */
export interface MediaHints {
  /** The media type, as the client says it in a field of its own. */
  readonly mediaType?: string;
  readonly filename?: string;
}

/** A picture, sound, film or document: a data URL as bytes, a `gs://` URI as a reference. Gemini and we fetch nothing else. */
export function mediaPart(url: RequestValue, { mediaType, filename }: MediaHints = {}): GeminiPart {
  const text = url.string();
  if (/^gs:\/\//i.test(text)) {
    return { fileData: { mimeType: mediaType ?? extensionType(text) ?? extensionType(filename) ?? missingType(url), fileUri: text } };
  }
  if (!/^data:/i.test(text.slice(0, 5))) {
    throw url.invalid('this model\'s provider (Google Gemini) gets no files from elsewhere; send a data URL (data:<type>;base64,...) or a gs:// URI');
  }
  const { mediaType: declared, base64 } = parseDataUrl(url, 'Google Gemini');
  return inlinePart(url, base64, { mediaType: mediaType ?? declared, filename });
}

/** Base64 without a data URL around it. */
export function bytesPart(data: RequestValue, hints: MediaHints): GeminiPart {
  return inlinePart(data, normalBase64(data.string(), data), hints);
}

/** The bytes say what they are; what the client declares counts only where they do not. */
function inlinePart(value: RequestValue, data: string, { mediaType = '', filename }: MediaHints): GeminiPart {
  const declared = mediaType === '' || mediaType === 'application/octet-stream' ? undefined : SPELLED.get(mediaType) ?? mediaType;
  return { inlineData: { mimeType: sniffed(data) ?? declared ?? extensionType(filename) ?? missingType(value), data } };
}

function sniffed(base64: string): string | undefined {
  const image = imageFormat({ base64, mediaType: '' });
  return image ? `image/${image}` : firstBytes(base64).startsWith('%PDF') ? 'application/pdf' : undefined;
}

function extensionType(name: string | undefined): string | undefined {
  return BY_EXTENSION.get(/\.([^./?#]+)(?:[?#].*)?$/.exec(name ?? '')?.[1].toLowerCase() ?? '');
}

function missingType(value: RequestValue): never {
  throw value.invalid('Gemini must be told a media type; send a data URL with one, or a name with a usual extension');
}
