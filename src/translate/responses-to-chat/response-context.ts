import { Environment } from '../translator';

/** What an answer's translation needs to know of its request. */
export interface ResponseContext {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly model: string;
  /** What a response says again of its request, as the members of a JSON object without its braces. */
  readonly echo: string;
  readonly environment: Environment;
}
