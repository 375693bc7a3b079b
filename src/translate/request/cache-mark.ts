import { RequestValue } from './request-value';

/** The place up to which a prompt is to be cached. */
export interface CacheMark {
  readonly ttl?: '5m' | '1h';
}

/**
 * The mark of a message, a part or a tool: Anthropic's `cache_control` (with its `ttl`), which clients send to OpenAI-compatible gateways,
 * or OpenAI's own `prompt_cache_breakpoint`. `undefined`: there is none.
 */
export function cacheMark(marked: RequestValue): CacheMark | undefined {
  const { cache_control: control, prompt_cache_breakpoint: breakpoint } = marked.object();
  return control === undefined && breakpoint === undefined ? undefined : markOf(marked);
}

function markOf(marked: RequestValue): CacheMark | undefined {
  if (marked.has('cache_control')) {
    const control = marked.member('cache_control');
    control.member('type').oneOf(['ephemeral']);
    const ttl = control.member('ttl');
    return ttl.present ? { ttl: ttl.oneOf(['5m', '1h']) } : {};
  }
  return marked.has('prompt_cache_breakpoint') ? {} : undefined;
}

/** The one that lasts longest, for providers with one mark where a request has several. */
export function longestMark(marks: ReadonlyArray<CacheMark | undefined>): CacheMark | undefined {
  return marks.find((mark) => mark?.ttl === '1h') ?? marks.find((mark) => mark?.ttl !== undefined) ?? marks.find((mark) => mark !== undefined);
}
