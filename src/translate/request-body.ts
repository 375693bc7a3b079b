/** A request body, JSON or a form, parsed at most once and only when somebody needs more than `model` and `stream`. */
export interface RequestBody {
  readonly bytes: Uint8Array;
  /** Top-level `model`; throws `RequestError` 400 when the body is no JSON object and no form, or has no model. */
  readonly model: string;
  /** Top-level `stream`, false when absent. */
  readonly stream: boolean;
  /** The parsed body. Throws `RequestError` 400 when it is no JSON object. Must not be changed. */
  json(): Readonly<Record<string, unknown>>;
}
