import type { ChatCompletion } from 'openai/resources/chat/completions';

type OpenAiTier = NonNullable<ChatCompletion['service_tier']>;

/** Tiers that both sides know by the same name. */
const SHARED: readonly string[] = ['default', 'flex', 'priority'] satisfies OpenAiTier[];

/** Whether both sides mean the same tier by this name. `auto` and `default` are what Bedrock does unasked. */
export function isSharedTier(tier: unknown): tier is 'default' | 'flex' | 'priority' {
  return typeof tier === 'string' && SHARED.includes(tier);
}
