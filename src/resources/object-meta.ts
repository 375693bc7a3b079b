/** The part of Kubernetes' ObjectMeta that we read. */
export interface ObjectMeta {
  readonly name: string;
  /** Never empty after parsing: a manifest without one belongs to `default`. */
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly creationTimestamp?: string;
  readonly generation?: number;
}

/** `<namespace>/<name>`: how objects are named in maps, headers, logs and messages. */
export type ObjectKey = `${string}/${string}`;

/** The key of an object, or of what a reference in `namespace` points to. */
export function objectKey(namespace: string, name: string): ObjectKey {
  return `${namespace}/${name}`;
}

/** The API group and version of LLMRoute and LLMBackend. */
export const API_GROUP = 'aigateway.envoyproxy.io';
export const API_VERSION = `${API_GROUP}/v1alpha1`;

/** On every HTTPRoute that we emit: the name of the LLMRoute (same namespace) whose requests it carries. */
export const LLM_ROUTE_LABEL = `${API_GROUP}/llm-route`;

/** Header that names the chosen LLMBackend (`<namespace>/<name>`); the pinned HTTPRoute rules match it. ExtProc always sets or removes it. */
export const BACKEND_HEADER = 'x-ai-gateway-llm-backend';

/** Header that holds the model the client asked for; for policies after ExtProc. ExtProc always sets or removes it. */
export const MODEL_HEADER = 'x-ai-gateway-llm-model';

/** Never upstream: pinned HTTPRoute rules remove them, and so do calls of the gateway's own. The model's stays where a rate limit counts by it. */
export const INTERNAL_HEADERS: readonly string[] = [BACKEND_HEADER, MODEL_HEADER];

/**
 * Header with a digest of a request header, for rate limits. They look at a request twice, and the second time, when its answer is over, what the
 * pinned rules removed before the provider is gone: so this one stays. ExtProc always sets or removes it.
 */
export function limitKeyHeader(header: string): string {
  return `x-ai-gateway-limit-key-${header.toLowerCase()}`;
}

/** The header in a user's own HTTPRoute (HTTPRoute mode). Never on Envoy's request: one sent by a client is refused with 400. */
export const USER_MODEL_HEADER = 'x-envoy-ai-gateway-llm-model';

/** Dynamic metadata namespace for costs, model and backend. */
export const METADATA_NAMESPACE = 'io.envoy.ai_gateway';
