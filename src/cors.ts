import { Duration } from 'cdk8s';

/** Which pages' scripts may call a route from a browser (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export interface CorsOptions {
  /** Origins such as `https://app.example.com`, `https://*.example.com`, or `*` for all. */
  readonly allowOrigins: string[];

  /**
   * Methods.
   *
   * @default - GET and POST
   */
  readonly allowMethods?: string[];

  /**
   * Request headers that scripts may send; `*` for all.
   *
   * @default - all
   */
  readonly allowHeaders?: string[];

  /**
   * Response headers that scripts may read.
   *
   * @default - retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-llm-attempts and x-llm-dropped-parameters
   */
  readonly exposeHeaders?: string[];

  /**
   * Whether browsers may send cookies and client certificates. Then the origins must be named.
   *
   * @default false
   */
  readonly allowCredentials?: boolean;

  /**
   * How long a browser may remember the answer to its preflight request.
   *
   * @default Duration.hours(1)
   */
  readonly maxAge?: Duration;
}
