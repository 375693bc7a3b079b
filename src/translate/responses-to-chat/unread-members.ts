import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** Notes the members of an object that nothing reads; those that only say what the target does anyway are among the known ones. */
export function noteUnreadMembers(value: RequestValue, known: ReadonlySet<string>, losses: Losses): void {
  const object = value.object();
  for (const name of Object.keys(object)) {
    if (!known.has(name) && object[name] !== null && object[name] !== undefined) {
      // Names go into a response header, so a client's own names must not bring other characters into it.
      losses.advisory(`${value.path}.${/^[\w-]{1,64}$/.test(name) ? name : '(unprintable)'}`, 'there is no counterpart');
    }
  }
}
