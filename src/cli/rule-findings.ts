import { LLMBackend } from '../resources/llm-backend';
import { LLMBackendReference, LLMRoute, LLMRouteRule } from '../resources/llm-route';
import { objectKey } from '../resources/object-meta';
import { Problem } from '../resources/problem';
import { ResourceSet } from '../resources/resource-set';
import { Finding } from '../routing/finding';
import { expressionDefects, unreachableModels, unreachableRules, unusedTargets } from '../routing/rule-checks';
import { sentModels } from '../routing/sent-models';
import { compileRe2 } from '../runtime/re2';
import { resolveEndpoint } from '../runtime/upstream-endpoint';
import { refusedEdits } from '../translate/refused-edits';
import { targetModelDefect } from '../translate/target-model-defect';

/** What the rules of LLMRoutes say that never works. */
export interface RuleFindings {
  /** The gateway leaves the route out. */
  readonly problems: readonly Problem[];
  /** The gateway takes it as it is. */
  readonly warnings: readonly Problem[];
}

/** `sourceOf`: where an object is written. */
export function ruleFindings(resources: ResourceSet, sourceOf: (object: string) => string): RuleFindings {
  const routes = [...resources.llmRoutes.values()];
  const located = (find: (route: LLMRoute, rules: readonly LLMRouteRule[]) => readonly Finding[]) => routes.flatMap((route) => {
    const object = `LLMRoute ${objectKey(route.metadata.namespace, route.metadata.name)}`;
    return find(route, route.spec.rules ?? []).map((finding) => ({ source: sourceOf(object), object, ...finding }));
  });
  return {
    problems: located((_, rules) => expressionDefects(rules, compileRe2)),
    warnings: located((route, rules) => [...unreached(rules), ...unused(rules), ...misfits(route, rules, resources), ...refusals(route, rules, resources)]),
  };
}

function unreached(rules: readonly LLMRouteRule[]): Finding[] {
  const title = (index: number) => `spec.rules[${index}]${rules[index].name === undefined ? '' : ` (${rules[index].name})`}`;
  const whole = unreachableRules(rules, compileRe2);
  const dead = new Set(whole.map(({ index }) => index));
  return [
    ...whole.map(({ index, coveredBy }) => ({
      path: `spec.rules[${index}]`,
      message: `can never be reached: ${coveredBy.map(title).join(' and ')} ${coveredBy.length > 1 ? 'take' : 'takes'} every request that it matches; move it before, or remove it`,
    })),
    ...unreachableModels(rules, compileRe2).filter(({ rule }) => !dead.has(rule)).map(({ rule, model, coveredBy }) => ({
      path: `spec.rules[${rule}].models[${model}]`,
      message: `${JSON.stringify(rules[rule].models?.[model].value)} never gets here: ${title(coveredBy)} takes it; remove it here or there`,
    })),
  ];
}

function unused(rules: readonly LLMRouteRule[]): Finding[] {
  return unusedTargets(rules).map(({ rule, target }) => ({
    path: `spec.rules[${rule}].backendRefs[${target}]`,
    message: 'is never used: its priority is behind that of another; give both the same priority, give the rule failover, or remove it',
  }));
}

/** Models sent where they can never answer. */
function misfits(route: LLMRoute, rules: readonly LLMRouteRule[], resources: ResourceSet): Finding[] {
  return rules.flatMap((rule, index) => rule.backendRefs.flatMap((reference, place) => {
    const backend = backendOf(route, reference, resources);
    if (backend === undefined) return [];
    const { outputSchema: { schema: output }, models = [] } = backend.spec;
    const host = hostOf(backend, resources);
    return sentModels(rule, reference).flatMap(({ name, beginning }) => {
      const entry = models.find((model) => model.name === name);
      const defect = targetModelDefect({
        input: route.spec.inputSchema.schema, output, model: name, beginning, ...host !== undefined && { host }, ...entry && { entry },
      });
      return defect === undefined ? [] : [{ path: `spec.rules[${index}].backendRefs[${place}]`, message: `sends ${JSON.stringify(beginning ? `${name}*` : name)} to LLMBackend ${reference.name}: ${defect}` }];
    });
  }));
}

/** Fields that a rule sets and that one of its targets refuses. */
function refusals(route: LLMRoute, rules: readonly LLMRouteRule[], resources: ResourceSet): Finding[] {
  return rules.flatMap((rule, index) => rule.backendRefs.flatMap((reference) => {
    const backend = backendOf(route, reference, resources);
    if (backend === undefined) return [];
    return refusedEdits(backend.spec.outputSchema.schema, hostOf(backend, resources), rule.requestBody)
      .map(({ place, message }) => ({ path: `spec.rules[${index}].requestBody.set[${place}]`, message: `${message} (LLMBackend ${reference.name})` }));
  }));
}

function backendOf(route: LLMRoute, { namespace, name }: LLMBackendReference, resources: ResourceSet): LLMBackend | undefined {
  return resources.llmBackends.get(objectKey(namespace ?? route.metadata.namespace, name));
}

function hostOf(backend: LLMBackend, resources: ResourceSet): string | undefined {
  const origin = resolveEndpoint(backend, resources, () => undefined)?.origin;
  return origin === undefined ? undefined : new URL(origin).hostname;
}
