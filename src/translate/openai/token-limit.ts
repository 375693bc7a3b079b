import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** `max_completion_tokens`, or else `max_tokens`; `undefined`: the request has neither. */
export function tokenLimit(request: RequestValue, losses: Losses): number | undefined {
  const [newer, older] = ['max_completion_tokens', 'max_tokens'].map((name) => request.member(name)).map((value) => ({
    value, limit: value.present ? value.positiveInteger() : undefined,
  }));
  if (newer.limit !== undefined && older.limit !== undefined && newer.limit !== older.limit) {
    losses.changed(older.value.path, 'max_completion_tokens wins');
  }
  return newer.limit ?? older.limit;
}
