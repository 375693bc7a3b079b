import { FailoverOptions } from './failover';
import { gatewayDuration } from './gateway-duration';
import { LlmRuleOptions } from './llm-rule';
import { bodyEditsManifest, headerEditsManifest } from './request-edit-manifest';
import { Failover, LLMRouteRule } from './resources/llm-route';

/** A rule as in the manifest, where defaults are left out. */
export type RuleManifest = Partial<Omit<LLMRouteRule, 'backendRefs' | 'failover'>> & {
  readonly backendRefs: ReadonlyArray<Partial<LLMRouteRule['backendRefs'][number]>>;
  readonly failover?: FailoverManifest;
};

/** A failover as in the manifest, where defaults are left out. */
export type FailoverManifest = Partial<Omit<Failover, 'retryOn'>> & { readonly retryOn?: Partial<Failover['retryOn']> };

/** `failover` of a rule, or of a route without rules. */
export function failoverManifest({ attempts, perAttemptTimeout, retryOn }: FailoverOptions): FailoverManifest {
  return {
    attempts,
    perAttemptTimeout: perAttemptTimeout && gatewayDuration(perAttemptTimeout),
    retryOn: retryOn && { triggers: retryOn.triggers, httpStatusCodes: retryOn.httpStatusCodes },
  };
}

/** One entry of `LLMRoute.spec.rules`. */
export function ruleManifest(rule: LlmRuleOptions, routeNamespace: string): RuleManifest {
  return {
    name: rule.name,
    models: rule.models?.map((model) => model._toKube()),
    headers: rule.headers?.map((header) => header._toKube()),
    requestHeaders: rule.requestHeaders && headerEditsManifest(rule.requestHeaders),
    requestBody: rule.requestBody && bodyEditsManifest(rule.requestBody),
    backendRefs: rule.targets.map(({ backend, weight, priority, model }) => ({
      name: backend.name,
      namespace: backend.namespace === routeNamespace ? undefined : backend.namespace,
      weight,
      priority,
      model,
    })),
    failover: rule.failover && failoverManifest(rule.failover),
    unsupportedParameters: rule.unsupportedParameters,
  };
}
