import { Choice, RuleShares, Target } from './configuration';
import { UnsupportedParameters } from '../resources/llm-route';
import { shares, Weighted, weightedChoice } from '../routing/weighted-choice';

/** A target with its weight and priority. */
export interface WeightedTarget extends Weighted {
  readonly target: Target;
}

/** One rule's targets, compiled: choosing allocates nothing. */
export interface RuleChoices {
  /** `undefined`: no target has a weight above 0. */
  choose(random: number): Choice | undefined;
  readonly shares: RuleShares;
}

export function compileRuleChoices(rule: string, unsupportedParameters: UnsupportedParameters, targets: readonly WeightedTarget[]): RuleChoices {
  const choices = targets.map((item) => ({ weight: item.weight, priority: item.priority, choice: { rule, unsupportedParameters, target: item.target } }));
  const pick = weightedChoice(choices);
  return {
    choose: (random) => pick?.(random).choice,
    shares: { rule, unsupportedParameters, targets: shares(targets).map(({ item, share }) => ({ target: item.target, share })) },
  };
}
