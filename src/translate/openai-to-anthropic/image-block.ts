import type { ImageBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { HostFacts } from './host-facts';
import { parseDataUrl } from '../request/data-url';
import { imageFormat } from '../request/image-format';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** An `image_url` part. Where the host fetches images itself, a URL stays one. */
export function imageBlock(part: RequestValue, { host, losses }: { readonly host: HostFacts; readonly losses: Losses }): ImageBlockParam {
  const image = part.member('image_url');
  const url = typeof image.value === 'string' ? image : image.member('url');
  if (url !== image) {
    const detail = image.member('detail');
    if (detail.present && detail.value !== 'auto') {
      losses.advisory(detail.path, 'Claude has no detail of images');
    }
  }
  if (host.fetches && /^https?:/i.test(url.string().slice(0, 6))) {
    return { type: 'image', source: { type: 'url', url: url.string() } };
  }
  const data = parseDataUrl(url, host.name);
  const format = imageFormat(data);
  if (!format) {
    throw url.invalid('the image must be PNG, JPEG, GIF or WebP');
  }
  return { type: 'image', source: { type: 'base64', media_type: `image/${format}`, data: data.base64 } };
}
