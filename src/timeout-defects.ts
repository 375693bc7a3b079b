import { RouteTimeouts } from './route-options';
import { DEFAULT_REQUEST_TIMEOUT } from './route-policies';

/** What is wrong with a route's timeouts by themselves. */
export function timeoutDefects({ request, idle, firstByte }: RouteTimeouts): string[] {
  const zero = Object.entries({ request, idle, firstByte }).filter(([, duration]) => duration?.toMilliseconds({ integral: false }) === 0)
    .map(([name]) => `timeouts.${name} must be above 0; leave it out for its default, or give a long one`);
  if (zero.length > 0 || firstByte === undefined) return zero;
  const whole = (request ?? DEFAULT_REQUEST_TIMEOUT).toMilliseconds();
  return firstByte.toMilliseconds() < whole ? [] : [`timeouts.firstByte ${firstByte.toMilliseconds() / 1_000} s never comes before the ${whole / 1_000} s of timeouts.request; shorten it, or leave it out`];
}
