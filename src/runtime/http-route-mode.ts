import { BackendConfiguration, Choice, RoutingRequest, RuleShares, Target } from './configuration';
import { ConfiguredRoute } from './configured-route';
import { LimitKeys } from './limit-keys';
import { listModels } from './listed-models';
import { isGranted } from './reference-grants';
import { compileRuleChoices, RuleChoices, ruleName } from './rule-choices';
import { failoverOf, mayUseBackend, RouteSurroundings, targetOf } from './rules-route';
import { translationDefect } from './translation-defect';
import { HTTPBackendRef, HTTPRoute, HTTPRouteRule } from '../resources/gateway-api';
import { LLMRoute } from '../resources/llm-route';
import { objectKey, USER_MODEL_HEADER } from '../resources/object-meta';
import { compileHTTPRoute, HTTPRequestView, HTTPRouteTable } from '../routing/http-route';
import { ListedModel } from '../translate/input-dialect';

/**
 * A route without rules of its own: its HTTPRoute is evaluated with the model as header `x-envoy-ai-gateway-llm-model`, and the LLMBackend is
 * the one whose `backendRef` equals the HTTPBackendRef that was chosen.
 */
export class HTTPRouteModeRoute extends ConfiguredRoute {
  readonly models: readonly ListedModel[];
  private readonly listed: ReadonlySet<string>;
  private readonly table: HTTPRouteTable;
  /** By the place of the HTTPRoute's rule. */
  private readonly choices: readonly RuleChoices[];

  constructor(resource: LLMRoute, limitKeys: LimitKeys | undefined, httpRoute: HTTPRoute | undefined, surroundings: RouteSurroundings) {
    super(resource, limitKeys);
    const rules = httpRoute?.spec.rules ?? [];
    this.table = new HTTPRouteTable(httpRoute === undefined ? [] : [compileHTTPRoute(httpRoute, surroundings.compile)]);
    this.choices = rules.map((rule, index) => compileRule(resource, rule, index, surroundings));
    this.models = listModels(resource, rules.flatMap((rule, index) => exactModels(rule).map(
      (model) => [model, this.choices[index].shares.targets[0]?.target.key.split('/')[1] ?? ''] as const,
    )));
    this.listed = new Set(this.models.map(({ id }) => id));
  }

  listsModel(model: string): boolean {
    return this.listed.has(model);
  }

  choose(model: string, request: RoutingRequest, random: number): Choice | undefined {
    return this.evaluate(model, request)?.choice?.pick(random);
  }

  shares(model: string, request: RoutingRequest): RuleShares | undefined {
    return this.evaluate(model, request)?.shares;
  }

  private evaluate(model: string, request: RoutingRequest): RuleChoices | undefined {
    const result = this.table.evaluate(withModel(request, model));
    return result && this.choices[result.ruleIndex];
  }
}

function withModel(request: RoutingRequest, model: string): HTTPRequestView {
  return {
    method: request.method,
    path: request.path,
    authority: request.authority,
    header: (name) => (name === USER_MODEL_HEADER ? model : request.header(name)),
  };
}

function exactModels(rule: HTTPRouteRule): string[] {
  return (rule.matches ?? []).flatMap((match) => (match.headers ?? [])
    .filter((header) => header.name.toLowerCase() === USER_MODEL_HEADER && (header.type ?? 'Exact') === 'Exact')
    .map((header) => header.value));
}

function compileRule(route: LLMRoute, rule: HTTPRouteRule, index: number, surroundings: RouteSurroundings): RuleChoices {
  const path = `spec.rules[${index}].backendRefs`;
  const targets = (rule.backendRefs ?? []).map((reference, place) => ({
    weight: reference.weight ?? 1, priority: 0, target: resolveTarget(route, reference, `${path}[${place}]`, surroundings),
  }));
  if (!targets.some((target) => target.weight > 0)) {
    surroundings.report(`HTTPRoute ${objectKey(route.metadata.namespace, route.spec.httpRouteRef.name)}`, path,
      'has no backendRef with a weight above 0; requests that it takes are answered as for an unknown model');
  }
  // With one backend there is nothing to fail over to, and nothing to hold answers back for.
  const failover = targets.filter(({ weight }) => weight > 0).length > 1 ? failoverOf(route.spec.failover, route) : undefined;
  return compileRuleChoices(ruleName(rule.name, index), 'Safe', targets, failover);
}

function resolveTarget(route: LLMRoute, reference: HTTPBackendRef, path: string, surroundings: RouteSurroundings): Target {
  const routeNamespace = route.metadata.namespace;
  const { group = '', kind = 'Service', name, namespace = routeNamespace } = reference;
  const object = `HTTPRoute ${objectKey(routeNamespace, route.spec.httpRouteRef.name)}`;
  const share = 'requests that fall to it are answered with an error until then';
  const owners = [...surroundings.backends.values()].filter((backend) => equalsReference(backend, reference, namespace))
    .sort((left, right) => (left.key < right.key ? -1 : 1));
  const [backend] = owners;
  if (backend === undefined) {
    surroundings.report(object, path, `no LLMBackend in namespace ${namespace} has a backendRef that equals this ${kind} ${name}; create one; ${share}`);
    return { key: objectKey(namespace, name) };
  }
  if (owners.length > 1) {
    surroundings.report(object, path, `${owners.map((owner) => `LLMBackend ${owner.key}`).join(' and ')} have a backendRef that equals this ${kind} ${name}; `
      + `${backend.key} is used; keep one, or use LLMRoute rules to name it`);
  }
  const from = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: routeNamespace };
  if (!isGranted(surroundings.resources.referenceGrants.values(), from, { group, kind, namespace, name })) {
    surroundings.report(object, path, `no ReferenceGrant in namespace ${namespace} lets HTTPRoutes of namespace ${routeNamespace} use ${kind} ${name}; create one; ${share}`);
    return { key: backend.key };
  }
  // The HTTPRoute's grant is for the address alone; the credential is the LLMBackend's.
  if (!mayUseBackend(route, backend.key, surroundings.resources)) {
    surroundings.report(object, path, `no ReferenceGrant in namespace ${namespace} lets LLMRoutes of namespace ${routeNamespace} use LLMBackend ${backend.key}; create one; ${share}`);
    return { key: backend.key };
  }
  const defect = translationDefect(route, backend.resource);
  if (defect !== undefined) surroundings.report(object, path, defect);
  return targetOf(backend);
}

function equalsReference(backend: BackendConfiguration, { group = '', kind = 'Service', name, port }: HTTPBackendRef, namespace: string): boolean {
  const own = backend.resource.spec.backendRef;
  return backend.resource.metadata.namespace === namespace && own.group === group && own.kind === kind && own.name === name
    && (kind !== 'Service' || own.port === port);
}
