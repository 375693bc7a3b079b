/** What the client must change, or must know: rendered in the client's dialect by the error writer of that dialect. */
export class RequestError extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    message: string,
    /** Stable and machine-readable, such as `unsupported_parameter`. */
    readonly code: string | null = null,
    /** The parameter's name in the client's dialect. */
    readonly param: string | null = null,
  ) {
    super(message);
    this.name = 'RequestError';
  }
}
