import { BackendTLSPolicy, ConfigMap, EnvoyGatewayBackend, HTTPRoute, ReferenceGrant, Secret } from './gateway-api';
import { LLMBackend } from './llm-backend';
import { LLMRoute } from './llm-route';
import { ObjectKey } from './object-meta';
import { Problem } from './problem';

/** Everything that routing decides from, as one consistent whole. Objects that failed validation are absent and named in `problems`. */
export interface ResourceSet {
  readonly llmRoutes: ReadonlyMap<ObjectKey, LLMRoute>;
  readonly llmBackends: ReadonlyMap<ObjectKey, LLMBackend>;
  readonly httpRoutes: ReadonlyMap<ObjectKey, HTTPRoute>;
  readonly backends: ReadonlyMap<ObjectKey, EnvoyGatewayBackend>;
  readonly backendTlsPolicies: ReadonlyMap<ObjectKey, BackendTLSPolicy>;
  readonly referenceGrants: ReadonlyMap<ObjectKey, ReferenceGrant>;
  readonly secrets: ReadonlyMap<ObjectKey, Secret>;
  readonly configMaps: ReadonlyMap<ObjectKey, ConfigMap>;
  readonly problems: readonly Problem[];
}
