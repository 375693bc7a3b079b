import { LlmRuleOptions } from './llm-rule';
import { LLMRouteRule } from './resources/llm-route';

/** A rule as in the manifest, where defaults are left out. */
export type RuleManifest = Partial<Omit<LLMRouteRule, 'backendRefs'>> & { readonly backendRefs: ReadonlyArray<Partial<LLMRouteRule['backendRefs'][number]>> };

/** One entry of `LLMRoute.spec.rules`. */
export function ruleManifest(rule: LlmRuleOptions, routeNamespace: string): RuleManifest {
  return {
    name: rule.name,
    models: rule.models?.map((model) => model._toKube()),
    headers: rule.headers?.map((header) => header._toKube()),
    backendRefs: rule.targets.map(({ backend, weight, priority, model }) => ({
      name: backend.name,
      namespace: backend.namespace === routeNamespace ? undefined : backend.namespace,
      weight,
      priority,
      model,
    })),
    unsupportedParameters: rule.unsupportedParameters,
  };
}
