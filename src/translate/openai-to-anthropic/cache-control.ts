import type { CacheControlEphemeral } from '@anthropic-ai/sdk/resources/messages';
import { SentBlock } from './sent-block';
import { CacheMark, longestMark } from '../request/cache-mark';

export function cacheControl(mark: CacheMark | undefined): { cache_control?: CacheControlEphemeral } {
  return mark ? { cache_control: { type: 'ephemeral', ...mark } } : {};
}

/** Marks the last block up to which a prompt can be cached: Claude takes no mark on what it thought. */
export function markLast<Block extends SentBlock>(blocks: Block[], mark: CacheMark | undefined): void {
  const last = blocks.at(-1);
  if (mark && last && last.type !== 'thinking' && last.type !== 'redacted_thinking') {
    const before = 'cache_control' in last && last.cache_control ? last.cache_control : undefined;
    blocks[blocks.length - 1] = { ...last, ...cacheControl(longestMark([mark, before && (before.ttl === undefined ? {} : { ttl: before.ttl })])) };
  }
}
