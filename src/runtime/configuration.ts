import { ConfiguredModel } from './configured-model';
import { LimitKeys } from './limit-keys';
import { RequestEdits } from './request-edits';
import { LLMBackend } from '../resources/llm-backend';
import { Failover, LLMRoute, RouteCost, UnsupportedParameters } from '../resources/llm-route';
import { ObjectKey } from '../resources/object-meta';
import { Problem } from '../resources/problem';
import { ModelAccess } from '../routing/model-access';
import { Weighted } from '../routing/weighted-choice';
import { InputDialect, ListedModel } from '../translate/input-dialect';

/** A loaded configuration: immutable, swapped as a whole, with everything worked out that can be before a request comes. */
export interface Configuration {
  /** Counts up with every swap, from 1. */
  readonly generation: number;
  readonly routes: ReadonlyMap<ObjectKey, RouteConfiguration>;
  readonly backends: ReadonlyMap<ObjectKey, BackendConfiguration>;
  /** Objects left out, references that lead nowhere, missing Secrets. */
  readonly problems: readonly Problem[];
  /** The LLMRoute whose requests this HTTPRoute carries (label or `httpRouteRef`). */
  routeOfHttpRoute(httpRoute: ObjectKey): RouteConfiguration | undefined;
  /** Where no Envoy matched before (`llmgw serve`): by Gateway API's precedence over all HTTPRoutes that carry an LLMRoute. */
  routeOfRequest(request: RoutingRequest): RouteConfiguration | undefined;
  /** The HTTPRoute that `routeOfRequest` goes by, for `llmgw explain`. */
  httpRouteOfRequest(request: RoutingRequest): ObjectKey | undefined;
}

/** What routing may look at. */
export interface RoutingRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Host with or without a port. */
  readonly authority: string;
  /** By lower-case name. */
  header(name: string): string | undefined;
}

export interface RouteConfiguration {
  readonly key: ObjectKey;
  readonly resource: LLMRoute;
  /** What its clients speak. */
  readonly dialect: InputDialect;
  /** What rate limits hear of each request; absent: nothing. */
  readonly costs?: readonly RouteCost[];
  /** Whether money is among `costs`. */
  readonly countsMoney: boolean;
  /** Exact model names of the rules, in order, without repeats. */
  readonly models: readonly ListedModel[];
  /** Which models a client may call. */
  readonly access: ModelAccess;
  /** Whether `models` has this name. */
  listsModel(model: string): boolean;
  /** `random`: in [0, 1). `undefined`: no rule takes this model with these headers. */
  choose(model: string, request: RoutingRequest, random: number): Choice | undefined;
  /** What limits count a request by, or why it is refused whatever the backend; absent: none counts by anything. */
  readonly limitKeys?: LimitKeys;
  /** What `choose` chooses from, for `llmgw explain`. `undefined`: no rule takes this model with these headers. */
  shares(model: string, request: RoutingRequest): RuleShares | undefined;
}

/** A rule's targets as they are now in use. */
export interface RuleShares {
  /** As in `Choice`. */
  readonly rule: string;
  readonly unsupportedParameters: UnsupportedParameters;
  /** Fractions of the requests; they add up to 1. Targets of weight 0 and of later priorities are absent. */
  readonly targets: ReadonlyArray<{ readonly target: Target; readonly share: number }>;
  readonly failover?: FailoverRule;
}

export interface Choice {
  /** `spec.rules[].name`, or its index as `rule/0`; in HTTPRoute mode the HTTPRoute's rule. */
  readonly rule: string;
  readonly unsupportedParameters: UnsupportedParameters;
  readonly target: Target;
  readonly edits: RequestEdits;
  /** Absent: the first attempt's failure is the client's answer. */
  readonly failover?: FailoverRule;
}

/** What a rule does when an attempt fails. */
export interface FailoverRule {
  /** Attempts in all. */
  readonly attempts: number;
  /** Milliseconds to the head of one attempt's answer. Absent: as long as the whole request may take. */
  readonly perAttemptTimeout?: number;
  /** Milliseconds for the whole request. @default - the engine's */
  readonly requestTimeout?: number;
  readonly retryOn: Failover['retryOn'];
  /** All targets of the rule. */
  readonly choices: readonly FailoverChoice[];
}

export interface FailoverChoice extends Weighted {
  readonly choice: Choice;
  /** Backend and upstream model, the same in every configuration: what fails repeatedly is remembered by it. */
  readonly id: string;
}

export interface Target {
  /** What the route refers to, also where there is no such backend. */
  readonly key: ObjectKey;
  /**
   * Absent: the reference leads nowhere or is not granted, and `problems` says so. As in Gateway API, a broken reference keeps its share of the
   * requests, and each of them is answered with an error: other targets do not silently get a load that they were not meant to have.
   */
  readonly backend?: BackendConfiguration;
  /** Model name sent upstream; absent: as the client said. */
  readonly model?: string;
}

export interface BackendConfiguration {
  readonly key: ObjectKey;
  readonly resource: LLMBackend;
  /** Where a call of our own goes (`llmgw serve`, failover); absent with a problem when the Backend is not to be found. */
  readonly endpoint?: UpstreamEndpoint;
  /** What its owner says of its models (`spec.models`), by the name that the provider knows. */
  readonly models: ReadonlyMap<string, ConfiguredModel>;
  /** Value of a Secret's key in the backend's namespace, as it is now; `undefined`: no such Secret or key. Never log it. */
  secret(name: string, key: string): Uint8Array | undefined;
}

export interface UpstreamEndpoint {
  /** `https://api.openai.com:443`, no path. */
  readonly origin: string;
  /** Name for SNI and certificate checks, where it differs from the origin's host. */
  readonly serverName?: string;
  /** PEM; absent: the system's. */
  readonly certificateAuthorities?: readonly string[];
  readonly insecureSkipVerify?: boolean;
}

/** Delivers configurations. Keeps the last good one; says by `problems` why a new one was refused. */
export interface ConfigurationSource {
  /** `undefined` until the first load. */
  readonly current: Configuration | undefined;
  /** Called after every swap and after every refused load. */
  onChange(listener: (event: ConfigurationEvent) => void): void;
  close(): Promise<void>;
}

export type ConfigurationEvent =
  | { readonly kind: 'swapped'; readonly configuration: Configuration }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };
