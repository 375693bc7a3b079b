import { GeminiThinkingLevel, GeminiTraits } from '../gemini/gemini-traits';
import { GeminiGenerationConfig } from '../gemini/gemini-wire';
import { Effort, EFFORTS, nearestEffort } from '../openai/reasoning-effort';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** Google's own figures for 2.5, https://ai.google.dev/gemini-api/docs/openai#thinking; it has none for the last two. */
const BUDGETS: Readonly<Record<Exclude<Effort, 'none'>, number>> = { minimal: 1024, low: 1024, medium: 8192, high: 24_576, xhigh: 32_768, max: 32_768 };

/** How the model is told to think; `undefined`: not at all, so that it does as it usually does. Thoughts are asked for where there are some. */
export function thinkingConfig(value: RequestValue, { thinking }: GeminiTraits, losses: Losses): GeminiGenerationConfig['thinkingConfig'] {
  if (!value.present) {
    return undefined;
  }
  const asked = value.oneOf(EFFORTS);
  switch (thinking.kind) {
    case 'none':
      if (asked !== 'none') {
        losses.advisory(value.path, 'this model cannot be told how much to reason');
      }
      return undefined;
    case 'budget':
      if (asked !== 'none') {
        return { includeThoughts: true, thinkingBudget: Math.min(Math.max(BUDGETS[asked], thinking.lowest), thinking.highest) };
      }
      if (!thinking.canBeOff) {
        losses.changed(value.path, `this model always reasons, with ${thinking.lowest} tokens at least`);
      }
      return { thinkingBudget: thinking.canBeOff ? 0 : thinking.lowest };
    case 'level':
      return level(value, asked, thinking.levels, losses);
  }
}

function level(value: RequestValue, asked: Effort, levels: readonly GeminiThinkingLevel[], losses: Losses): GeminiGenerationConfig['thinkingConfig'] {
  const known = levels.map((name) => name.toLowerCase() as Effort);
  const nearest = nearestEffort(asked, known) ?? known[0];
  if (nearest !== asked) {
    losses.changed(value.path, `this model knows ${known.join(', ')}`);
  }
  return { ...asked !== 'none' && { includeThoughts: true }, thinkingLevel: levels[known.indexOf(nearest)] };
}
