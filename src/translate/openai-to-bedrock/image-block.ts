import type { ContentBlock, ImageFormat } from '@aws-sdk/client-bedrock-runtime';
import { Wire } from '../bedrock/converse-wire';
import { firstBytes, parseDataUrl } from '../request/data-url';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

const DECLARED: ReadonlyMap<string, ImageFormat> = new Map([
  ['image/png', 'png'], ['image/jpeg', 'jpeg'], ['image/jpg', 'jpeg'], ['image/pjpeg', 'jpeg'], ['image/gif', 'gif'], ['image/webp', 'webp'],
]);

/** An `image_url` part. The bytes say what the image is; what the URL declares counts only where they do not. */
export function imageBlock(part: RequestValue, losses: Losses): Wire<ContentBlock.ImageMember> {
  const image = part.member('image_url');
  const url = typeof image.value === 'string' ? image : image.member('url');
  if (url !== image) {
    const detail = image.member('detail');
    if (detail.present && detail.value !== 'auto') {
      losses.advisory(detail.path, 'Converse has no detail of images');
    }
  }
  const { mediaType, base64 } = parseDataUrl(url, 'AWS Bedrock');
  const format = sniffed(firstBytes(base64)) ?? DECLARED.get(mediaType);
  if (!format) {
    throw url.invalid('the image must be PNG, JPEG, GIF or WebP');
  }
  return { image: { format, source: { bytes: base64 } } };
}

function sniffed(bytes: string): ImageFormat | undefined {
  if (bytes.startsWith('\x89PNG')) {
    return 'png';
  }
  if (bytes.startsWith('\xff\xd8\xff')) {
    return 'jpeg';
  }
  if (bytes.startsWith('GIF8')) {
    return 'gif';
  }
  return bytes.startsWith('RIFF') && bytes.slice(8, 12) === 'WEBP' ? 'webp' : undefined;
}
