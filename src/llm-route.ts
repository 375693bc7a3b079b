import { Lazy, Size, SizeRoundingBehavior } from 'cdk8s';
import { Construct } from 'constructs';
import { AccessOptions } from './access-options';
import { ClientIdentity } from './client-identity';
import { contestedRequestDefects, RequestedTraffic } from './contested-requests';
import { GRPC_PORT } from './ext-proc-pod';
import { FailoverOptions } from './failover';
import { ruleFieldDefects } from './field-defects';
import { gatewayDuration } from './gateway-duration';
import { HttpRouteRef } from './http-route-ref';
import { InputSchema } from './input-schema';
import { keyShapedPaths } from './key-shaped';
import { ILlmBackend } from './llm-backend';
import { LlmGateway } from './llm-gateway';
import { LlmRuleOptions } from './llm-rule';
import { ModelAccessOptions } from './model-access';
import { ruleModelDefects } from './model-defects';
import { namespaceOf } from './namespace-of';
import { pinnedHttpRoutes, PinnedHttpRoutesOptions } from './pinned-http-routes';
import { bodyEditDefects } from './request-edit-manifest';
import * as ours from '../imports/aigateway.envoyproxy.io';
import { LLM_ROUTE_SPEC } from './resources/crd/llm-route-schema';
import { LLM_ROUTE_LABEL } from './resources/object-meta';
import { requestEditDefects } from './resources/request-edit-defects';
import { INPUT_SCHEMAS } from './resources/schema-name';
import { validate } from './resources/validate';
import { RouteAccess } from './route-access';
import { ObjectName } from './route-attachment';
import { CostType, RouteCost, RouteTimeouts } from './route-options';
import { catchAllFilterSpec, extensionPolicySpec, RoutePoliciesOptions, trafficPolicySpec } from './route-policies';
import { failoverDefects, lastRuleDefects, modelsText, routeFailoverDefects, ruleSchemaDefects, ruleTitle, titleOf, untranslatableBackends } from './rule-defects';
import { failoverManifest, RuleManifest, ruleManifest } from './rule-manifest';
import { ruleShapeDefects } from './rule-shape-defects';
import { securityPolicySpec } from './security-policy';
import { standardLabels } from './standard-labels';
import { timeoutDefects } from './timeout-defects';
import { TokenLimitOptions } from './token-limit';
import { idleLimitDefects, lastLimitDefects, limitKeyDefects, limitTitle, tokenLimitDefects } from './token-limit-defects';
import { limitCost, limitKeys } from './token-limit-rule';
import { BackendTrafficPolicy, EnvoyExtensionPolicy, HttpRouteFilter, SecurityPolicy } from '../imports/gateway.envoyproxy.io';
import { InputDialect } from './translate/input-dialect';
import { inputDialect } from './translate/registry';
import { unpricedDefects } from './unpriced-defects';
import { userHttpRouteDefects } from './user-http-route-defects';
import { HttpRoute, ReferenceGrant } from '../imports/gateway.networking.k8s.io';

/** Properties of `LlmRoute`. */
export interface LlmRouteProps extends AccessOptions {
  /** The gateway that takes the requests. */
  readonly gateway: LlmGateway;

  /**
   * Host names of the requests, such as `llm.example.com` or `*.example.com`.
   *
   * @default - every host of the Gateway's listeners; with an httpRoute of this app, its hostnames
   */
  readonly hostnames?: string[];

  /**
   * The rules, in order: the first that matches wins. `addRule` adds more.
   *
   * @default - none
   */
  readonly rules?: LlmRuleOptions[];

  /**
   * Instead of rules: an HTTPRoute of yours that matches the header `x-envoy-ai-gateway-llm-model` and weights its backendRefs. ExtProc evaluates
   * it by Gateway API's own precedence; the object itself is not touched. Needs `backends`.
   *
   * @default - rules decide
   */
  readonly httpRoute?: HttpRouteRef;

  /**
   * The backends that the backendRefs of `httpRoute` (by group `gateway.envoyproxy.io`, kind `Backend`) stand for.
   *
   * @default - none
   */
  readonly backends?: ILlmBackend[];

  /**
   * With `httpRoute`: what follows when the backend fails that one of its rules chose. Next are the other backendRefs of that rule, drawn by
   * weight. Rules have a `failover` of their own.
   *
   * @default - the failure is the client's answer
   */
  readonly failover?: FailoverOptions;

  /**
   * How long a request may take.
   *
   * @default - 10 minutes, streams included
   */
  readonly timeouts?: RouteTimeouts;

  /**
   * Counts that are written to dynamic metadata `io.envoy.ai_gateway`, for rate limits and access logs.
   *
   * @default - none
   */
  readonly costs?: RouteCost[];

  /**
   * Budgets of tokens or money. `addTokenLimit` adds more.
   *
   * @default - none
   */
  readonly tokenLimits?: TokenLimitOptions[];

  /**
   * Which clients may call which models; the others get 403, and do not see the model in the list of models. `allowModels` adds more. Needs `clientAuth`.
   *
   * @default - every client may call every model
   */
  readonly modelAccess?: ModelAccessOptions[];

  /**
   * Largest request body; a longer one is answered with 413. Envoy holds each body in memory while ExtProc reads it.
   *
   * @default - the gateway's `extProc.bodyLimit`, 50 MiB
   */
  readonly bodyLimit?: Size;

  /**
   * The dialect that clients speak.
   *
   * @default InputSchema.OPENAI
   */
  readonly inputSchema?: InputSchema;

  /**
   * Name of the LLMRoute and its policies, and prefix of its HTTPRoutes' names; at most 63 characters.
   *
   * @default - a generated name
   */
  readonly name?: string;
}

/**
 * Which models go to which backends: an LLMRoute, the HTTPRoutes that carry its requests, and the Envoy Gateway policies on these.
 *
 * Everything that it emits is about its own HTTPRoutes, so the Gateway can be shared with other teams.
 */
export class LlmRoute extends Construct {
  /** Name of the LLMRoute, of its policies, and of its first HTTPRoute (with `httpRoute`: `<name>-llm`). */
  public readonly name: string;
  /** Namespace of all that it emits. */
  public readonly namespace: string;

  private readonly dialect: InputDialect;
  private readonly access: RouteAccess;
  private readonly rules: Array<{ readonly options: LlmRuleOptions; readonly manifest: RuleManifest }> = [];
  private readonly httpRoutes: HttpRoute[] = [];
  private readonly limits: TokenLimitOptions[] = [];

  constructor(scope: Construct, id: string, private readonly props: LlmRouteProps) {
    super(scope, id);
    if (props.gateway === undefined) this.fail('gateway is missing; give the LlmGateway that takes the requests');
    this.namespace = namespaceOf(this);
    this.dialect = this.checkedDialect();
    this.checkProps();
    this.access = new RouteAccess({ options: props, namespace: this.namespace }, props.gateway._access, this.dialect.pathPrefixes, (message) => this.fail(message));
    const resource = new ours.LlmRoute(this, 'Resource', {
      metadata: { ...(props.name === undefined ? {} : { name: props.name }), namespace: this.namespace },
      spec: Lazy.any({ produce: () => this.spec() }),
    });
    this.name = resource.name;
    const labels = standardLabels('route', this.name);
    for (const [label, value] of Object.entries(labels)) resource.metadata.addLabel(label, value);
    const metadata = { name: this.name, namespace: this.namespace, labels };
    // The HTTPRoutes come last: a route that is there before its policies would for a moment let requests past ExtProc.
    if (this.access.cors === undefined) new HttpRouteFilter(this, 'CatchAll', { metadata: { ...metadata, name: this.catchAllFilter }, spec: catchAllFilterSpec(this.dialect) });
    new EnvoyExtensionPolicy(this, 'EnvoyExtensionPolicy', { metadata, spec: Lazy.any({ produce: () => extensionPolicySpec(this.policies()) }) });
    new BackendTrafficPolicy(this, 'BackendTrafficPolicy', { metadata, spec: Lazy.any({ produce: () => trafficPolicySpec(this.policies()) }) });
    this.addSecurityPolicy(metadata);
    this.addHttpRoutes();
    for (const rule of props.rules ?? []) this.addRule(rule);
    for (const limit of props.tokenLimits ?? []) this.addTokenLimit(limit);
    for (const access of props.modelAccess ?? []) this.allowModels(access);
    this.node.addValidation({ validate: () => this.defects() });
    props.gateway._attach({
      path: this.node.path,
      namespace: this.namespace,
      readNamespaces: () => [...new Set([this.namespace, ...this.backends().map(({ namespace }) => namespace)])],
      readSecrets: () => this.backends().flatMap(({ namespace, secretNames }) => objectNames(namespace, secretNames)),
      readConfigMaps: () => this.backends().flatMap(({ namespace, configMapNames }) => objectNames(namespace, configMapNames)),
    });
  }

  /** Adds a rule behind those that there are. Throws when it can never work. */
  public addRule(rule: LlmRuleOptions): void {
    const fail = (message: string) => { throw new Error(`${this.node.path}: ${ruleTitle(this.rules.length, name)}${message}`); };
    // Before any other check: their messages show values.
    const name = keyShapedPaths(rule.name, 'name').length > 0 ? undefined : rule.name;
    for (const defect of ruleShapeDefects(rule)) fail(`: ${defect}`);
    const manifest = ruleManifest(rule, this.namespace);
    const secrets = keyShapedPaths(manifest, '');
    if (secrets.length > 0) fail(`: ${secrets[0].replace(/^backendRefs/, 'targets')} holds what looks like an API key; keys belong in a Secret that the LlmBackend's provider names`);
    if (this.props.httpRoute !== undefined) fail(`: the HTTPRoute ${this.props.httpRoute.name} decides here; use either rules or httpRoute`);
    for (const defect of [...bodyEditDefects(rule.requestBody, 'requestBody'), ...ruleSchemaDefects(manifest)]) fail(`: ${defect}`);
    for (const { path, message } of requestEditDefects(manifest.requestHeaders, manifest.requestBody)) fail(`: ${path} ${message}`);
    for (const { backend } of rule.targets) {
      if (backend.node.root !== this.node.root) fail(`: LlmBackend ${titleOf(backend)} belongs to another app; use LlmBackend.fromLlmBackendName to refer to it`);
    }
    for (const { message } of untranslatableBackends(rule.targets.map(({ backend }) => backend), this.dialect.schema)) fail(` sends ${modelsText(rule)} to ${message}`);
    for (const defect of lastRuleDefects([...this.rules.map((earlier) => earlier.manifest), manifest])) fail(`: ${defect}`);
    for (const defect of [...ruleModelDefects(rule, this.dialect.schema), ...ruleFieldDefects(rule, manifest)]) fail(`: ${defect}`);
    for (const defect of failoverDefects(manifest, this.props.timeouts ?? {})) fail(`: ${defect}`);
    this.rules.push({ options: rule, manifest });
    this.addHttpRoutes();
  }

  /**
   * Lets clients call models. As soon as there is one such rule, whatever none of them allows is refused with 403. Throws when it can never work.
   *
   * @example
   * import { LlmRoute, ModelMatch } from 'cdk8s-llm-gateway';
   *
   * declare const route: LlmRoute;
   * route.allowModels({ clients: ['batch'], models: [ModelMatch.prefix('llama')] });
   */
  public allowModels(access: ModelAccessOptions): void {
    this.access.allowModels(access, (message) => this.fail(message));
  }

  /**
   * Adds a budget behind those that there are. Each counts by itself, and a request over any of them is answered with 429.
   *
   * What was used is kept under the limit's place in this order: a limit that is removed or put before others moves those behind it, and they begin
   * anew. Needs `rateLimit.backend` (Redis) in the configuration of Envoy Gateway. Throws when the budget can never hold.
   *
   * @example
   * import { LimitPeriod, LlmRoute, ModelMatch, TokenLimitKey } from 'cdk8s-llm-gateway';
   *
   * declare const chat: LlmRoute;
   * const tenant = TokenLimitKey.header('x-tenant');
   * chat.addTokenLimit({ tokens: 1_000_000, per: LimitPeriod.DAY, key: tenant });
   * chat.addTokenLimit({ usd: 500, per: LimitPeriod.MONTH, key: TokenLimitKey.everyone(), models: [ModelMatch.prefix('gpt-')] });
   */
  public addTokenLimit(limit: TokenLimitOptions): void {
    const fail = (message: string) => { throw new Error(`${this.node.path}: ${limitTitle(this.limits.length)} ${message}`); };
    if (limit.key === undefined) fail('has no key; say what has a budget of its own, such as TokenLimitKey.header(\'x-tenant\'), or TokenLimitKey.everyone() for one budget of all');
    const source = limit.key._source;
    const secrets = keyShapedPaths({ key: source, models: limit.models?.map((model) => model._toKube()) }, '');
    if (secrets.length > 0) fail(`has ${secrets[0]}, which holds what looks like an API key; name the header that it comes in`);
    for (const defect of tokenLimitDefects(limit)) fail(defect);
    const limits = [...this.limits, limit];
    for (const defect of [...lastLimitDefects(limits, this.props.costs ?? []), ...limitKeyDefects(limits)]) fail(defect);
    if (source.kind === 'jwtClaim') this.access.forwardClaim(source.claim, (message) => fail(`has a key that ${message}`));
    this.limits.push(limit);
  }

  /** What client authentication tells of who calls. @internal */
  public get _clientIdentity(): ClientIdentity {
    return this.access.identity;
  }

  /** Names of the HTTPRoutes that policies of this route's requests have to target: its own, and the user's. @internal */
  public get _httpRouteNames(): string[] {
    return [...(this.props.httpRoute === undefined ? [] : [this.props.httpRoute.name]), ...this.httpRoutes.map(({ name }) => name)];
  }

  /** What its HTTPRoutes ask the Gateway for. @internal */
  public get _requestedTraffic(): RequestedTraffic {
    const { node: { path }, props: { gateway: { gateway } }, dialect: { pathPrefixes } } = this;
    return { path, gateway, hostnames: this.hostnames(), pathPrefixes };
  }

  private get catchAllFilter(): string {
    return `${this.name}-catch-all`;
  }

  /** Envoy applies no CORS to a route that answers by itself. ExtProc's Service stands in: no request gets there, and it would refuse one (415). */
  private catchAll(): PinnedHttpRoutesOptions['catchAll'] {
    const { name, namespace } = this.props.gateway._extProc;
    return this.access.cors === undefined ? this.catchAllFilter : { name, namespace, port: GRPC_PORT };
  }

  private get carrierName(): string {
    return this.props.httpRoute === undefined ? this.name : `${this.name}-llm`;
  }

  /** All backends, each once. */
  private backends(): ILlmBackend[] {
    return [...new Set([...this.props.backends ?? [], ...this.rules.flatMap(({ options }) => options.targets.map(({ backend }) => backend))])];
  }

  /** As many as the backends need; the specs are made at synth. */
  private addHttpRoutes(): void {
    for (let place = this.httpRoutes.length; place < this.httpRouteSpecs().length; place += 1) {
      const suffix = place === 0 ? '' : `-${place + 1}`;
      this.httpRoutes.push(new HttpRoute(this, `HTTPRoute${suffix}`, {
        metadata: { name: `${this.carrierName}${suffix}`, namespace: this.namespace, labels: { ...standardLabels('route', this.name), [LLM_ROUTE_LABEL]: this.name } },
        spec: Lazy.any({ produce: () => this.httpRouteSpecs()[place] }),
      }));
    }
  }

  private hostnames(): readonly string[] {
    return this.props.hostnames ?? this.props.httpRoute?._manifest()?.spec.hostnames ?? [];
  }

  private httpRouteSpecs(): ReturnType<typeof pinnedHttpRoutes> {
    return pinnedHttpRoutes({
      gateway: this.props.gateway.gateway,
      hostnames: this.hostnames(),
      dialect: this.dialect,
      besideHttpRoute: this.props.httpRoute !== undefined,
      catchAll: this.catchAll(),
      backends: this.backends(),
      keepsModelHeader: this.limits.some(({ models }) => models !== undefined),
      identityHeaders: this.access.identityHeaders,
    });
  }

  /** Before the HTTPRoutes, as all policies. */
  private addSecurityPolicy(metadata: { readonly name: string; readonly namespace: string; readonly labels: { [label: string]: string } }): void {
    if (!this.access.hasPolicy) return;
    const { foreignSecrets, cors } = this.access;
    for (const namespace of new Set(foreignSecrets.map((secret) => secret.namespace))) {
      const names = foreignSecrets.filter((secret) => secret.namespace === namespace).map(({ name }) => name);
      this.grant('ClientSecrets', namespace, { group: 'gateway.envoyproxy.io', kind: 'SecurityPolicy' }, 'Secret', names);
    }
    const { _extProc: extProc } = this.props.gateway;
    if (cors !== undefined) this.grant('CatchAllGrant', extProc.namespace, { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }, 'Service', [extProc.name]);
    new SecurityPolicy(this, 'SecurityPolicy', { metadata, spec: Lazy.any({ produce: () => securityPolicySpec(this.access.policy(this._httpRouteNames)) }) });
  }

  private policies(): RoutePoliciesOptions {
    const perAttempt = [this.props.failover, ...this.rules.map(({ options }) => options.failover)].flatMap((failover) => failover?.perAttemptTimeout ?? []);
    return {
      httpRoutes: this._httpRouteNames,
      namespace: this.namespace,
      extProc: this.props.gateway._extProc,
      dialect: this.dialect,
      bodyLimit: this.props.bodyLimit ?? this.props.gateway._extProc.bodyLimit,
      timeouts: this.props.timeouts ?? {},
      tokenLimits: this.limits,
      mergeWithGatewayPolicies: this.access.mergeWithGatewayPolicies,
      ...(perAttempt.length === 0 ? {} : { perAttemptTimeout: perAttempt.reduce((long, one) => (one.toMilliseconds() > long.toMilliseconds() ? one : long)) }),
    };
  }

  private spec(): unknown {
    const keys = limitKeys(this.limits);
    return {
      inputSchema: { schema: this.dialect.schema },
      httpRouteRef: { name: this.props.httpRoute?.name ?? this.carrierName },
      ...(this.props.httpRoute === undefined ? { rules: this.rules.map(({ manifest }) => manifest) } : {}),
      ...(this.props.timeouts?.request === undefined ? {} : { timeouts: { request: gatewayDuration(this.props.timeouts.request) } }),
      ...(this.props.failover === undefined ? {} : { failover: failoverManifest(this.props.failover) }),
      ...(this.props.costs === undefined && this.limits.length === 0 ? {} : { costs: this.costs() }),
      ...(keys.length === 0 ? {} : { limitKeys: keys }),
      ...(this.access.modelAccess.length === 0 ? {} : { modelAccess: this.access.modelAccess }),
    };
  }

  /** Those of the properties, and what limits count beside them. */
  private costs(): unknown[] {
    const costs = [...this.props.costs ?? [], ...this.limits.map(limitCost)];
    return costs.filter(({ metadataKey }, place) => costs.findIndex((other) => other.metadataKey === metadataKey) === place);
  }

  /** Lets objects of this route's namespace refer to those of another. */
  private grant(id: string, namespace: string, from: { readonly group: string; readonly kind: string }, kind: string, names: readonly string[]): void {
    if (namespace === this.namespace) return;
    new ReferenceGrant(this, `${id}-${namespace}`, {
      metadata: { namespace, labels: standardLabels('route', this.name) },
      spec: { from: [{ ...from, namespace: this.namespace }], to: names.map((name) => ({ group: '', kind, name })) },
    });
  }

  private fail(message: string): never {
    throw new Error(`${this.node.path}: ${message}`);
  }

  private checkedDialect(): InputDialect {
    const schema = this.props.inputSchema ?? InputSchema.OPENAI;
    if ((INPUT_SCHEMAS as readonly string[]).includes(schema)) return inputDialect(schema);
    throw new Error(`${this.node.path}: inputSchema ${JSON.stringify(schema)} is not allowed; allowed: ${INPUT_SCHEMAS.join(', ')}`);
  }

  private checkProps(): void {
    const fail = (message: string) => this.fail(message);
    const { name, hostnames, costs, httpRoute, backends, failover, bodyLimit, gateway } = this.props;
    const most = gateway._extProc.bodyLimit;
    const secrets = keyShapedPaths({ name, hostnames, costs, httpRoute: httpRoute?.name }, '');
    if (secrets.length > 0) fail(`${secrets[0]} holds what looks like an API key; keys belong in a Secret that the LlmBackend's provider names`);
    if (name !== undefined && (name.length > 63 || !LABEL_VALUE.test(name))) {
      fail(`name ${JSON.stringify(name)} must have 1 to 63 of lower-case letters, digits and "-", letters or digits at both ends: it becomes a label of the HTTPRoutes`);
    }
    (hostnames ?? []).forEach((hostname, index) => {
      if (!HOSTNAME.test(hostname) || /^[0-9.]+$/.test(hostname)) {
        fail(`hostnames[${index}] ${JSON.stringify(hostname)} must be a DNS name in lower case, without scheme, port or path; "*." may stand before it`);
      }
      if (hostnames?.indexOf(hostname) !== index) fail(`hostnames[${index}] ${JSON.stringify(hostname)} is given twice`);
    });
    if ((hostnames?.length ?? 0) > 16) fail(`takes at most 16 hostnames, not ${hostnames?.length}; use a second LlmRoute`);
    const schema = LLM_ROUTE_SPEC.properties?.costs;
    if (costs !== undefined && schema !== undefined) validate(costs, schema, 'costs', (path, message) => fail(`${path} ${message}`));
    (costs ?? []).forEach(({ metadataKey }, index) => {
      if (costs?.[index].unitsPerDollar !== undefined && costs[index].type !== CostType.PRICE) fail(`costs[${index}].unitsPerDollar goes with CostType.PRICE`);
      const twin = costs?.findIndex((other) => other.metadataKey === metadataKey) ?? index;
      if (twin !== index) fail(`costs[${index}].metadataKey ${JSON.stringify(metadataKey)} is taken by costs[${twin}]; keys must be unique`);
    });
    if (bodyLimit !== undefined && !/^[1-9][0-9]*[KMGTPE]i$/.test(bodyLimit.asString())) fail(`bodyLimit must be a whole number above 0, not ${bodyLimit.asString()}; take a smaller unit`);
    if (bodyLimit !== undefined && kibibytes(bodyLimit) > kibibytes(most)) fail(`bodyLimit ${bodyLimit.asString()} is above ${most.asString()}, which ExtProc of ${gateway.node.path} takes; raise extProc.bodyLimit there`);
    if (httpRoute !== undefined && (backends ?? []).length === 0) fail(`backends must name the LlmBackends that HTTPRoute ${httpRoute.name} refers to`);
    if (httpRoute === undefined && failover !== undefined) fail('failover goes with httpRoute; give each rule the failover that it needs');
    if (httpRoute === undefined && backends !== undefined) fail('backends go with httpRoute; in rules, name them as targets');
    for (const backend of backends ?? []) {
      if (backend.node.root !== this.node.root) fail(`LlmBackend ${titleOf(backend)} belongs to another app; use LlmBackend.fromLlmBackendName to refer to it`);
    }
    for (const defect of timeoutDefects(this.props.timeouts ?? {})) fail(defect);
    for (const defect of untranslatableBackends(backends ?? [], this.dialect.schema)) fail(`backends[${defect.place}] is ${defect.message}`);
  }

  /** What only the whole app can tell. */
  private defects(): string[] {
    const { httpRoute, failover, timeouts = {} } = this.props;
    const manifest = httpRoute?._manifest();
    return [
      ...this.sharedHttpRoutes(),
      ...contestedRequestDefects(this._requestedTraffic, this.otherRoutes().map((other) => other._requestedTraffic)),
      ...(httpRoute === undefined && this.rules.length === 0 ? ['has no rules; add one with addRule, or name your own HTTPRoute in httpRoute'] : []),
      ...(httpRoute === undefined || failover === undefined ? [] : routeFailoverDefects(failoverManifest(failover), timeouts, manifest)),
      ...unpricedDefects(this.limits, this.rules.map(({ options }) => options)),
      ...idleLimitDefects(this.limits, this.access.identity, httpRoute === undefined ? this.rules.map((rule) => rule.manifest) : undefined),
      ...this.access.defects(httpRoute === undefined ? this.rules.map((rule) => rule.manifest) : undefined),
      ...(manifest === undefined ? [] : userHttpRouteDefects(manifest, this.namespace, this.backends())),
      ...this.backends().filter((backend) => !backend.allowsRoutesFrom(this.namespace)).map((backend) => `LlmBackend ${titleOf(backend)} is in namespace ${backend.namespace} `
        + `and does not allow routes from namespace ${this.namespace}; call allowRoutesFrom(${JSON.stringify(this.namespace)}) on it`),
    ];
  }

  /** The other ones of the app. */
  private otherRoutes(): LlmRoute[] {
    return this.node.root.node.findAll().filter((other): other is LlmRoute => other instanceof LlmRoute && other !== this);
  }

  /** Two routes of one name meet here too: the first HTTPRoute has the name of its LLMRoute. */
  private sharedHttpRoutes(): string[] {
    return this.otherRoutes().filter(({ namespace }) => namespace === this.namespace)
      .flatMap((other) => this._httpRouteNames.filter((name) => other._httpRouteNames.includes(name)).map(
        (name) => `HTTPRoute ${this.namespace}/${name} is also that of LlmRoute ${other.node.path}; one HTTPRoute carries one LlmRoute: give one of the two another name or httpRoute`,
      ));
  }
}

/** A label value that is a part of object names too. */
const LABEL_VALUE = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Gateway API's Hostname. */
const HOSTNAME = /^(?=.{1,253}$)(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function kibibytes(size: Size): number {
  return size.toKibibytes({ rounding: SizeRoundingBehavior.NONE });
}

function objectNames(namespace: string, names: readonly string[]): ObjectName[] {
  return names.map((name) => ({ namespace, name }));
}
