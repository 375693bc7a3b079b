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
  /**
   * US dollars by the price list of the backend and model, in units of `RouteCost.unitsPerDollar`. Cached, cache-write and reasoning tokens have prices
   * of their own. A fraction of a unit counts as a whole one as often as it is large, so that sums are right.
   */
  PRICE = 'Price',
}

/** A count that is written to dynamic metadata `io.envoy.ai_gateway` with every answer, for rate limits and access logs. */
export interface RouteCost {
  /** Key in the metadata namespace, such as `total_tokens`. */
  readonly metadataKey: string;

  /** What is counted. */
  readonly type: CostType;

  /**
   * For CostType.PRICE: how many units make a US dollar, 1 to 1,000,000,000.
   *
   * @default 1000000
   */
  readonly unitsPerDollar?: number;
}
