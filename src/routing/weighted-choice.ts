/** What may be chosen: by priority first, then in proportion to weight. */
export interface Weighted {
  /** Share among those of the same priority; 0 is never chosen. */
  readonly weight: number;
  /** The lowest with a weight above 0 is used. */
  readonly priority: number;
}

/** The items that share the requests: those of the lowest priority number in which any weight is above 0. */
export function activeTargets<T extends Weighted>(items: readonly T[]): T[] {
  const live = items.filter((item) => item.weight > 0);
  const lowest = Math.min(...live.map((item) => item.priority));
  return live.filter((item) => item.priority === lowest);
}

/** Each active item's share of the requests; they add up to 1. */
export function shares<T extends Weighted>(items: readonly T[]): ReadonlyArray<{ readonly item: T; readonly share: number }> {
  const active = activeTargets(items);
  const total = active.reduce((sum, item) => sum + item.weight, 0);
  return active.map((item) => ({ item, share: item.weight / total }));
}

/** A compiled choice; `undefined` when nothing has a weight above 0. */
export function weightedChoice<T extends Weighted>(items: readonly T[]): WeightedChoice<T> | undefined {
  return weightedChoiceOf(items, (item) => item);
}

/** The same of what the items stand for. */
export function weightedChoiceOf<T extends Weighted, Value>(items: readonly T[], of: (item: T) => Value): WeightedChoice<Value> | undefined {
  const [first, ...others] = activeTargets(items);
  if (first === undefined) return undefined;
  let upTo = first.weight;
  const rest = others.map((item) => {
    upTo += item.weight;
    return { upTo, value: of(item) };
  });
  return new WeightedChoice(of(first), first.weight, rest, upTo);
}

/** Picks by `random`. What most picks need stands in the object itself: with thousands of routes each step to another object waits for memory. */
export class WeightedChoice<Value> {
  constructor(
    private readonly first: Value, private readonly firstUpTo: number,
    private readonly rest: ReadonlyArray<{ readonly upTo: number; readonly value: Value }>, private readonly total: number,
  ) {}

  /** `random`: in [0, 1). */
  pick(random: number): Value {
    const place = random * this.total;
    if (place < this.firstUpTo) return this.first;
    const { rest } = this;
    for (const { upTo, value } of rest) if (place < upTo) return value;
    return rest.length === 0 ? this.first : rest[rest.length - 1].value;
  }
}
