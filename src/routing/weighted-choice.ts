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

/** Compiles a choice by `random` in [0, 1); `undefined` when nothing has a weight above 0. */
export function weightedChoice<T extends Weighted>(items: readonly T[]): ((random: number) => T) | undefined {
  const active = activeTargets(items);
  if (active.length === 0) return undefined;
  const total = active.reduce((sum, item) => sum + item.weight, 0);
  return (random) => {
    let rest = random * total;
    for (const item of active) {
      rest -= item.weight;
      if (rest < 0) return item;
    }
    return active[active.length - 1];
  };
}
