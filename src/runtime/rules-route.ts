import { BackendConfiguration, Choice, FailoverRule, RoutingRequest, RuleShares, Target } from './configuration';
import { ConfiguredRoute } from './configured-route';
import { LimitKeys } from './limit-keys';
import { listModels } from './listed-models';
import { isGranted } from './reference-grants';
import { compileRuleChoices, ruleName, WeightedTarget } from './rule-choices';
import { translationDefect } from './translation-defect';
import { ReportProblem } from './upstream-endpoint';
import { milliseconds } from '../resources/duration';
import { Failover, LLMBackendReference, LLMRoute, LLMRouteRule } from '../resources/llm-route';
import { API_GROUP, objectKey, ObjectKey } from '../resources/object-meta';
import { ResourceSet } from '../resources/resource-set';
import { RegexCompiler } from '../routing/http-route';
import { RuleTable } from '../routing/rule-table';
import { activeTargets, WeightedChoice } from '../routing/weighted-choice';
import { ListedModel } from '../translate/input-dialect';

/** What compiling a route needs to know of the rest. */
export interface RouteSurroundings {
  readonly resources: ResourceSet;
  readonly backends: ReadonlyMap<ObjectKey, BackendConfiguration>;
  readonly compile: RegexCompiler;
  readonly report: ReportProblem;
}

/** A route that has rules of its own. */
export class RulesRoute extends ConfiguredRoute {
  readonly models: readonly ListedModel[];
  private readonly table: RuleTable<WeightedChoice<Choice> | undefined>;
  /** By the rule's place. */
  private readonly ruleShares: readonly RuleShares[];

  constructor(resource: LLMRoute, limitKeys: LimitKeys | undefined, rules: readonly LLMRouteRule[], surroundings: RouteSurroundings) {
    super(resource, limitKeys);
    const choices = rules.map((rule, index) => compileRuleChoices(ruleName(rule.name, index), rule.unsupportedParameters, rule.backendRefs.map(
      (reference, place): WeightedTarget => ({
        weight: reference.weight, priority: reference.priority, target: resolveTarget(resource, reference, `spec.rules[${index}].backendRefs[${place}]`, surroundings),
      }),
    ), failoverOf(rule.failover, resource), rule));
    this.table = new RuleTable(rules, surroundings.compile, choices.map(({ choice }) => choice));
    this.ruleShares = choices.map(({ shares }) => shares);
    this.models = listModels(resource, rules.flatMap((rule) => (rule.models ?? []).flatMap((model) => (model.type === 'Exact'
      ? [[model.value, activeTargets(rule.backendRefs)[0]?.name ?? ''] as const] : []))));
  }

  listsModel(model: string): boolean {
    return this.table.names(model);
  }

  choose(model: string, request: RoutingRequest, random: number): Choice | undefined {
    return this.table.find(model, request)?.value?.pick(random);
  }

  shares(model: string, request: RoutingRequest): RuleShares | undefined {
    const rule = this.table.find(model, request);
    return rule && this.ruleShares[rule.index];
  }
}

/** What `0s` means in Gateway API; the longest that a timer takes, 24 days. */
const NO_TIMEOUT = 2 ** 31 - 1;

/** What a rule of this route does when an attempt fails. */
export function failoverOf(failover: Failover | undefined, { spec: { timeouts } }: LLMRoute): Omit<FailoverRule, 'choices'> | undefined {
  if (failover === undefined) return undefined;
  const { attempts, perAttemptTimeout, retryOn } = failover;
  return {
    attempts,
    retryOn,
    ...(perAttemptTimeout === undefined ? {} : { perAttemptTimeout: milliseconds(perAttemptTimeout) }),
    ...(timeouts?.request === undefined ? {} : { requestTimeout: milliseconds(timeouts.request) || NO_TIMEOUT }),
  };
}

function resolveTarget(route: LLMRoute, reference: LLMBackendReference, path: string, surroundings: RouteSurroundings): Target {
  const namespace = reference.namespace ?? route.metadata.namespace;
  const key = objectKey(namespace, reference.name);
  const { model } = reference;
  const missing: Target = { key, model, backend: undefined };
  const backend = surroundings.backends.get(key);
  const object = `LLMRoute ${objectKey(route.metadata.namespace, route.metadata.name)}`;
  const share = 'requests that fall to it are answered with an error until then';
  if (!mayUseBackend(route, key, surroundings.resources)) {
    surroundings.report(object, path, `no ReferenceGrant in namespace ${namespace} lets LLMRoutes of namespace ${route.metadata.namespace} `
      + `use LLMBackend ${reference.name}; create one (from: group ${API_GROUP}, kind LLMRoute; to: group ${API_GROUP}, kind LLMBackend); ${share}`);
    return missing;
  }
  if (backend === undefined) {
    surroundings.report(object, path, `there is no usable LLMBackend ${key}; create or mend it, or name another; ${share}`);
    return missing;
  }
  const defect = translationDefect(route, backend.resource);
  if (defect !== undefined) surroundings.report(object, path, defect);
  return targetOf(backend, model);
}

const TARGETS = new WeakMap<BackendConfiguration, Target>();

/** Targets without a model of their own are one object for each backend. */
export function targetOf(backend: BackendConfiguration, model?: string): Target {
  if (model !== undefined) return { key: backend.key, model, backend };
  let target = TARGETS.get(backend);
  if (target === undefined) {
    target = { key: backend.key, model, backend };
    TARGETS.set(backend, target);
  }
  return target;
}

/** Whether the route may use this LLMBackend, and with it the credential there. */
export function mayUseBackend(route: LLMRoute, backend: ObjectKey, resources: ResourceSet): boolean {
  const [namespace, name] = backend.split('/');
  return isGranted(resources.referenceGrants.values(),
    { group: API_GROUP, kind: 'LLMRoute', namespace: route.metadata.namespace }, { group: API_GROUP, kind: 'LLMBackend', namespace, name });
}
