import { FailoverOptions } from './failover';
import { HeaderMatch } from './header-match';
import { ILlmBackend } from './llm-backend';
import { ModelMatch } from './model-match';
import { BodyEdits, HeaderEdits } from './request-edits';

/** What happens to request parameters that a provider has no counterpart for. */
export enum UnsupportedParameters {
  /** Every one of them is refused with 400. */
  STRICT = 'Strict',
  /** Those whose loss changes the answer are refused with 400, the rest is left out and named in a response header. */
  SAFE = 'Safe',
  /** All are left out and named in a response header. */
  LENIENT = 'Lenient',
}

/** One backend of a rule. */
export interface LlmTarget {
  /** The backend; one of another namespace must have allowed this route's. */
  readonly backend: ILlmBackend;

  /**
   * Its share among the targets of the same priority.
   *
   * @default 1
   */
  readonly weight?: number;

  /**
   * The targets of the lowest number are used; those of higher ones where the rule has `failover`, after all before them failed.
   *
   * @default 0
   */
  readonly priority?: number;

  /**
   * The model's name at the provider.
   *
   * @default - the name that the client asked for
   */
  readonly model?: string;
}

/** One rule of an LlmRoute: which models go to which backends. */
export interface LlmRuleOptions {
  /** The backends and their shares. */
  readonly targets: LlmTarget[];

  /**
   * Name in logs, metrics and messages.
   *
   * @default - its place in the list of rules
   */
  readonly name?: string;

  /**
   * Models that the rule takes: one must match.
   *
   * @default - any model
   */
  readonly models?: ModelMatch[];

  /**
   * Request headers that the rule asks for: all must match.
   *
   * @default - none
   */
  readonly headers?: HeaderMatch[];

  /**
   * Edits of the upstream request's headers, after translation and before those of the backend. Not of headers for credentials, of those that the
   * gateway sees to (such as `host` and `content-length`), or of the gateway's own.
   *
   * @default - none
   */
  readonly requestHeaders?: HeaderEdits;

  /**
   * Edits of the upstream request's JSON body, after translation and before those of the backend: in the field names of the provider. Not of `model`
   * and `stream`.
   *
   * @default - none
   */
  readonly requestBody?: BodyEdits;

  /**
   * What follows when a target fails.
   *
   * @default - the failure is the client's answer
   */
  readonly failover?: FailoverOptions;

  /**
   * What happens to request parameters that a provider has no counterpart for.
   *
   * @default UnsupportedParameters.SAFE
   */
  readonly unsupportedParameters?: UnsupportedParameters;
}
