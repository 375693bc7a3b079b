/** Edits of the upstream request's headers, after translation. */
export interface HeaderEdits {
  /**
   * Headers to set, by name. Credentials do not belong here: give them to the provider.
   *
   * @default - none
   */
  readonly set?: { [name: string]: string };

  /**
   * Headers to remove.
   *
   * @default - none
   */
  readonly remove?: string[];
}

/** Edits of the upstream request's JSON body, after translation. */
export interface BodyEdits {
  /**
   * JSON values to set, by dot-separated path, such as `stream_options.include_usage`.
   *
   * @default - none
   */
  readonly set?: { [path: string]: unknown };

  /**
   * Dot-separated paths to remove.
   *
   * @default - none
   */
  readonly remove?: string[];
}
