import type { ContentBlock } from '@aws-sdk/client-bedrock-runtime';
import { Wire } from '../bedrock/converse-wire';
import { CacheMark, cacheMark } from '../request/cache-mark';
import { RequestValue } from '../request/request-value';

export type CachePoint = Wire<ContentBlock.CachePointMember>;

/** The mark of a message, a part or a tool up to which the prompt is cached. `undefined`: there is none. */
export function cachePoint(marked: RequestValue): CachePoint | undefined {
  const mark: CacheMark | undefined = cacheMark(marked);
  return mark && { cachePoint: { type: 'default', ...mark } };
}
