import { CacheControl } from './chat-message';
import { ChatTarget } from './chat-target';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';
import { RestrictedNames } from '../request/restricted-names';

/** What every part of a request's translation needs. */
export interface ConversionContext {
  readonly target: ChatTarget;
  readonly losses: Losses;
  /** The model takes `is_error` of a `tool` message. */
  readonly toolErrors: boolean;
  /** Anthropic takes longer names of tools than OpenAI. */
  readonly toolNames: RestrictedNames;
}

/** The cache mark of a block or tool, where the target takes it. */
export function cacheMark(marked: RequestValue, { target, losses }: ConversionContext): { readonly cache_control?: CacheControl } {
  const control = marked.member('cache_control');
  if (!control.present) {
    return {};
  }
  control.member('type').oneOf(['ephemeral']);
  const ttl = control.member('ttl');
  const known = ttl.present ? { ttl: ttl.oneOf(['5m', '1h']) } : {};
  if (!target.cacheControl) {
    losses.advisory(control.path, `${target.provider} caches prompts by itself, if at all`);
    return {};
  }
  return { cache_control: { type: 'ephemeral', ...known } };
}
