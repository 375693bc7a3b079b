import type { ContentBlock } from '@aws-sdk/client-bedrock-runtime';
import { Wire } from '../bedrock/converse-wire';
import { RequestValue } from '../request/request-value';

export type CachePoint = Wire<ContentBlock.CachePointMember>;

/**
 * The mark of a message, a part or a tool up to which the prompt is cached: Anthropic's `cache_control` (with its `ttl`), which clients
 * send to OpenAI-compatible gateways, or OpenAI's own `prompt_cache_breakpoint`. `undefined`: there is none.
 */
export function cachePoint(marked: RequestValue): CachePoint | undefined {
  const control = marked.member('cache_control');
  if (control.present) {
    control.member('type').oneOf(['ephemeral']);
    const ttl = control.member('ttl');
    return { cachePoint: { type: 'default', ...ttl.present && { ttl: ttl.oneOf(['5m', '1h']) } } };
  }
  return marked.member('prompt_cache_breakpoint').present ? { cachePoint: { type: 'default' } } : undefined;
}
