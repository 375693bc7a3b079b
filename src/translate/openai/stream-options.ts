import { RequestValue } from '../request/request-value';

/** Whether `stream_options` asks for the usage chunk. */
export function includesUsage(options: RequestValue): boolean {
  const include = options.present ? options.member('include_usage') : options;
  return include.present && include.boolean();
}
