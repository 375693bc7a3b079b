import { Effort, ModelTraits } from './model-traits';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

const EFFORTS: readonly Effort[] = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** Claude's smallest budget, https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html */
const SMALLEST_BUDGET = 1024;
/** Tokens of thinking; a request's own token limit may make it less. */
const BUDGETS: Readonly<Record<Effort, number>> = { minimal: SMALLEST_BUDGET, low: 2048, medium: 8192, high: 16_384, xhigh: 24_576, max: 32_000 };
/** Of the token limit, so that something is left for the answer. */
const LARGEST_SHARE = 0.8;

/** How the model is told to reason. */
export interface Reasoning {
  readonly additionalFields: Readonly<Record<string, unknown>>;
  /** `outputConfig.effort`. */
  readonly effort?: string;
  /** Claude thinks: it then takes no temperature, no top_p below 0.95 and no forced tool. */
  readonly thinking: boolean;
  /** Nova 2 at its highest effort takes no temperature, top_p and token limit. */
  readonly withoutLimits: boolean;
}

const NONE: Reasoning = { additionalFields: {}, thinking: false, withoutLimits: false };

export function reasoningRequest(value: RequestValue, traits: ModelTraits, maxTokens: number | undefined, losses: Losses): Reasoning {
  const asked = value.present ? value.oneOf(['none', ...EFFORTS]) : undefined;
  if (asked === undefined) {
    return NONE;
  }
  switch (traits.reasoning) {
    case 'none':
      if (asked !== 'none') {
        losses.advisory(value.path, 'this model cannot be told how much to reason');
      }
      return NONE;
    case 'budget':
      return asked === 'none' ? NONE : withBudget(value, asked, maxTokens);
    case 'adaptive':
      return asked === 'none' ? NONE : { ...NONE, thinking: true, effort: known(value, asked, traits, losses), additionalFields: { thinking: { type: 'adaptive' } } };
    case 'reasoningConfig':
      return asked === 'none' ? NONE : novaReasoning(value, known(value, asked, traits, losses), maxTokens, losses);
    case 'reasoningEffort':
      return { ...NONE, additionalFields: { reasoning_effort: known(value, asked, traits, losses) } };
  }
}

function withBudget(value: RequestValue, asked: Effort, maxTokens: number | undefined): Reasoning {
  if (maxTokens !== undefined && maxTokens <= SMALLEST_BUDGET) {
    throw value.invalid(`this model needs at least ${SMALLEST_BUDGET} tokens to reason, so max_completion_tokens must be above that; raise it, or leave this out`);
  }
  const room = maxTokens === undefined ? Infinity : Math.max(SMALLEST_BUDGET, Math.floor(maxTokens * LARGEST_SHARE));
  return { ...NONE, thinking: true, additionalFields: { thinking: { type: 'enabled', budget_tokens: Math.min(BUDGETS[asked], room) } } };
}

function novaReasoning(value: RequestValue, effort: Effort, maxTokens: number | undefined, losses: Losses): Reasoning {
  let maxReasoningEffort = effort;
  if (effort === 'high' && maxTokens !== undefined) {
    losses.changed(value.path, 'this model takes no token limit at effort high, so it reasons at medium');
    maxReasoningEffort = 'medium';
  }
  return { ...NONE, additionalFields: { reasoningConfig: { type: 'enabled', maxReasoningEffort } }, withoutLimits: maxReasoningEffort === 'high' };
}

/** The effort itself where the model knows it, or else the next lower one, or else its lowest. */
function known(value: RequestValue, asked: Effort | 'none', { efforts }: ModelTraits, losses: Losses): Effort {
  const rank = EFFORTS.indexOf(asked as Effort);
  const nearest = efforts.filter((effort) => EFFORTS.indexOf(effort) <= rank).at(-1) ?? efforts[0];
  if (nearest !== asked) {
    losses.changed(value.path, `this model knows ${efforts.join(', ')}`);
  }
  return nearest;
}
