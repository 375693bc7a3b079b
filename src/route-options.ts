import { Duration } from 'cdk8s';

/** How long a request may take. */
export interface RouteTimeouts {
  /**
   * From the whole request to the last byte of the answer, streams included.
   *
   * @default Duration.minutes(10)
   */
  readonly request?: Duration;

  /**
   * Longest silence of a stream.
   *
   * @default - as long as the whole request may take
   */
  readonly idle?: Duration;

  /**
   * From the request to the first byte of the answer; the client gets 504 then. A stream that began in time goes on.
   *
   * @default - as long as the whole request may take
   */
  readonly firstByte?: Duration;
}

/** What is counted. */
export enum CostType {
  /** Tokens of the prompt, those from and to a cache included. */
  INPUT_TOKEN = 'InputToken',
  /** Tokens of the prompt that came from the provider's cache. */
  CACHED_INPUT_TOKEN = 'CachedInputToken',
  /** Tokens of the prompt that were written to the provider's cache. */
  CACHE_CREATION_INPUT_TOKEN = 'CacheCreationInputToken',
  /** Tokens of the answer, reasoning included. */
  OUTPUT_TOKEN = 'OutputToken',
  /** Tokens that the model reasoned with. */
  REASONING_TOKEN = 'ReasoningToken',
  /** Tokens of prompt and answer. */
  TOTAL_TOKEN = 'TotalToken',
}

/** A count that is written to dynamic metadata `io.envoy.ai_gateway` with every answer, for rate limits and access logs. */
export interface RouteCost {
  /** Key in the metadata namespace, such as `total_tokens`. */
  readonly metadataKey: string;

  /** What is counted. */
  readonly type: CostType;
}
