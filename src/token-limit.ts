import { ModelMatch } from './model-match';
import { TokenLimitKey } from './token-limit-key';

/** How long a budget lasts. All clients' periods begin together, at whole multiples of the period since 1970-01-01T00:00:00Z. */
export enum LimitPeriod {
  SECOND = 'Second',
  MINUTE = 'Minute',
  HOUR = 'Hour',
  /** Begins at 00:00 UTC. */
  DAY = 'Day',
  /** Begins on Thursdays at 00:00 UTC, as 1970 did. */
  WEEK = 'Week',
  /** 30 days, not a month of the calendar. */
  MONTH = 'Month',
  /** 365 days, not a year of the calendar. */
  YEAR = 'Year',
}

/** Which tokens a limit counts. */
export enum CountedTokens {
  /** Those of the prompt and those of the answer. */
  TOTAL = 'TotalToken',
  /** Those of the prompt, from and to a cache included. */
  INPUT = 'InputToken',
  /** Those of the answer, reasoning included. */
  OUTPUT = 'OutputToken',
}

/**
 * A budget of tokens or of money for a period. Give `tokens` or `usd`.
 *
 * It is counted by Envoy Gateway's rate limit service and holds from the next request on: the request that crosses it is answered in full, and so
 * are those that run beside it. See docs/limits.md.
 */
export interface TokenLimitOptions {
  /**
   * Tokens that may be used in a period, 1 to 4,294,967,295.
   *
   * @default - none: `usd` says the budget
   */
  readonly tokens?: number;

  /**
   * US dollars that may be spent in a period by the price lists that `llmgw` knows, 0.000001 to 42,949,672.95. Counted in units of 0.000001 dollars
   * up to a budget of 4,294.967295, of 0.0001 up to 429,496.7295, of 0.01 above.
   *
   * @default - none: `tokens` says the budget
   */
  readonly usd?: number;

  /** How long the budget lasts. */
  readonly per: LimitPeriod;

  /** What has a budget of its own: each client, each tenant, or all requests together. */
  readonly key: TokenLimitKey;

  /**
   * The models that this limit is for, by the names that clients ask for; they share one budget. Requests for other models are neither counted nor refused.
   *
   * @default - all models of the route
   */
  readonly models?: ModelMatch[];

  /**
   * Which tokens count; for a budget of `tokens`.
   *
   * @default CountedTokens.TOTAL
   */
  readonly count?: CountedTokens;
}
