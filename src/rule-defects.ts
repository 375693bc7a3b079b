import { ILlmBackend } from './llm-backend';
import { LlmRuleOptions } from './llm-rule';
import { compileAtSynth } from './regular-expression';
import { LLM_ROUTE_SPEC } from './resources/crd/llm-route-schema';
import { milliseconds } from './resources/duration';
import { HTTPRoute } from './resources/gateway-api';
import { Failover, LLMRouteRule, ModelMatcher } from './resources/llm-route';
import { InputSchemaName } from './resources/schema-name';
import { validate } from './resources/validate';
import { RouteTimeouts } from './route-options';
import { DEFAULT_REQUEST_TIMEOUT } from './route-policies';
import { expressionDefects, unreachableModels, unreachableRules, unusedTargets, zeroWeightRules } from './routing/rule-checks';
import { FailoverManifest, RuleManifest } from './rule-manifest';
import { supportedOutputs } from './translate/registry';

/** `rule 2` or `rule 2 (llama)`, counted from 1. */
export function ruleTitle(index: number, name?: string): string {
  return `rule ${index + 1}${name === undefined ? '' : ` (${name})`}`;
}

/** What the CRD's schema says against a rule, in the words of `LlmRuleOptions`. */
export function ruleSchemaDefects(rule: RuleManifest): string[] {
  const schema = LLM_ROUTE_SPEC.properties?.rules.items;
  const defects: string[] = [];
  if (schema !== undefined) {
    validate(rule, schema, '', (path, message) => { defects.push(`${path.replace(/^\./, '').replace(/^backendRefs/, 'targets')} ${message}`); });
  }
  return defects;
}

/** What is wrong with the last of these rules: it alone, and together with those before it. Each has passed `ruleSchemaDefects`. */
export function lastRuleDefects(rules: readonly RuleManifest[]): string[] {
  const last = rules.length - 1;
  const filled = rules.map(withDefaults);
  const defects: string[] = [];
  const { name, backendRefs } = filled[last];
  const namesake = filled.findIndex((rule) => rule.name !== undefined && rule.name === name);
  if (namesake < last && namesake >= 0) defects.push(`name ${JSON.stringify(name)} is taken by rule ${namesake + 1}; rule names must be unique`);
  backendRefs.forEach((target, place) => {
    const twin = backendRefs.findIndex((other) => other.name === target.name && other.namespace === target.namespace && other.model === target.model);
    if (twin < place) defects.push(`targets[${place}] repeats targets[${twin}]; give one of the two the whole weight`);
  });
  if (zeroWeightRules([filled[last]]).length > 0) defects.push('the weights of its targets sum to 0; at least one must be above 0');
  for (const { path, message } of expressionDefects([filled[last]], compileAtSynth)) defects.push(`${path.replace('spec.rules[0].', '')} ${message}`);
  for (const { target } of unusedTargets([filled[last]])) {
    defects.push(`targets[${target}] is never used: its priority is behind that of another target; give both the same priority and say the shares by weight, give the rule failover, or remove it`);
  }
  const unreachable = unreachableRules(filled, compileAtSynth, last).at(0);
  if (unreachable !== undefined) {
    const earlier = unreachable.coveredBy.map((index) => ruleTitle(index, filled[index].name)).join(' and ');
    defects.push(`can never be reached: ${earlier} ${unreachable.coveredBy.length > 1 ? 'take' : 'takes'} every request that it matches; add it before, or remove it`);
    return defects;
  }
  for (const { model, coveredBy } of unreachableModels(filled, compileAtSynth, last)) {
    defects.push(`models[${model}] (${modelText(filled[last].models![model])}) never gets here: ${ruleTitle(coveredBy, filled[coveredBy].name)} takes it; remove it here or there`);
  }
  return defects;
}

/** Why a rule's failover can never do what it says. The rule has passed `ruleSchemaDefects`. */
export function failoverDefects(rule: RuleManifest, timeouts: RouteTimeouts): string[] {
  const { failover, backendRefs } = withDefaults(rule);
  if (failover === undefined) return [];
  const targets = backendRefs.filter(({ weight }) => weight > 0).length;
  return [
    ...(targets < 2 ? ['failover needs a second target with a weight above 0; add one, or leave failover out'] : []),
    ...timingDefects(failover, targets, timeouts),
  ];
}

/** The same for the failover of a route without rules, whose HTTPRoute (where it is known) has the targets. */
export function routeFailoverDefects(manifest: FailoverManifest, timeouts: RouteTimeouts, httpRoute: HTTPRoute | undefined): string[] {
  const schema = LLM_ROUTE_SPEC.properties?.failover;
  const defects: string[] = [];
  const failover = (schema === undefined ? manifest : validate(manifest, schema, 'failover', (path, message) => { defects.push(`${path} ${message}`); })) as Failover;
  if (defects.length > 0) return defects;
  const targets = httpRoute?.spec.rules?.map(({ backendRefs }) => (backendRefs ?? []).filter(({ weight = 1 }) => weight > 0).length);
  const most = targets === undefined ? failover.attempts : Math.max(0, ...targets);
  if (most < 2) defects.push(`failover needs a rule of HTTPRoute ${httpRoute?.metadata.name} with two backendRefs of a weight above 0; add one, or leave failover out`);
  return [...defects, ...timingDefects(failover, most, timeouts)];
}

function timingDefects(failover: Failover, targets: number, { request, firstByte }: RouteTimeouts): string[] {
  const defects: string[] = [];
  if (failover.retryOn.triggers.length + failover.retryOn.httpStatusCodes.length === 0) {
    defects.push('failover.retryOn needs a trigger or a status; with neither, failover never happens');
  }
  if (failover.perAttemptTimeout === undefined) return defects;
  const attempts = Math.min(failover.attempts, targets);
  const whole = (request ?? DEFAULT_REQUEST_TIMEOUT).toMilliseconds();
  const each = milliseconds(failover.perAttemptTimeout);
  if (each === 0) defects.push('failover.perAttemptTimeout must be above 0; leave it out to wait as long as the whole request may take');
  if (each * attempts > whole) {
    defects.push(`failover.perAttemptTimeout ${failover.perAttemptTimeout} for ${attempts} attempts is longer than the ${whole / 1_000} s that a request may take; `
      + 'shorten it, lower failover.attempts, or raise timeouts.request of the route');
  }
  if (firstByte !== undefined) defects.push('failover.perAttemptTimeout and timeouts.firstByte of the route both bound the first attempt; give one of the two');
  return defects;
}

/** Backends whose dialect nothing of ours translates to, by their place in the list. */
export function untranslatableBackends(backends: readonly ILlmBackend[], input: InputSchemaName): Array<{ readonly place: number; readonly message: string }> {
  const supported = supportedOutputs(input);
  return backends.flatMap((backend, place) => (supported.includes(backend.schema) ? [] : [{
    place,
    message: `${titleOf(backend)}, which speaks ${backend.schema}; requests of ${input} clients are translated to ${supported.join(', ')}; use a backend that speaks one of these`,
  }]));
}

/** Path of a backend's construct. */
export function titleOf(backend: ILlmBackend): string {
  return backend.node.path;
}

/** Which models a rule takes, in words. */
export function modelsText({ models }: LlmRuleOptions): string {
  return models === undefined ? 'every model' : models.map((model) => modelText(model._toKube())).join(', ');
}

function modelText({ type, value }: Pick<ModelMatcher, 'type' | 'value'>): string {
  return type === 'Prefix' ? `"${value}*"` : type === 'Exact' ? `"${value}"` : `models like /${value}/`;
}

function withDefaults(rule: RuleManifest): LLMRouteRule {
  const schema = LLM_ROUTE_SPEC.properties?.rules.items;
  return (schema === undefined ? rule : validate(rule, schema, '', () => undefined)) as LLMRouteRule;
}
