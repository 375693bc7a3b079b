import type { ChatCompletion, ChatCompletionTokenLogprob } from 'openai/resources/chat/completions';
import { GeminiLogprobs } from '../gemini/gemini-wire';

type TopLogprob = ChatCompletionTokenLogprob.TopLogprob;

const encoder = new TextEncoder();

/** Gemini's log probabilities as OpenAI words them. */
export function chatLogprobs(result: GeminiLogprobs): NonNullable<ChatCompletion.Choice['logprobs']> {
  const content = (result.chosenCandidates ?? []).map((chosen, index): ChatCompletionTokenLogprob => ({
    ...tokenLogprob(chosen),
    top_logprobs: (result.topCandidates?.[index]?.candidates ?? []).map(tokenLogprob),
  }));
  return { content, refusal: null };
}

function tokenLogprob({ token = '', logProbability = 0 }: NonNullable<GeminiLogprobs['chosenCandidates']>[number]): TopLogprob {
  return { token, logprob: logProbability, bytes: [...encoder.encode(token)] };
}
