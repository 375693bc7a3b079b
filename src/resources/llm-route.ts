import { BodyEdits, HeaderEdits } from './llm-backend';
import { ObjectMeta } from './object-meta';
import { InputSchemaName } from './schema-name';

/** An addition to a standard HTTPRoute: which backends may answer which model, and in which shares. Defaults are filled in by `parse`. */
export interface LLMRoute {
  readonly apiVersion: string;
  readonly kind: 'LLMRoute';
  readonly metadata: ObjectMeta;
  readonly spec: LLMRouteSpec;
}

export interface LLMRouteSpec {
  readonly inputSchema: { readonly schema: InputSchemaName };
  /** The HTTPRoute (same namespace) that this is an addition to. */
  readonly httpRouteRef: { readonly name: string };
  /** How long a request may take, as Envoy is told in the BackendTrafficPolicy. */
  readonly timeouts?: { readonly request?: string };
  /** Without rules: what follows when an attempt fails. */
  readonly failover?: Failover;
  /** In order, the first match wins. Absent: ExtProc evaluates the HTTPRoute itself. */
  readonly rules?: readonly LLMRouteRule[];
  /** Which clients may call which models. Absent: every client may call every model. */
  readonly modelAccess?: readonly ModelAccessRule[];
  /** Written to dynamic metadata `io.envoy.ai_gateway`. */
  readonly costs?: readonly RouteCost[];
  /** Request headers whose values have budgets of their own. A request without one is refused: it would have no limit. */
  readonly limitKeys?: readonly LimitKey[];
}

export interface LLMRouteRule {
  readonly name?: string;
  /** Absent: any model. One must match. */
  readonly models?: readonly ModelMatcher[];
  /** All must match. */
  readonly headers?: readonly HeaderMatcher[];
  /** Edits of the upstream request's headers, after translation and before the LLMBackend's own. */
  readonly requestHeaders?: HeaderEdits;
  /** Edits of the upstream request's JSON body, after translation and before the LLMBackend's own. */
  readonly requestBody?: BodyEdits;
  readonly backendRefs: readonly LLMBackendReference[];
  readonly failover?: Failover;
  /** @default Safe */
  readonly unsupportedParameters: UnsupportedParameters;
}

export type StringMatchType = 'Exact' | 'Prefix' | 'RegularExpression';

export interface ModelMatcher {
  /** @default Exact */
  readonly type: StringMatchType;
  /** RegularExpression: RE2 syntax, matches the whole name. */
  readonly value: string;
}

export interface HeaderMatcher {
  /** @default Exact */
  readonly type: StringMatchType;
  readonly name: string;
  readonly value: string;
}

/** Clients and their models: all conditions must hold. */
export interface ModelAccessRule {
  /** Ids of API-key clients. Absent: every client. */
  readonly clients?: readonly string[];
  /** All must match. */
  readonly claims?: readonly ClaimMatcher[];
  /** One must match. Absent: every model. */
  readonly models?: ReadonlyArray<{ readonly type: 'Exact' | 'Prefix'; readonly value: string }>;
}

/** A claim of the client's JWT. */
export interface ClaimMatcher {
  /** One within another is written with a dot. */
  readonly name: string;
  /** StringArray: the claim is a list that holds one of the values. @default String */
  readonly valueType: 'String' | 'StringArray';
  readonly values: readonly string[];
}

export interface LLMBackendReference {
  readonly name: string;
  /** @default - the route's own namespace */
  readonly namespace?: string;
  /** @default 1 */
  readonly weight: number;
  /** 0 is tried first. @default 0 */
  readonly priority: number;
  /** Model name sent upstream. @default - the name that the client asked for */
  readonly model?: string;
}

export interface Failover {
  /** @default 3 */
  readonly attempts: number;
  /** Gateway API duration, such as `30s`. */
  readonly perAttemptTimeout?: string;
  readonly retryOn: { readonly triggers: readonly RetryTrigger[]; readonly httpStatusCodes: readonly number[] };
}

export type RetryTrigger = '5xx' | 'gateway-error' | 'reset' | 'connect-failure' | 'timeout';

/** What happens to request parameters that the target has no counterpart for; see docs/translation.md. */
export type UnsupportedParameters = 'Strict' | 'Safe' | 'Lenient';

export type CostType = 'InputToken' | 'CachedInputToken' | 'CacheCreationInputToken' | 'OutputToken' | 'ReasoningToken' | 'TotalToken' | 'Price';

export interface RouteCost {
  readonly metadataKey: string;
  readonly type: CostType;
  /** Of type Price: how many units of the value make a US dollar. @default DEFAULT_UNITS_PER_DOLLAR */
  readonly unitsPerDollar?: number;
}

/** Millionths of a dollar. */
export const DEFAULT_UNITS_PER_DOLLAR = 1_000_000;

/** A request header by which limits count; they go by `limitKeyHeader(header)`, where ExtProc puts a digest of the value. */
export interface LimitKey {
  /** Lower case where we emit it. */
  readonly header: string;
  /** The claim of the client's JWT that Envoy puts there, for the message. */
  readonly claim?: string;
  /** Only requests for these. Absent: all. */
  readonly models?: readonly ModelMatcher[];
}
