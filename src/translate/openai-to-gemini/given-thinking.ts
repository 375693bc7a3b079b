import { thinkingConfig } from './reasoning';
import { GeminiTraits } from '../gemini/gemini-traits';
import { GeminiGenerationConfig } from '../gemini/gemini-wire';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** Lets the model itself decide. https://ai.google.dev/gemini-api/docs/generate-content/thinking#set-budget */
const DYNAMIC = -1;

/**
 * How the model is told to think: by Anthropic's own `thinking`, which clients send beside OpenAI's fields, where the model takes a number of
 * tokens as that does, and else by `reasoning_effort`.
 */
export function askedThinking(request: RequestValue, traits: GeminiTraits, losses: Losses): GeminiGenerationConfig['thinkingConfig'] {
  const effort = request.member('reasoning_effort');
  const given = request.member('thinking');
  if (!given.present) {
    return thinkingConfig(effort, traits, losses);
  }
  if (traits.thinking.kind !== 'budget') {
    losses.advisory(given.path, 'this model takes no budget of tokens; send reasoning_effort');
    return thinkingConfig(effort, traits, losses);
  }
  const { lowest, highest, canBeOff } = traits.thinking;
  switch (given.member('type').oneOf(['enabled', 'disabled', 'adaptive', 'between_tools'])) {
    case 'disabled':
      if (!canBeOff) {
        losses.changed(given.path, `this model always reasons, with ${lowest} tokens at least`);
      }
      return { thinkingBudget: canBeOff ? 0 : lowest };
    case 'enabled': {
      const budget = given.member('budget_tokens');
      const taken = Math.min(Math.max(budget.positiveInteger(), lowest), highest);
      if (taken !== budget.value) {
        losses.changed(budget.path, `this model takes ${lowest} to ${highest}`);
      }
      return { ...shown(given), thinkingBudget: taken };
    }
    default:
      return { ...shown(given), thinkingBudget: thinkingConfig(effort, traits, losses)?.thinkingBudget ?? DYNAMIC };
  }
}

function shown(given: RequestValue): { readonly includeThoughts?: true } {
  const display = given.member('display');
  return display.present && display.oneOf(['summarized', 'omitted']) === 'omitted' ? {} : { includeThoughts: true };
}
