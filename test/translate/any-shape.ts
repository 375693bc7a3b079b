import * as fc from 'fast-check';

/** What stands where something else belongs. */
const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(null, [], {}, '', 0, -1, true, 'x', [null], [[]], { type: 'x' }, { type: 5 }));

/** Such requests, each with one part of another shape. */
export function misshapen(requests: fc.Arbitrary<object>): fc.Arbitrary<object> {
  return fc.tuple(requests, fc.nat(), junk).map(([request, place, by]) => replaced(JSON.parse(JSON.stringify(request)) as object, place, by));
}

/** The same value with the one at this place, in the order of a walk, replaced. */
function replaced(value: object, place: number, by: unknown): object {
  const holders: Array<readonly [holder: Record<string, unknown>, key: string]> = [];
  const walk = (at: unknown): void => {
    if (typeof at === 'object' && at !== null) {
      for (const key of Object.keys(at)) {
        holders.push([at as Record<string, unknown>, key]);
        walk((at as Record<string, unknown>)[key]);
      }
    }
  };
  walk(value);
  const [holder, key] = holders[place % holders.length];
  holder[key] = by;
  return value;
}
