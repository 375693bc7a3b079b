import { Weighted, weightedChoice } from './weighted-choice';

/** What a plan may look at besides weights and priorities. */
export interface FailoverPlanOptions<T> {
  /** Chooses the first attempt as `weightedChoice` would, in [0, 1). */
  readonly first: number;
  /** For the attempts after it, in [0, 1). */
  random(): number;
  /** Attempts in all. */
  readonly attempts: number;
  /** False: failed again and again of late, so it comes behind all others. @default - every item is usable */
  usable?(item: T): boolean;
}

/**
 * The items in the order in which they are tried, none twice: by priority, within a priority drawn by weight from those that are left. Items
 * that are not usable come last, in the same order among themselves: the weights of the rest share their load, and where nothing is usable,
 * everything is tried anyway.
 */
export function failoverPlan<T extends Weighted>(items: readonly T[], options: FailoverPlanOptions<T>): T[] {
  const { usable } = options;
  const plan: T[] = [];
  const draw = (from: readonly T[]): void => {
    let left = from;
    while (plan.length < options.attempts) {
      const item = weightedChoice(left)?.pick(plan.length === 0 ? options.first : options.random());
      if (item === undefined) return;
      plan.push(item);
      left = left.filter((other) => other !== item);
    }
  };
  if (usable === undefined) {
    draw(items);
  } else {
    draw(items.filter((item) => usable(item)));
    draw(items.filter((item) => !usable(item)));
  }
  return plan;
}
