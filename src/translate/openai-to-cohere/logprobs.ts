import type { ChatCompletionTokenLogprob } from 'openai/resources/chat/completions';
import { CohereLogprobs } from '../cohere/cohere-wire';

/** Cohere's log probabilities in OpenAI's shape. A piece of several tokens is one entry with the probability of all of them. */
export function tokenLogprobs(items: readonly CohereLogprobs[]): ChatCompletionTokenLogprob[] {
  return items.map(({ text, logprobs }) => {
    const token = text ?? '';
    return { token, logprob: (logprobs ?? []).reduce((sum, value) => sum + value, 0), bytes: [...new TextEncoder().encode(token)], top_logprobs: [] };
  });
}
