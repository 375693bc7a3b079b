import { DataUrl, firstBytes } from './data-url';

/** Those that all providers take. */
export type ImageFormat = 'png' | 'jpeg' | 'gif' | 'webp';

const DECLARED: ReadonlyMap<string, ImageFormat> = new Map([
  ['image/png', 'png'], ['image/jpeg', 'jpeg'], ['image/jpg', 'jpeg'], ['image/pjpeg', 'jpeg'], ['image/gif', 'gif'], ['image/webp', 'webp'],
]);

/** The bytes say what an image is; what its URL declares counts only where they do not. `undefined`: none of these. */
export function imageFormat({ base64, mediaType }: DataUrl): ImageFormat | undefined {
  return sniffed(firstBytes(base64)) ?? DECLARED.get(mediaType);
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
