import { BuildMemory } from './build-memory';
import { BackendConfiguration, Configuration, RouteConfiguration, UpstreamEndpoint } from './configuration';
import { configuredModels } from './configured-model';
import { gcpCredentialFileDefect } from './credentials/gcp-credential-file';
import { placeOf } from './credentials/secret-value';
import { HTTPRouteModeRoute } from './http-route-mode';
import { compileLimitKeys, LimitKeys } from './limit-keys';
import { compileRe2 } from './re2';
import { RouteSurroundings, RulesRoute } from './rules-route';
import { ReportProblem, resolveEndpoint } from './upstream-endpoint';
import { HTTPRoute } from '../resources/gateway-api';
import { ACCESS_TOKEN_KEY, LLMBackend, SecretKeyReference } from '../resources/llm-backend';
import { LLMRoute } from '../resources/llm-route';
import { LLM_ROUTE_LABEL, objectKey, ObjectKey } from '../resources/object-meta';
import { identityOf, Problem } from '../resources/problem';
import { ResourceSet } from '../resources/resource-set';
import { atOnce, Steps } from '../resources/steps';
import { CompiledHTTPRoute, HTTPRouteTable } from '../routing/http-route';
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
  return atOnce(buildSteps(resources, generation, options, new BuildMemory()));
}

/** As `buildConfiguration`, yielding after every object. What is the same as in the last build with this `memory` is not compiled again. */
export function* buildSteps(resources: ResourceSet, generation: number, options: BuildOptions, memory: BuildMemory): Steps<Configuration> {
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
  memory.begin(resources);
  const backends = yield* backendConfigurations(resources, options, memory, report);
  reportUnknownOverrides(backends, options, report);
  const httpRoutes = yield* usableHttpRoutes(resources, memory, report);
  const routes = yield* buildRoutes(httpRoutes, { resources, backends, compile: compileRe2, report }, memory);
  const byHttpRoute = yield* carriers(httpRoutes, resources, routes, report);
  const table = yield* carrierTable(httpRoutes, byHttpRoute, resources, memory);
  memory.end(resources);
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

function* backendConfigurations(resources: ResourceSet, options: BuildOptions, memory: BuildMemory, report: ReportProblem): Steps<Map<ObjectKey, BackendConfiguration>> {
  const backends = new Map<ObjectKey, BackendConfiguration>();
  for (const [key, backend] of resources.llmBackends) {
    backends.set(key, memory.backends.of(backend, [], report, (told) => backendConfiguration(key, backend, resources, options, told)));
    yield;
  }
  return backends;
}

function backendConfiguration(key: ObjectKey, backend: LLMBackend, resources: ResourceSet, options: BuildOptions, report: ReportProblem): BackendConfiguration {
  const endpoint = options.endpointOverrides?.get(key) ?? resolveEndpoint(backend, resources, report);
  const { secrets } = resources;
  const secret = (name: string, secretKey: string) => options.secretOverrides?.get(`${backend.metadata.namespace}/${name}/${secretKey}`)
    ?? secrets.get(objectKey(backend.metadata.namespace, name))?.data.get(secretKey);
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

function* usableHttpRoutes(resources: ResourceSet, memory: BuildMemory, report: ReportProblem): Steps<Map<ObjectKey, HTTPRoute>> {
  const usable = new Map<ObjectKey, HTTPRoute>();
  for (const [key, route] of resources.httpRoutes) {
    const defects = memory.defectsOf(route);
    for (const { path, message } of defects) report(`HTTPRoute ${key}`, path, message);
    if (defects.length === 0) usable.set(key, route);
    yield;
  }
  return usable;
}

function* buildRoutes(httpRoutes: ReadonlyMap<ObjectKey, HTTPRoute>, surroundings: RouteSurroundings, memory: BuildMemory): Steps<Map<ObjectKey, RouteConfiguration>> {
  const { resources, report } = surroundings;
  const routes = new Map<ObjectKey, RouteConfiguration>();
  for (const [key, resource] of resources.llmRoutes) {
    const httpRouteKey = objectKey(resource.metadata.namespace, resource.spec.httpRouteRef.name);
    const route = memory.routes.of(resource, [resources.httpRoutes.get(httpRouteKey)], report,
      (told) => buildRoute(resource, httpRouteKey, httpRoutes.get(httpRouteKey), { ...surroundings, report: told }));
    if (route !== undefined) routes.set(key, route);
    yield;
  }
  return routes;
}

/** `undefined`, with a problem: it cannot be used. */
function buildRoute(
  resource: LLMRoute, httpRouteKey: ObjectKey, httpRoute: HTTPRoute | undefined, surroundings: RouteSurroundings,
): RouteConfiguration | undefined {
  const name = `LLMRoute ${objectKey(resource.metadata.namespace, resource.metadata.name)}`;
  const { rules } = resource.spec;
  const defects = expressionDefects(rules ?? [], surroundings.compile);
  for (const { path, message } of defects) surroundings.report(name, path, message);
  if (defects.length > 0) return undefined;
  if (!surroundings.resources.httpRoutes.has(httpRouteKey)) {
    surroundings.report(name, 'spec.httpRouteRef.name', `there is no HTTPRoute ${httpRouteKey}; create it in this namespace or name an existing one`);
  }
  let limitKeys: LimitKeys | undefined;
  try {
    limitKeys = compileLimitKeys(resource.spec.limitKeys, surroundings.compile);
  } catch (error) {
    surroundings.report(name, 'spec.limitKeys', `has an expression that is not in RE2 syntax: ${(error as Error).message}; correct it; the route is left out until then`);
    return undefined;
  }
  return rules === undefined ? new HTTPRouteModeRoute(resource, limitKeys, httpRoute, surroundings) : new RulesRoute(resource, limitKeys, rules, surroundings);
}

/**
 * Which LLMRoute an HTTPRoute carries: the one that its label names, or else the oldest whose `httpRouteRef` names it. An HTTPRoute whose label
 * names an LLMRoute that is missing or broken carries `undefined`, so that its requests do not fall to somebody else's route.
 */
function* carriers(
  httpRoutes: ReadonlyMap<ObjectKey, HTTPRoute>, resources: ResourceSet, routes: ReadonlyMap<ObjectKey, RouteConfiguration>, report: ReportProblem,
): Steps<Map<ObjectKey, RouteConfiguration | undefined>> {
  const carried = new Map<ObjectKey, RouteConfiguration | undefined>();
  const labelled = new Set<ObjectKey>();
  for (const [key, { metadata }] of httpRoutes) {
    yield;
    const label = metadata.labels?.[LLM_ROUTE_LABEL];
    if (label === undefined) continue;
    const route = objectKey(metadata.namespace, label);
    if (!resources.llmRoutes.has(route)) {
      report(`HTTPRoute ${key}`, `metadata.labels["${LLM_ROUTE_LABEL}"]`, `there is no usable LLMRoute ${route}; create or mend it; requests on this HTTPRoute are answered with an error until then`);
    }
    labelled.add(key);
    carried.set(key, routes.get(route));
  }
  for (const resource of byAge(resources.llmRoutes.values())) {
    yield;
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

function byAge(routes: Iterable<LLMRoute>): LLMRoute[] {
  const aged = [...routes].map((route) => {
    const { creationTimestamp = '~', namespace, name } = route.metadata;
    return { route, age: `${creationTimestamp} ${objectKey(namespace, name)}` };
  });
  return aged.sort((left, right) => (left.age < right.age ? -1 : 1)).map(({ route }) => route);
}

/** All HTTPRoutes that carry an LLMRoute. In HTTPRoute mode the model is not known when the route is looked for, so matches on it count as met. */
function* carrierTable(
  httpRoutes: ReadonlyMap<ObjectKey, HTTPRoute>, byHttpRoute: ReadonlyMap<ObjectKey, RouteConfiguration | undefined>, resources: ResourceSet, memory: BuildMemory,
): Steps<HTTPRouteTable> {
  const withoutRules = new Set([...resources.llmRoutes.values()].filter((route) => route.spec.rules === undefined)
    .map((route) => objectKey(route.metadata.namespace, route.spec.httpRouteRef.name)));
  const compiled: CompiledHTTPRoute[] = [];
  for (const [key, route] of httpRoutes) {
    if (byHttpRoute.has(key)) compiled.push(memory.compiled(route, withoutRules.has(key)));
    yield;
  }
  return new HTTPRouteTable(compiled);
}
