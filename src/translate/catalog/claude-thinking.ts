import type { ThinkingConfigParam } from '@anthropic-ai/sdk/resources/messages';
import { ClaudeTraits } from './claude-traits';
import { Effort, nearestEffort } from '../openai/reasoning-effort';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** Claude's smallest budget, https://platform.claude.com/docs/en/build-with-claude/extended-thinking */
export const SMALLEST_BUDGET = 1024;
/** The least top_p that Claude takes while it thinks, from the same page. */
export const LOWEST_THINKING_TOP_P = 0.95;
/** Tokens of thinking; a request's own token limit may make it less. */
const BUDGETS: Readonly<Record<Exclude<Effort, 'none'>, number>> = { minimal: SMALLEST_BUDGET, low: 2048, medium: 8192, high: 16_384, xhigh: 24_576, max: 32_000 };
/** Of the token limit, so that something is left for the answer. */
const LARGEST_SHARE = 0.8;

/** Anthropic's own `thinking`, which clients send beside OpenAI's fields, for a model that takes it as it is. */
export function givenThinking(thinking: RequestValue, maxTokens: number | undefined): { readonly thinking: ThinkingConfigParam; readonly thinks: boolean } {
  const type = thinking.member('type').oneOf(['enabled', 'disabled', 'adaptive', 'between_tools']);
  if (type === 'enabled') {
    const budget = thinking.member('budget_tokens');
    const tokens = budget.positiveInteger();
    if (tokens < SMALLEST_BUDGET || maxTokens !== undefined && tokens >= maxTokens) {
      const limit = maxTokens === undefined ? '' : ` and below max_completion_tokens (${maxTokens})`;
      throw budget.invalid(`it must be at least ${SMALLEST_BUDGET}${limit}`);
    }
  }
  return { thinking: thinking.object() as unknown as ThinkingConfigParam, thinks: type === 'enabled' || type === 'adaptive' };
}

export interface ClaudeThinking {
  /** `thinking` of the request; absent: the model's own way. */
  readonly thinking?: { readonly type: 'adaptive' | 'disabled' | 'between_tools' } | { readonly type: 'enabled'; readonly budget_tokens: number };
  readonly effort?: 'low' | 'medium' | 'high' | 'xhigh' | 'max';
  /** It was told to think: it then takes no temperature, no top_p below 0.95 and, with a budget, no forced tool. */
  readonly thinks: boolean;
}

/** `reasoning_effort` (`value`) in Claude's words, for a model that thinks. */
export function claudeThinking(value: RequestValue, asked: Effort, traits: ClaudeTraits, maxTokens: number | undefined, losses: Losses): ClaudeThinking {
  if (asked === 'none') {
    return withoutThinking(value, traits, losses);
  }
  if (traits.thinking === 'budget') {
    return { thinking: { type: 'enabled', budget_tokens: thinkingBudget(value, asked, maxTokens) }, thinks: true };
  }
  return { thinking: { type: 'adaptive' }, effort: knownEffort(value, asked, traits.efforts, losses) as ClaudeThinking['effort'], thinks: true };
}

/** The effort itself where the model knows it, or else the next lower one, or else its lowest. */
export function knownEffort(value: RequestValue, asked: Effort, efforts: readonly Effort[], losses: Losses): Effort {
  const nearest = nearestEffort(asked, efforts) ?? asked;
  if (nearest !== asked) {
    losses.changed(value.path, `this model knows ${efforts.join(', ')}`);
  }
  return nearest;
}

function withoutThinking(value: RequestValue, traits: ClaudeTraits, losses: Losses): ClaudeThinking {
  switch (traits.withoutThinking) {
    case 'omitted':
      return { thinks: false };
    case 'never':
      return { effort: knownEffort(value, 'none', traits.efforts, losses) as ClaudeThinking['effort'], thinks: false };
    default:
      return { thinking: { type: traits.withoutThinking }, thinks: false };
  }
}

function thinkingBudget(value: RequestValue, asked: Exclude<Effort, 'none'>, maxTokens: number | undefined): number {
  if (maxTokens !== undefined && maxTokens <= SMALLEST_BUDGET) {
    throw value.invalid(`this model needs at least ${SMALLEST_BUDGET} tokens to reason, so max_completion_tokens must be above that; raise it, or leave this out`);
  }
  const room = maxTokens === undefined ? Infinity : Math.max(SMALLEST_BUDGET, Math.floor(maxTokens * LARGEST_SHARE));
  return Math.min(BUDGETS[asked], room);
}
