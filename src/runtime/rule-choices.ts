import { Choice, FailoverChoice, FailoverRule, RuleShares, Target } from './configuration';
import { requestEdits } from './request-edits';
import { LLMRouteRule, UnsupportedParameters } from '../resources/llm-route';
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

export function compileRuleChoices(
  rule: string, unsupportedParameters: UnsupportedParameters, targets: readonly WeightedTarget[], failover?: Omit<FailoverRule, 'choices'>,
  edits: Pick<LLMRouteRule, 'requestHeaders' | 'requestBody'> = {},
): RuleChoices {
  const items: FailoverChoice[] = [];
  const failoverRule = failover && { ...failover, choices: items };
  for (const { weight, priority, target } of targets) {
    const choice = {
      rule,
      unsupportedParameters,
      target,
      edits: requestEdits(edits, target.backend?.resource.spec),
      ...(failoverRule === undefined ? {} : { failover: failoverRule }),
    };
    items.push({ weight, priority, choice, id: `${target.key} ${target.model ?? ''}` });
  }
  const pick = weightedChoice(items);
  return {
    choose: (random) => pick?.(random).choice,
    shares: {
      rule,
      unsupportedParameters,
      targets: shares(targets).map(({ item, share }) => ({ target: item.target, share })),
      ...(failoverRule === undefined ? {} : { failover: failoverRule }),
    },
  };
}
