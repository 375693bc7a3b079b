import type { ContentBlock } from '@aws-sdk/client-bedrock-runtime';
import { Wire } from '../bedrock/converse-wire';
import { parseDataUrl } from '../request/data-url';
import { imageFormat } from '../request/image-format';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** An `image_url` part. */
export function imageBlock(part: RequestValue, losses: Losses): Wire<ContentBlock.ImageMember> {
  const image = part.member('image_url');
  const url = typeof image.value === 'string' ? image : image.member('url');
  if (url !== image) {
    const detail = image.member('detail');
    if (detail.present && detail.value !== 'auto') {
      losses.advisory(detail.path, 'Converse has no detail of images');
    }
  }
  const data = parseDataUrl(url, 'AWS Bedrock');
  const format = imageFormat(data);
  if (!format) {
    throw url.invalid('the image must be PNG, JPEG, GIF or WebP');
  }
  return { image: { format, source: { bytes: data.base64 } } };
}
