const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** Milliseconds of a Gateway API duration (GEP-2257), such as `1m30s`, that has passed the schema. */
export function milliseconds(duration: string): number {
  let sum = 0;
  for (const [, amount, unit] of duration.matchAll(/(\d+)(ms|h|m|s)/g)) sum += Number(amount) * UNITS[unit];
  return sum;
}
