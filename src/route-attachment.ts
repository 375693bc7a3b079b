/** A Secret or ConfigMap that ExtProc reads. */
export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** What an LlmRoute tells the LlmGateway that it belongs to. The methods are asked at synth, after every rule was added. */
export interface RouteAttachment {
  /** Path of the route's construct, for messages. */
  readonly path: string;

  /** Namespace of the LLMRoute and of its HTTPRoutes and policies. */
  readonly namespace: string;

  /** Namespaces whose LLMRoutes, LLMBackends and Envoy Gateway objects ExtProc reads for this route. */
  readNamespaces(): readonly string[];

  /** Secrets with the credentials of the route's backends. */
  readSecrets(): ReadonlyArray<ObjectName>;

  /** ConfigMaps with the CA certificates of the route's backends. */
  readConfigMaps(): ReadonlyArray<ObjectName>;
}
