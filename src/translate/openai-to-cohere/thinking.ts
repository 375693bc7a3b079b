import { CohereThinking } from '../cohere/cohere-wire';
import { Effort, EFFORTS } from '../openai/reasoning-effort';
import { RequestValue } from '../request/request-value';

/** Tokens of thinking, those that it is worth to limit; a request's own token limit may make it less. */
const BUDGETS: Readonly<Partial<Record<Effort, number>>> = { minimal: 1024, low: 2048, medium: 8192 };
/** Of the token limit, so that something is left for the answer. */
const LARGEST_SHARE = 0.8;

/** `reasoning_effort`; Cohere itself refuses it for a model that does not reason. https://docs.cohere.com/docs/reasoning */
export function thinking(value: RequestValue, maxTokens: number | undefined): CohereThinking | undefined {
  if (!value.present) {
    return undefined;
  }
  const effort = value.oneOf(EFFORTS);
  if (effort === 'none') {
    return { type: 'disabled' };
  }
  const budget = BUDGETS[effort];
  const room = maxTokens === undefined ? Infinity : Math.max(1, Math.floor(maxTokens * LARGEST_SHARE));
  return budget === undefined ? { type: 'enabled' } : { type: 'enabled', token_budget: Math.min(budget, room) };
}
