import { Duration } from 'cdk8s';

const UNITS = [['h', 3_600_000], ['m', 60_000], ['s', 1_000], ['ms', 1]] as const;

/** Gateway API's notation (GEP-2257), such as `1h30m`. */
export function gatewayDuration(duration: Duration): string {
  let rest = duration.toMilliseconds({ integral: false });
  const parts = UNITS.map(([unit, milliseconds]) => {
    const amount = Math.floor(rest / milliseconds);
    rest -= amount * milliseconds;
    return amount === 0 ? '' : `${amount}${unit}`;
  });
  return parts.join('') || '0s';
}
