import { BackendConfiguration, Configuration, RouteConfiguration, UpstreamEndpoint } from './configuration';
import { configuredModels } from './configured-model';
import { gcpCredentialFileDefect } from './credentials/gcp-credential-file';
import { placeOf } from './credentials/secret-value';
import { httpRouteModeRoute } from './http-route-mode';
import { compileLimitKeys } from './limit-keys';
import { compileRe2 } from './re2';
import { rulesRoute, RouteSurroundings } from './rules-route';
import { ReportProblem, resolveEndpoint } from './upstream-endpoint';
import { HTTPRoute } from '../resources/gateway-api';
import { ACCESS_TOKEN_KEY, LLMBackend, SecretKeyReference } from '../resources/llm-backend';
import { LLMRoute } from '../resources/llm-route';
import { LLM_ROUTE_LABEL, objectKey, ObjectKey, USER_MODEL_HEADER } from '../resources/object-meta';
import { identityOf, Problem } from '../resources/problem';
import { ResourceSet } from '../resources/resource-set';
import { HTTPRouteTable } from '../routing/http-route';
import { httpRouteDefects } from '../routing/http-route-defects';
import { expressionDefects } from '../routing/rule-checks';

export interface BuildOptions {
  /** Values that go before those of Secrets, by `<namespace>/<name>/<key>`. Never logged. */
  readonly secretOverrides?: ReadonlyMap<string, Uint8Array>;
  /** Endpoints that go before those of Backends and Services, by LLMBackend. */
  readonly endpointOverrides?: ReadonlyMap<ObjectKey, UpstreamEndpoint>;
  /** Where an object (`LLMRoute default/chat`) is written. @default `cluster` for all */
  readonly sourceOf?: (object: string) => string;
}

/**
 * Resolves every reference and compiles every rule. Never throws for what an object says: an object that cannot be used is left out, a reference
 * that leads nowhere makes its own target unusable, and both are named in `problems`.
 */
export function buildConfiguration(resources: ResourceSet, generation: number, options: BuildOptions = {}): Configuration {
  const problems: Problem[] = [...resources.problems];
  const known = new Set(problems.map(identityOf));
  const report: ReportProblem = (object, path, message) => {
    const problem = { source: options.sourceOf?.(object) ?? 'cluster', object, path, message };
    // Two LLMBackends on one Backend report its defects twice.
    const identity = identityOf(problem);
    if (known.has(identity)) return;
    known.add(identity);
    problems.push(problem);
  };
  const backends = new Map([...resources.llmBackends].map(([key, backend]) => [key, backendConfiguration(key, backend, resources, options, report)]));
  reportUnknownOverrides(backends, options, report);
  const httpRoutes = usableHttpRoutes(resources, report);
  const routes = buildRoutes(httpRoutes, { resources, backends, compile: compileRe2, report });
  const byHttpRoute = carriers(httpRoutes, resources, routes, report);
  const table = carrierTable(httpRoutes, byHttpRoute, resources);
  return {
    generation,
    routes,
    backends,
    problems,
    routeOfHttpRoute: (httpRoute) => byHttpRoute.get(httpRoute),
    routeOfRequest(request) {
      const result = table.evaluate(request);
      return result && byHttpRoute.get(result.route);
    },
    httpRouteOfRequest: (request) => table.evaluate(request)?.route,
  };
}

function backendConfiguration(key: ObjectKey, backend: LLMBackend, resources: ResourceSet, options: BuildOptions, report: ReportProblem): BackendConfiguration {
  const endpoint = options.endpointOverrides?.get(key) ?? resolveEndpoint(backend, resources, report);
  const secret = (name: string, secretKey: string) => options.secretOverrides?.get(`${backend.metadata.namespace}/${name}/${secretKey}`)
    ?? resources.secrets.get(objectKey(backend.metadata.namespace, name))?.data.get(secretKey);
  for (const [path, reference] of secretReferences(backend)) {
    if (secret(reference.name, reference.key) !== undefined) continue;
    const secretName = objectKey(backend.metadata.namespace, reference.name);
    report(`LLMBackend ${key}`, path, `there is no Secret ${secretName} with key ${reference.key}; create it; requests to this backend fail until then`);
  }
  const file = backend.spec.credential?.gcp?.secretRef;
  const text = file && file.key !== ACCESS_TOKEN_KEY ? secret(file.name, file.key) : undefined;
  const defect = file && text && gcpCredentialFileDefect(Buffer.from(text).toString('utf8'), placeOf(file));
  if (defect !== undefined) report(`LLMBackend ${key}`, 'spec.credential.gcp.secretRef', `${defect}; requests to this backend fail until then`);
  return { key, resource: backend, ...(endpoint === undefined ? {} : { endpoint }), models: configuredModels(backend.spec.models), secret };
}

function secretReferences(backend: LLMBackend): Array<readonly [path: string, reference: SecretKeyReference]> {
  return (['apiKey', 'aws', 'azure', 'gcp'] as const).flatMap((kind) => {
    const reference = backend.spec.credential?.[kind]?.secretRef;
    return reference === undefined ? [] : [[`spec.credential.${kind}.secretRef`, reference] as const];
  });
}

/** An override that nothing uses is most likely a typing error. */
function reportUnknownOverrides(backends: ReadonlyMap<ObjectKey, BackendConfiguration>, options: BuildOptions, report: ReportProblem): void {
  for (const key of options.endpointOverrides?.keys() ?? []) {
    if (!backends.has(key)) report(`LLMBackend ${key}`, '', 'an endpoint is given for it on the command line, but there is no such LLMBackend');
  }
  const used = new Set([...backends.values()].flatMap(({ resource }) => secretReferences(resource).map(
    ([, reference]) => `${resource.metadata.namespace}/${reference.name}/${reference.key}`,
  )));
  for (const key of options.secretOverrides?.keys() ?? []) {
    if (!used.has(key)) report(`Secret ${key.slice(0, key.lastIndexOf('/'))}`, '', `a value is given for its key ${key.slice(key.lastIndexOf('/') + 1)} on the command line, but no LLMBackend uses it`);
  }
}

function usableHttpRoutes(resources: ResourceSet, report: ReportProblem): Map<ObjectKey, HTTPRoute> {
  return new Map([...resources.httpRoutes].filter(([key, route]) => {
    const defects = httpRouteDefects(route, compileRe2);
    for (const { path, message } of defects) report(`HTTPRoute ${key}`, path, message);
    return defects.length === 0;
  }));
}

function buildRoutes(httpRoutes: ReadonlyMap<ObjectKey, HTTPRoute>, surroundings: RouteSurroundings): Map<ObjectKey, RouteConfiguration> {
  const routes = new Map<ObjectKey, RouteConfiguration>();
  for (const [key, resource] of surroundings.resources.llmRoutes) {
    const { rules } = resource.spec;
    const defects = expressionDefects(rules ?? [], surroundings.compile);
    for (const { path, message } of defects) surroundings.report(`LLMRoute ${key}`, path, message);
    if (defects.length > 0) continue;
    const httpRouteKey = objectKey(resource.metadata.namespace, resource.spec.httpRouteRef.name);
    if (!surroundings.resources.httpRoutes.has(httpRouteKey)) {
      surroundings.report(`LLMRoute ${key}`, 'spec.httpRouteRef.name', `there is no HTTPRoute ${httpRouteKey}; create it in this namespace or name an existing one`);
    }
    const routing = rules === undefined
      ? httpRouteModeRoute(resource, httpRoutes.get(httpRouteKey), surroundings)
      : rulesRoute(resource, rules, surroundings);
    try {
      routes.set(key, { ...routing, limitKeys: compileLimitKeys(resource.spec.limitKeys, surroundings.compile) });
    } catch (error) {
      surroundings.report(`LLMRoute ${key}`, 'spec.limitKeys', `has an expression that is not in RE2 syntax: ${(error as Error).message}; correct it; the route is left out until then`);
    }
  }
  return routes;
}

/**
 * Which LLMRoute an HTTPRoute carries: the one that its label names, or else the oldest whose `httpRouteRef` names it. An HTTPRoute whose label
 * names an LLMRoute that is missing or broken carries `undefined`, so that its requests do not fall to somebody else's route.
 */
function carriers(
  httpRoutes: ReadonlyMap<ObjectKey, HTTPRoute>, resources: ResourceSet, routes: ReadonlyMap<ObjectKey, RouteConfiguration>, report: ReportProblem,
): Map<ObjectKey, RouteConfiguration | undefined> {
  const carried = new Map<ObjectKey, RouteConfiguration | undefined>();
  const labelled = new Set<ObjectKey>();
  for (const [key, { metadata }] of httpRoutes) {
    const label = metadata.labels?.[LLM_ROUTE_LABEL];
    if (label === undefined) continue;
    const route = objectKey(metadata.namespace, label);
    if (!resources.llmRoutes.has(route)) {
      report(`HTTPRoute ${key}`, `metadata.labels["${LLM_ROUTE_LABEL}"]`, `there is no usable LLMRoute ${route}; create or mend it; requests on this HTTPRoute are answered with an error until then`);
    }
    labelled.add(key);
    carried.set(key, routes.get(route));
  }
  for (const resource of [...resources.llmRoutes.values()].sort(compareAge)) {
    const route = objectKey(resource.metadata.namespace, resource.metadata.name);
    const key = objectKey(resource.metadata.namespace, resource.spec.httpRouteRef.name);
    if (!carried.has(key)) {
      carried.set(key, routes.get(route));
    } else if (carried.get(key)?.key !== route) {
      const other = httpRoutes.get(key)?.metadata.labels?.[LLM_ROUTE_LABEL] ?? carried.get(key)?.resource.metadata.name ?? 'another';
      report(`LLMRoute ${route}`, 'spec.httpRouteRef.name', labelled.has(key)
        ? `HTTPRoute ${key} belongs to LLMRoute ${other} by its label ${LLM_ROUTE_LABEL}; name another HTTPRoute or change the label`
        : `HTTPRoute ${key} belongs to LLMRoute ${other}, which is older; one HTTPRoute carries one LLMRoute`);
    }
  }
  return carried;
}

function compareAge(left: LLMRoute, right: LLMRoute): number {
  const text = ({ metadata }: LLMRoute) => `${metadata.creationTimestamp ?? '~'} ${objectKey(metadata.namespace, metadata.name)}`;
  return text(left) < text(right) ? -1 : 1;
}

/** All HTTPRoutes that carry an LLMRoute. In HTTPRoute mode the model is not known when the route is looked for, so matches on it count as met. */
function carrierTable(
  httpRoutes: ReadonlyMap<ObjectKey, HTTPRoute>, byHttpRoute: ReadonlyMap<ObjectKey, RouteConfiguration | undefined>, resources: ResourceSet,
): HTTPRouteTable {
  const withoutRules = new Set([...resources.llmRoutes.values()].filter((route) => route.spec.rules === undefined)
    .map((route) => objectKey(route.metadata.namespace, route.spec.httpRouteRef.name)));
  return new HTTPRouteTable([...httpRoutes].filter(([key]) => byHttpRoute.has(key))
    .map(([key, route]) => (withoutRules.has(key) ? withoutModelMatches(route) : route)), compileRe2);
}

function withoutModelMatches(route: HTTPRoute): HTTPRoute {
  const rules = (route.spec.rules ?? []).map((rule) => ({
    ...rule,
    matches: (rule.matches ?? []).map((match) => ({ ...match, headers: (match.headers ?? []).filter((header) => header.name.toLowerCase() !== USER_MODEL_HEADER) })),
  }));
  return { ...route, spec: { ...route.spec, rules } };
}
