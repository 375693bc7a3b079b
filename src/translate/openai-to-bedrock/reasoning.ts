import { ModelTraits } from './model-traits';
import { claudeThinking, givenThinking, knownEffort } from '../catalog/claude-thinking';
import { Effort, EFFORTS } from '../openai/reasoning-effort';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

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

/**
 * `reasoning_effort`, or Anthropic's own `thinking`, with which Claude takes an effort, too. `continues`: the model is in the middle of a turn of tool calls
 * that began without reasoning.
 */
export function reasoningRequest(request: RequestValue, traits: ModelTraits, maxTokens: number | undefined, continues: boolean, losses: Losses): Reasoning {
  const value = request.member('reasoning_effort');
  const asked = value.present ? value.oneOf(EFFORTS) : undefined;
  const given = request.member('thinking');
  if (given.present && traits.reasoning === 'claude') {
    const { thinking, thinks } = givenThinking(given, maxTokens);
    return { ...NONE, thinking: thinks, additionalFields: { thinking }, ...effortBeside(value, asked, traits, losses) };
  }
  if (given.present) {
    losses.advisory(given.path, 'only models of Claude that think take it');
  }
  if (asked === undefined) {
    return NONE;
  }
  if (traits.reasoning === 'claude' && traits.claude) {
    if (asked !== 'none' && traits.claude.thinking === 'budget' && continues) {
      losses.advisory(value.path, 'this model does not reason after tool calls whose message came back without its reasoning_details');
      return NONE;
    }
    const { thinking, effort, thinks } = claudeThinking(value, asked, traits.claude, maxTokens, losses);
    return { ...NONE, thinking: thinks, additionalFields: thinking ? { thinking } : {}, ...effort && { effort } };
  }
  switch (traits.reasoning) {
    case 'reasoningConfig':
      return asked === 'none' ? NONE : novaReasoning(value, knownEffort(value, asked, traits.efforts, losses), maxTokens, losses);
    case 'reasoningEffort':
      return { ...NONE, additionalFields: { reasoning_effort: knownEffort(value, asked, traits.efforts, losses) } };
    default:
      if (asked !== 'none') {
        losses.advisory(value.path, 'this model cannot be told how much to reason');
      }
      return NONE;
  }
}

function effortBeside(value: RequestValue, asked: Effort | undefined, { efforts }: ModelTraits, losses: Losses): { readonly effort?: string } {
  if (asked === undefined || asked === 'none') {
    return {};
  }
  if (efforts.length === 0) {
    losses.advisory(value.path, 'this model takes no effort beside thinking');
    return {};
  }
  return { effort: knownEffort(value, asked, efforts, losses) };
}

function novaReasoning(value: RequestValue, effort: Effort, maxTokens: number | undefined, losses: Losses): Reasoning {
  let maxReasoningEffort = effort;
  if (effort === 'high' && maxTokens !== undefined) {
    losses.changed(value.path, 'this model takes no token limit at effort high, so it reasons at medium');
    maxReasoningEffort = 'medium';
  }
  return { ...NONE, additionalFields: { reasoningConfig: { type: 'enabled', maxReasoningEffort } }, withoutLimits: maxReasoningEffort === 'high' };
}
