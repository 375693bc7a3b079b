/** Values of OpenAI's `reasoning_effort`, from least to most. */
export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

export const EFFORTS: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The effort itself where it is among the known ones, or else the next lower one, or else the lowest; `undefined`: none is known. */
export function nearestEffort(asked: Effort, known: readonly Effort[]): Effort | undefined {
  const rank = EFFORTS.indexOf(asked);
  return known.filter((effort) => EFFORTS.indexOf(effort) <= rank).at(-1) ?? known[0];
}
