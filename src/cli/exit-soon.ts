const GRACE_MILLISECONDS = 1_000;

/** Ends the process even where a library holds a connection that nobody else can close, as to a metadata server that does not answer. */
export function exitSoon(): void {
  setTimeout(() => process.exit(), GRACE_MILLISECONDS).unref();
}
