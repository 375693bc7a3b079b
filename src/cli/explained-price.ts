import { BackendConfiguration } from '../runtime/configuration';
import { TokenPrices } from '../runtime/configured-model';
import { pricedProvider, tokenPrices } from '../runtime/model-prices';

/** What a request would cost, in US dollars; prices are per million tokens. */
export interface ExplainedPrice extends TokenPrices {
  /** Whose prices these are: `spec.models` of the LLMBackend, or the provider's public list. */
  readonly by: 'spec.models' | 'public list';
  /** Guessed: four characters each, media not counted. */
  readonly inputTokens: number;
  readonly inputCost: number;
  /** Absent: the request sets no limit. */
  readonly mostOutputTokens?: number;
  readonly mostOutputCost?: number;
}

const CHARACTERS_A_TOKEN = 4;
const MILLION = 1_000_000;
const LIMITS = ['max_completion_tokens', 'max_output_tokens', 'max_tokens'];

/** `undefined`: there is no price. `request`: the client's body, parsed. */
export function explainPrice(backend: BackendConfiguration, model: string, request: unknown): ExplainedPrice | undefined {
  const inputTokens = guessedInputTokens(request);
  const prices = tokenPrices(pricedProvider(backend), model, inputTokens);
  if (prices === undefined) return undefined;
  const mostOutputTokens = outputLimitOf(request);
  return {
    ...prices,
    by: backend.models.get(model)?.prices === undefined ? 'public list' : 'spec.models',
    inputTokens,
    inputCost: inputTokens * prices.input / MILLION,
    ...mostOutputTokens !== undefined && { mostOutputTokens, mostOutputCost: mostOutputTokens * prices.output / MILLION },
  };
}

/** The lines for people: the prices, and what this request comes to. */
export function priceLines({ by, input, cachedInput, output, inputTokens, inputCost, mostOutputTokens, mostOutputCost }: ExplainedPrice): string[] {
  const limit = mostOutputCost === undefined ? '' : `, at most ${dollars(mostOutputCost)} for ${mostOutputTokens} of output`;
  return [
    `${dollars(input)} a million tokens of input, ${dollars(cachedInput)} of cached input, ${dollars(output)} of output, by ${by === 'spec.models' ? 'spec.models of the LLMBackend' : 'the public list'}`,
    `about ${dollars(inputCost)} for some ${inputTokens} tokens of input${limit}`,
  ];
}

/** Three digits that count, never in powers of ten. */
function dollars(amount: number): string {
  const text = amount.toLocaleString('en-US', { maximumSignificantDigits: 3, useGrouping: false });
  return `$${text}`;
}

/** Four characters each, media not counted. */
export function guessedInputTokens(request: unknown): number {
  return Math.ceil(textLength(request) / CHARACTERS_A_TOKEN);
}

/** Characters of all texts but media: data URLs and what stands in fields called `data`. */
function textLength(value: unknown, name = ''): number {
  if (typeof value === 'string') return name === 'data' || value.startsWith('data:') || name === 'model' ? 0 : value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [key, member]) => sum + textLength(member, Array.isArray(value) ? name : key), 0);
}

/** The most tokens of output that a request asks for, in the words of any dialect. */
export function outputLimitOf(request: unknown): number | undefined {
  if (typeof request !== 'object' || request === null) return undefined;
  const limits = LIMITS.map((name) => (request as Readonly<Record<string, unknown>>)[name]);
  return limits.find((limit): limit is number => typeof limit === 'number');
}
