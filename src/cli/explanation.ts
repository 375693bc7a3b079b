import { ACCESS_DENIED, explainAccess, ExplainedAccess } from './explained-access';
import { ExplainedCredentials } from './explained-credentials';
import { modelDoubts } from './explained-doubts';
import { ExplainedFailover, explainFailover } from './explained-failover';
import { fieldDoubts } from './explained-fields';
import { ExplainedLimit, explainLimits, RateLimitPolicy } from './explained-limits';
import { ExplainedPrice, explainPrice } from './explained-price';
import { LLMRouteRule, UnsupportedParameters } from '../resources/llm-route';
import { ObjectKey } from '../resources/object-meta';
import { Problem } from '../resources/problem';
import { OutputSchemaName } from '../resources/schema-name';
import { BackendConfiguration, Configuration, RouteConfiguration, RoutingRequest, Target } from '../runtime/configuration';
import { credentialDefect } from '../runtime/credentials/credential-defect';
import { Answer, Forward, RequestHead } from '../runtime/exchange';
import { LlmEngine } from '../runtime/llm-engine';
import { joinedBody } from '../translate/body-pieces';
import { findTranslator, inputDialect } from '../translate/registry';
import { RequestError } from '../translate/request-error';
import { readRequestBody } from '../translate/scan-request-body';
import { DroppedParameter, Endpoint } from '../translate/translator';

/** A request to be explained. */
export interface RequestToExplain extends RoutingRequest {
  /** Absent: the request has none. */
  readonly body?: Uint8Array;
}

/** What the gateway does with one request; plain data, for JSON. Holds no credential. */
export interface Explanation {
  readonly method: string;
  readonly path: string;
  readonly hostname: string;
  readonly endpoint?: Endpoint;
  readonly model?: string;
  readonly httpRoute?: ObjectKey;
  readonly llmRoute?: ObjectKey;
  readonly rule?: string;
  readonly unsupportedParameters?: UnsupportedParameters;
  /** Where the LLMRoute says which clients may call which models. */
  readonly access?: ExplainedAccess;
  readonly backends: readonly ExplainedBackend[];
  /** What follows when a backend fails. */
  readonly failover?: ExplainedFailover;
  /** Budgets that count it. */
  readonly limits: readonly ExplainedLimit[];
  /** Set where the gateway answers by itself, whatever the backend. */
  readonly answer?: ExplainedAnswer;
  /** Where no route or no rule takes the request: what there is instead. */
  readonly instead: readonly string[];
  /** Those of the objects that the request comes across; all, where it comes across none. */
  readonly problems: readonly Problem[];
}

export interface ExplainedAnswer {
  readonly status: number;
  readonly message: string;
}

/** What one backend of the rule gets. */
export interface ExplainedBackend {
  readonly backend: ObjectKey;
  /** Of the requests, 0 to 100. */
  readonly percent: number;
  readonly schema?: OutputSchemaName;
  /** The model's name upstream. */
  readonly model: string;
  readonly method?: string;
  /** `https://api.openai.com:443/v1/chat/completions`; the path alone where the backend's address is not known. */
  readonly url?: string;
  /** For SNI, the certificate and the host header, where it is not the URL's own host. */
  readonly serverName?: string;
  readonly setHeaders: ReadonlyArray<{ readonly name: string; readonly value: string }>;
  readonly removeHeaders: readonly string[];
  /** Parsed JSON; text where it is none. */
  readonly body?: unknown;
  /** What the provider does not get of the request, or gets in another form. */
  readonly dropped: readonly DroppedParameter[];
  /** What may get lost of parameters of this request, by the translator's table. */
  readonly possibleLosses: readonly DroppedParameter[];
  /** Absent: neither the LLMBackend nor a public list has a price for the model. */
  readonly price?: ExplainedPrice;
  /** Why the provider may refuse the request, or answer another one. */
  readonly doubts: readonly string[];
  /** Set where the request goes to no provider: refused parameters, a broken reference. */
  readonly answer?: ExplainedAnswer;
  /** Set where the request would be answered with 502 as the Secrets are now. */
  readonly credentialFailure?: string;
}

/** Explains a request by the code that serves it: routing, translation and edits are those of `LlmEngine`. */
export async function explain(configuration: Configuration, request: RequestToExplain, policies: readonly RateLimitPolicy[] = []): Promise<Explanation> {
  const route = configuration.routeOfRequest(request);
  const httpRoute = configuration.httpRouteOfRequest(request);
  const endpoint = route && inputDialect(route.resource.spec.inputSchema.schema).endpoint(request.method, request.path);
  const model = modelOf(request.body);
  const shares = route === undefined || model === undefined || endpoint === undefined ? undefined : route.shares(model, request);
  const base = {
    method: request.method,
    path: request.path,
    hostname: request.authority,
    ...endpoint && { endpoint },
    ...model !== undefined && { model },
    ...httpRoute && { httpRoute },
    ...route && { llmRoute: route.key },
  };
  const whole = await decide(configuration, request, 0);
  if (route === undefined || shares === undefined || shares.targets.length === 0 || model === undefined || endpoint === undefined) {
    const instead = route === undefined ? [...configuration.routes.values()].map(routeLine) : whole.kind === 'answer' && whole.status === 200 ? [] : ruleLines(route);
    return { ...base, backends: [], limits: [], ...whole.kind === 'answer' && { answer: explainAnswer(whole) }, instead, problems: problemsOf(configuration, route, httpRoute, []) };
  }
  const access = explainAccess(route.resource, (name) => request.header(name), model);
  if (access?.allowed === false) {
    // Envoy asks after ExtProc: what ExtProc refuses by itself was refused before.
    const answer = whole.kind === 'answer' ? explainAnswer(whole) : ACCESS_DENIED;
    return { ...base, rule: shares.rule, access, backends: [], limits: [], answer, instead: [], problems: problemsOf(configuration, route, httpRoute, []) };
  }
  const backends: ExplainedBackend[] = [];
  let before = 0;
  for (const { target, share } of shares.targets) {
    // The middle of the target's share is a number that chooses it.
    const outcome = await decide(configuration, request, before + share / 2);
    before += share;
    backends.push(await explainBackend(target, share, outcome, { route, model, endpoint, request }));
  }
  return {
    ...base,
    rule: shares.rule,
    unsupportedParameters: shares.unsupportedParameters,
    ...access && { access },
    backends,
    ...shares.failover && { failover: explainFailover(shares.failover) },
    limits: whole.kind === 'answer' || httpRoute === undefined ? [] : explainLimits(policies, httpRoute, route.resource, whole, (name) => request.header(name)),
    instead: [],
    problems: problemsOf(configuration, route, httpRoute, shares.failover?.choices.map(({ choice }) => choice.target) ?? shares.targets.map(({ target }) => target)),
  };
}

async function decide(configuration: Configuration, request: RequestToExplain, random: number): Promise<Answer | Forward> {
  const exchange = new LlmEngine({
    configuration: () => configuration, credentials: new ExplainedCredentials(), random: () => random, now: () => 0, id: (prefix) => prefix,
  }).exchange();
  const head: RequestHead = {
    method: request.method, path: request.path, authority: request.authority, endOfStream: request.body === undefined, header: (name) => request.header(name),
  };
  const decision = await exchange.requestHead(head);
  return decision.kind === 'answer' ? decision : exchange.requestBody(request.body ?? new Uint8Array(0));
}

interface Surroundings {
  readonly route: RouteConfiguration;
  readonly model: string;
  readonly endpoint: Endpoint;
  readonly request: RequestToExplain;
}

async function explainBackend(target: Target, share: number, outcome: Answer | Forward, surroundings: Surroundings): Promise<ExplainedBackend> {
  const { backend } = target;
  const upstreamModel = target.model ?? surroundings.model;
  const base = {
    backend: target.key,
    percent: Math.round(share * 1_000) / 10,
    model: upstreamModel,
    ...backend && { schema: backend.resource.spec.outputSchema.schema },
    setHeaders: [],
    removeHeaders: [],
    dropped: [],
    possibleLosses: [],
    doubts: [],
  };
  if (outcome.kind === 'answer' || backend === undefined) return { ...base, ...outcome.kind === 'answer' && { answer: explainAnswer(outcome) } };
  const body = jsonOrText(joinedBody(outcome.body ?? surroundings.request.body ?? new Uint8Array(0)));
  const request = jsonOrText(surroundings.request.body ?? new Uint8Array(0));
  const credentialFailure = await ownCredentialFailure(backend, surroundings.request);
  const price = explainPrice(backend, upstreamModel, request);
  return {
    ...base,
    method: 'POST',
    url: `${backend.endpoint?.origin ?? ''}${outcome.path}`,
    ...backend.endpoint?.serverName !== undefined && { serverName: backend.endpoint.serverName },
    // Of a header that is set twice, the last counts.
    setHeaders: [...new Map(outcome.setHeaders)].map(([name, value]) => ({ name, value })),
    removeHeaders: outcome.removeHeaders,
    body,
    dropped: outcome.dropped,
    possibleLosses: statedLosses(backend.resource.spec.outputSchema.schema, outcome.dropped, surroundings),
    doubts: [...modelDoubts(surroundings.route.resource.spec.inputSchema.schema, backend, upstreamModel, request), ...fieldDoubts(backend, outcome.path, body)],
    ...price && { price },
    ...credentialFailure !== undefined && { credentialFailure },
  };
}

/** Of the gateway's own credential, where this request gets that. */
async function ownCredentialFailure(backend: BackendConfiguration, request: RequestToExplain): Promise<string | undefined> {
  const caller = backend.resource.spec.credential?.fromRequestHeader;
  const headers = caller?.name !== undefined ? [caller.name] : caller?.prefix !== undefined ? [`${caller.prefix}access-key-id`, `${caller.prefix}secret-access-key`] : [];
  const brought = headers.length > 0 && headers.every((name) => request.header(name.toLowerCase())?.trim());
  return brought || caller?.required === true ? undefined : credentialDefect(backend);
}

/** The losses that the translator's table states for parameters of this request, without those that did occur. */
function statedLosses(output: OutputSchemaName, dropped: readonly DroppedParameter[], { route, endpoint, request }: Surroundings): DroppedParameter[] {
  const translator = findTranslator(route.resource.spec.inputSchema.schema, output, endpoint);
  const json = jsonOrText(request.body ?? new Uint8Array(0));
  if (translator === undefined || typeof json !== 'object' || json === null) return [];
  return Object.keys(json).flatMap((parameter) => {
    const rule = Object.hasOwn(translator.parameters, parameter) ? translator.parameters[parameter] : undefined;
    if (rule?.treatment !== 'mappedWithLoss' || dropped.some((one) => one.parameter === parameter)) return [];
    return [{ parameter, reason: `${rule.to === undefined ? '' : `sent as ${rule.to}; `}${rule.note ?? 'see docs/translation.md'}` }];
  });
}

function jsonOrText(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function modelOf(body: Uint8Array | undefined): string | undefined {
  try {
    return body && readRequestBody(body).model;
  } catch (error) {
    if (error instanceof RequestError) return undefined;
    throw error;
  }
}

function explainAnswer({ status, body }: Answer): ExplainedAnswer {
  const json = jsonOrText(body) as { readonly error?: { readonly message?: string }; readonly message?: string };
  return { status, message: json.error?.message ?? json.message ?? Buffer.from(body).toString('utf8') };
}

function routeLine(route: RouteConfiguration): string {
  return `LLMRoute ${route.key} on HTTPRoute ${route.resource.spec.httpRouteRef.name}: ${route.models.map(({ id }) => id).join(', ') || 'no exact model names'}`;
}

function ruleLines(route: RouteConfiguration): string[] {
  const { rules, httpRouteRef } = route.resource.spec;
  if (rules === undefined) return [`rules of HTTPRoute ${httpRouteRef.name}: ${route.models.map(({ id }) => id).join(', ') || 'no exact model names'}`];
  return rules.map((rule, index) => `rule ${rule.name ?? `rule/${index}`}: ${matchers(rule)}`);
}

function matchers({ models, headers }: LLMRouteRule): string {
  const one = ({ type, value }: { readonly type: string; readonly value: string }) => (type === 'Exact' ? value : `${type} ${value}`);
  const model = models === undefined ? 'any model' : models.map(one).join(', ');
  return [model, ...(headers ?? []).map((header) => `header ${header.name}: ${one(header)}`)].join('; ');
}

function problemsOf(
  configuration: Configuration, route: RouteConfiguration | undefined, httpRoute: ObjectKey | undefined, targets: readonly Target[],
): readonly Problem[] {
  if (route === undefined) return configuration.problems;
  const concerned = new Set([`LLMRoute ${route.key}`, `HTTPRoute ${httpRoute}`]);
  for (const { key, backend } of targets) {
    concerned.add(`LLMBackend ${key}`);
    if (backend === undefined) continue;
    const { metadata: { namespace }, spec: { backendRef } } = backend.resource;
    concerned.add(`${backendRef.kind} ${namespace}/${backendRef.name}`);
  }
  return configuration.problems.filter(({ object }) => object === '' || concerned.has(object) || object.startsWith('BackendTLSPolicy '));
}
