/** Least severity that ExtProc logs. */
export enum ExtProcLogLevel {
  /** Everything. */
  TRACE = 'trace',
  /** A line for each request, besides what `INFO` has. */
  DEBUG = 'debug',
  /** Start, stop and every new configuration. */
  INFO = 'info',
  /** Failed requests and problems in the configuration. */
  WARN = 'warn',
  /** Refused configurations and faults of ExtProc itself. */
  ERROR = 'error',
  /** What ends the process. */
  FATAL = 'fatal',
  /** Nothing. */
  SILENT = 'silent',
}
