import { BackendConfiguration, FailoverRule, ModelRouting, Target } from './configuration';
import { listModels } from './listed-models';
import { isGranted } from './reference-grants';
import { compileRuleChoices, WeightedTarget } from './rule-choices';
import { translationDefect } from './translation-defect';
import { ReportProblem } from './upstream-endpoint';
import { milliseconds } from '../resources/duration';
import { Failover, LLMBackendReference, LLMRoute, LLMRouteRule } from '../resources/llm-route';
import { API_GROUP, objectKey, ObjectKey } from '../resources/object-meta';
import { ResourceSet } from '../resources/resource-set';
import { RegexCompiler } from '../routing/http-route';
import { compileModelAccess } from '../routing/model-access';
import { RuleTable } from '../routing/rule-table';
import { activeTargets } from '../routing/weighted-choice';

/** What compiling a route needs to know of the rest. */
export interface RouteSurroundings {
  readonly resources: ResourceSet;
  readonly backends: ReadonlyMap<ObjectKey, BackendConfiguration>;
  readonly compile: RegexCompiler;
  readonly report: ReportProblem;
}

/** A route that has rules of its own. */
export function rulesRoute(resource: LLMRoute, rules: readonly LLMRouteRule[], surroundings: RouteSurroundings): ModelRouting {
  const key = objectKey(resource.metadata.namespace, resource.metadata.name);
  const table = new RuleTable(rules, surroundings.compile);
  const choices = rules.map((rule, index) => compileRuleChoices(rule.name ?? `rule/${index}`, rule.unsupportedParameters, rule.backendRefs.map(
    (reference, place): WeightedTarget => ({
      weight: reference.weight, priority: reference.priority, target: resolveTarget(resource, reference, `spec.rules[${index}].backendRefs[${place}]`, surroundings),
    }),
  ), failoverOf(rule.failover, resource), rule));
  return {
    key,
    resource,
    access: compileModelAccess(resource.spec.modelAccess),
    ...listModels(resource, rules.flatMap((rule) => (rule.models ?? []).flatMap((model) => (model.type === 'Exact'
      ? [[model.value, activeTargets(rule.backendRefs)[0]?.name ?? ''] as const] : [])))),
    choose(model, request, random) {
      const match = table.choose(model, (name) => request.header(name));
      return match && choices[match.index].choose(random);
    },
    shares(model, request) {
      const match = table.choose(model, (name) => request.header(name));
      return match && choices[match.index].shares;
    },
  };
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
  const target = { key, ...(reference.model === undefined ? {} : { model: reference.model }) };
  const backend = surroundings.backends.get(key);
  const object = `LLMRoute ${objectKey(route.metadata.namespace, route.metadata.name)}`;
  const share = 'requests that fall to it are answered with an error until then';
  if (!mayUseBackend(route, key, surroundings.resources)) {
    surroundings.report(object, path, `no ReferenceGrant in namespace ${namespace} lets LLMRoutes of namespace ${route.metadata.namespace} `
      + `use LLMBackend ${reference.name}; create one (from: group ${API_GROUP}, kind LLMRoute; to: group ${API_GROUP}, kind LLMBackend); ${share}`);
    return target;
  }
  if (backend === undefined) {
    surroundings.report(object, path, `there is no usable LLMBackend ${key}; create or mend it, or name another; ${share}`);
    return target;
  }
  const defect = translationDefect(route, backend.resource);
  if (defect !== undefined) surroundings.report(object, path, defect);
  return { ...target, backend };
}

/** Whether the route may use this LLMBackend, and with it the credential there. */
export function mayUseBackend(route: LLMRoute, backend: ObjectKey, resources: ResourceSet): boolean {
  const [namespace, name] = backend.split('/');
  return isGranted(resources.referenceGrants.values(),
    { group: API_GROUP, kind: 'LLMRoute', namespace: route.metadata.namespace }, { group: API_GROUP, kind: 'LLMBackend', namespace, name });
}
