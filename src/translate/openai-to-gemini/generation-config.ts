import { askedThinking } from './given-thinking';
import { responseFormat } from './response-format';
import { GeminiTraits } from '../gemini/gemini-traits';
import { GeminiGenerationConfig } from '../gemini/gemini-wire';
import { tokenLimit } from '../openai/token-limit';
import { Losses } from '../request/losses';
import { RequestValue } from '../request/request-value';

/** https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference#generationconfig */
const MOST_CANDIDATES = 8;
const MOST_LOGPROBS = 20;
const MOST_STOPS = 5;
const INT32 = 2 ** 31;

/** `undefined`: the request says nothing of it. */
export function generationConfig(request: RequestValue, traits: GeminiTraits, losses: Losses): GeminiGenerationConfig | undefined {
  const maxOutputTokens = tokenLimit(request, losses);
  const stopSequences = stops(request.member('stop'), losses);
  const thinking = askedThinking(request, traits, losses);
  const config: GeminiGenerationConfig = {
    ...candidates(request.member('n')),
    ...maxOutputTokens !== undefined && { maxOutputTokens },
    ...number(request.member('temperature'), 'temperature', 0, 2),
    ...number(request.member('top_p'), 'topP', 0, 1),
    ...number(request.member('top_k'), 'topK', 1, INT32 - 1),
    ...number(request.member('frequency_penalty'), 'frequencyPenalty', -2, 2, 0),
    ...number(request.member('presence_penalty'), 'presencePenalty', -2, 2, 0),
    ...seed(request.member('seed'), losses),
    ...stopSequences.length > 0 && { stopSequences },
    ...logprobs(request),
    ...responseFormat(request.member('response_format'), traits, losses),
    ...thinking && { thinkingConfig: thinking },
  };
  return Object.keys(config).length > 0 ? config : undefined;
}

/** How many answers the client asked for. */
export function candidateCount(n: RequestValue): number {
  if (!n.present) {
    return 1;
  }
  if (n.positiveInteger() > MOST_CANDIDATES) {
    throw n.invalid(`this model's provider (Google Gemini) gives ${MOST_CANDIDATES} answers at most`);
  }
  return n.positiveInteger();
}

function candidates(n: RequestValue): Pick<GeminiGenerationConfig, 'candidateCount'> {
  const count = candidateCount(n);
  return count > 1 ? { candidateCount: count } : {};
}

/** `usual`: what the model does without it; some models refuse the field whatever it says. */
function number<Name extends keyof GeminiGenerationConfig>(value: RequestValue, name: Name, lowest: number, highest: number, usual?: number): { [Key in Name]?: number } {
  return value.present && value.number(lowest, highest) !== usual ? { [name]: value.number(lowest, highest) } as { [Key in Name]?: number } : {};
}

function seed(value: RequestValue, losses: Losses): Pick<GeminiGenerationConfig, 'seed'> {
  if (!value.present) {
    return {};
  }
  const wanted = value.number(-Number.MAX_VALUE, Number.MAX_VALUE);
  if (Number.isInteger(wanted) && wanted >= -INT32 && wanted < INT32) {
    return { seed: wanted };
  }
  losses.advisory(value.path, 'Gemini takes whole numbers of 32 bits');
  return {};
}

/** White space is a stop sequence like any other for Gemini. */
function stops(stop: RequestValue, losses: Losses): string[] {
  if (!stop.present) {
    return [];
  }
  const all = typeof stop.value === 'string' ? [stop.value] : stop.items().map((item) => item.string());
  const sent = all.filter((text) => text !== '');
  if (sent.length < all.length) {
    losses.changed(stop.path, 'empty stop sequences are not sent');
  }
  if (sent.length > MOST_STOPS) {
    throw stop.invalid(`this model's provider (Google Gemini) takes ${MOST_STOPS} at most`);
  }
  return sent;
}

function logprobs(request: RequestValue): Pick<GeminiGenerationConfig, 'responseLogprobs' | 'logprobs'> {
  const asked = request.member('logprobs');
  const top = request.member('top_logprobs');
  const count = top.present ? top.number(0, MOST_LOGPROBS) : 0;
  if (!Number.isInteger(count)) {
    throw top.invalid('it must be a whole number');
  }
  if (!asked.present || !asked.boolean()) {
    if (count > 0) {
      throw top.invalid('it needs \'logprobs\' to be true');
    }
    return {};
  }
  return { responseLogprobs: true, ...count > 0 && { logprobs: count } };
}
