import { Choice, FailoverChoice, FailoverRule, RuleShares, Target } from './configuration';
import { requestEdits } from './request-edits';
import { LLMRouteRule, UnsupportedParameters } from '../resources/llm-route';
import { shares, Weighted, WeightedChoice, weightedChoiceOf } from '../routing/weighted-choice';

/** A target with its weight and priority. */
export interface WeightedTarget extends Weighted {
  readonly target: Target;
}

/** One rule's targets, compiled. */
export interface RuleChoices {
  /** `undefined`: no target has a weight above 0. */
  readonly choice: WeightedChoice<Choice> | undefined;
  readonly shares: RuleShares;
}

export function compileRuleChoices(
  rule: string, unsupportedParameters: UnsupportedParameters, targets: readonly WeightedTarget[], failover?: Omit<FailoverRule, 'choices'>,
  edits: Pick<LLMRouteRule, 'requestHeaders' | 'requestBody'> = {},
): RuleChoices {
  const items: FailoverChoice[] = [];
  const failoverRule = failover && { ...failover, choices: items };
  for (const { weight, priority, target } of targets) {
    const choice: Choice = { rule, unsupportedParameters, target, edits: requestEdits(edits, target.backend?.resource.spec), failover: failoverRule };
    items.push({ weight, priority, choice, id: `${target.key} ${target.model ?? ''}` });
  }
  return {
    choice: weightedChoiceOf(items, ({ choice }) => choice),
    shares: {
      rule,
      unsupportedParameters,
      targets: shares(targets).map(({ item, share }) => ({ target: item.target, share })),
      ...(failoverRule === undefined ? {} : { failover: failoverRule }),
    },
  };
}

const NUMBERED: string[] = [];

/** What logs and metadata call a rule: rules without a name in thousands of routes share a few texts. */
export function ruleName(name: string | undefined, index: number): string {
  return name ?? (NUMBERED[index] ??= `rule/${index}`);
}
