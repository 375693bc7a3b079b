import { Losses } from './losses';
import { ParameterTable } from '../parameter-table';

const MAX_UNKNOWN = 20;

/**
 * Takes the parameters that have no counterpart out of the way, or throws `RequestError` for those that the route does not let go.
 * `unknownReason`: what is said of a field that the table does not have. `extensions`: fields beside it that the translator reads all the same.
 */
export function applyParameterPolicy(
  json: Readonly<Record<string, unknown>>, table: ParameterTable, losses: Losses, unknownReason: string, extensions: readonly string[] = [],
): void {
  let unknown = 0;
  for (const [name, value] of Object.entries(json)) {
    if (value === null || value === undefined || extensions.includes(name)) {
      continue;
    }
    const rule = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!rule) {
      unknown += 1;
      losses.advisory(unknown > MAX_UNKNOWN ? '(others)' : printable(name), unknownReason);
    } else if ((rule.treatment === 'advisory' || rule.treatment === 'semantic') && !rule.harmless?.(value)) {
      losses[rule.treatment](name, rule.note ?? 'there is no counterpart');
    }
  }
}

/** Names go into a response header, so a client's own names must not bring other characters into it. */
function printable(name: string): string {
  return /^[\w.-]{1,64}$/.test(name) ? name : '(unprintable)';
}
