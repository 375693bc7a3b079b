import { calcPrice } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { backendManifest, backendOf, configurationOf } from './configuration-of';
import { PricedProvider, pricedProvider, priceOf, tokenPrices } from '../../src/runtime/model-prices';
import { Usage } from '../../src/translate/usage';

const AT = Date.parse('2026-10-10T10:00:00Z');
const usage = (more: Partial<Usage> = {}): Usage => ({
  inputTokens: 0, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 0, reasoningTokens: 0, totalTokens: 0, ...more,
});
const OPENAI: PricedProvider = { schema: 'OpenAI', origin: 'https://api.openai.com:443' };

test('cached and written input have prices of their own', () => {
  const prices = tokenPrices({ schema: 'Anthropic' }, 'claude-opus-5', 1_000, AT)!;
  expect(prices.cachedInput).toBeLessThan(prices.input);
  expect(prices.cacheCreationInput).toBeGreaterThan(prices.input);
  const { input, cachedInput, cacheCreationInput, output } = prices;
  expect(priceOf({ schema: 'Anthropic' }, 'claude-opus-5', usage({ inputTokens: 1_000, cachedInputTokens: 600, cacheCreationInputTokens: 300, outputTokens: 50, reasoningTokens: 20 }), AT))
    .toBeCloseTo((100 * input + 600 * cachedInput + 300 * cacheCreationInput + 50 * output) / 1e6, 12);
});

test('reasoning has the price of output where a list has no other', () => {
  const perplexity: PricedProvider = { schema: 'OpenAI', origin: 'https://api.perplexity.ai:443' };
  const cost = (reasoningTokens: number, provider: PricedProvider, model: string) => priceOf(provider, model, usage({ outputTokens: 1_000_000, reasoningTokens }), AT);
  expect(cost(1_000_000, OPENAI, 'gpt-5.2')).toBe(cost(0, OPENAI, 'gpt-5.2'));
  expect(cost(1_000_000, perplexity, 'sonar-deep-research')).toBeLessThan(cost(0, perplexity, 'sonar-deep-research')!);
});

test('a long input raises the price of the whole request', () => {
  const { input: short } = tokenPrices({ schema: 'GCPVertexAI' }, 'gemini-2.5-pro', 200_000, AT)!;
  const { input: long } = tokenPrices({ schema: 'GCPVertexAI' }, 'gemini-2.5-pro', 200_001, AT)!;
  expect(long).toBeGreaterThan(short);
});

test('the address says whose list counts, and else the schema', () => {
  const at = (provider: PricedProvider, model: string) => tokenPrices(provider, model, 1_000, AT)?.input;
  expect(at({ schema: 'OpenAI', origin: 'https://api.deepseek.com:443' }, 'deepseek-chat')).toBeGreaterThan(0);
  expect(at({ schema: 'AWSBedrock', origin: 'https://vpce-1.bedrock-runtime.us-east-1.vpce.amazonaws.com:443' }, 'us.anthropic.claude-sonnet-4-5-20250929-v1:0')).toBeGreaterThan(0);
  expect(at({ schema: 'GCPAnthropic' }, 'claude-sonnet-4-5@20250929')).toBe(3);
  expect(at({ schema: 'Cohere' }, 'command-a-03-2025')).toBeGreaterThan(0);
});

test.each<[string, PricedProvider, string]>([
  ['a server of one\'s own, though its model has a known name', { schema: 'OpenAI', origin: 'http://llama.models.svc.cluster.local:8080' }, 'gpt-5.2'],
  ['a server whose address is not known', { schema: 'OpenAI' }, 'gpt-5.2'],
  ['a model that is in no list', OPENAI, 'gpt-made-up-by-a-client'],
  ['a deployment of one\'s own name', { schema: 'AzureOpenAI', origin: 'https://my-resource.openai.azure.com:443' }, 'my-deployment'],
  ['a model that is paid for by the hour', OPENAI, 'whisper-1'],
])('%s costs nothing that is known', (_, provider, model) => {
  expect(priceOf(provider, model, usage({ inputTokens: 1_000, outputTokens: 10 }), AT)).toBeUndefined();
});

test('reranks are paid for by another unit', () => {
  expect(priceOf({ schema: 'Cohere' }, 'command-a-03-2025', usage({ searchUnits: 1 }), AT)).toBeUndefined();
});

test('names without end do not stay, and known ones go on having a price', () => {
  const before = priceOf(OPENAI, 'gpt-5.2', usage({ inputTokens: 1_000 }), AT);
  for (let index = 0; index < 1_500; index++) expect(priceOf(OPENAI, `made-up-${index}`, usage({ inputTokens: 1_000 }), AT)).toBeUndefined();
  expect(priceOf(OPENAI, 'gpt-5.2', usage({ inputTokens: 1_000 }), AT)).toBe(before);
});

test('prices that begin on a day count from that day', () => {
  // openai/o3: cheaper from 2025-06-10 on.
  const before = tokenPrices(OPENAI, 'o3', 1_000, Date.parse('2025-06-01T00:00:00Z'))!;
  expect(tokenPrices(OPENAI, 'o3', 1_000, AT)!.input).toBeLessThan(before.input);
});

const LISTED: ReadonlyArray<readonly [PricedProvider, string, string]> = [
  [OPENAI, 'openai', 'gpt-5.2'], [OPENAI, 'openai', 'gpt-4o-mini'], [OPENAI, 'openai', 'text-embedding-3-small'], [OPENAI, 'openai', 'gpt-5.4'],
  [{ schema: 'Anthropic' }, 'anthropic', 'claude-sonnet-4-5-20250929'], [{ schema: 'AWSAnthropic' }, 'aws', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
  [{ schema: 'AWSBedrock' }, 'aws', 'meta.llama3-70b-instruct-v1:0'], [{ schema: 'GCPVertexAI' }, 'google', 'gemini-2.5-pro'], [{ schema: 'Cohere' }, 'cohere', 'command-a-03-2025'],
  [{ schema: 'OpenAI', origin: 'https://api.perplexity.ai:443' }, 'perplexity', 'sonar-deep-research'],
];

test('it is what the lists\' own package works out', () => {
  const tokens = fc.integer({ min: 0, max: 400_000 });
  fc.assert(fc.property(fc.constantFrom(...LISTED), tokens, tokens, tokens, tokens, tokens, ([provider, providerId, model], plain, cached, written, said, thought) => {
    const counted = usage({
      inputTokens: plain + cached + written, cachedInputTokens: cached, cacheCreationInputTokens: written, outputTokens: said + thought, reasoningTokens: thought,
    });
    const expected = calcPrice(
      { input_tokens: plain + cached + written, cache_read_tokens: cached, cache_write_tokens: written, output_tokens: said + thought, output_reasoning_tokens: thought },
      model, { providerId, timestamp: new Date(AT) },
    );
    expect(priceOf(provider, model, counted, AT)).toBeCloseTo(expected?.total_price ?? NaN, 9);
  }), { numRuns: 300 });
});

test('nothing is fetched: the lists are in the package', () => {
  const fetch = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'));
  jest.isolateModules(() => {
    const fresh = jest.requireActual<{ priceOf: typeof priceOf }>('../../src/runtime/model-prices');
    expect(fresh.priceOf(OPENAI, 'gpt-5.2', usage({ inputTokens: 1_000 }), AT)).toBeGreaterThan(0);
  });
  expect(fetch).not.toHaveBeenCalled();
  fetch.mockRestore();
});

describe('prices of the backend\'s owner', () => {
  const owned = (models: string) => pricedProvider(backendOf(configurationOf(backendManifest('a', 'AWSBedrock', `models: [${models}]`)), 'a'));
  const tokens = usage({ inputTokens: 1_000_000, cachedInputTokens: 300_000, cacheCreationInputTokens: 200_000, outputTokens: 100_000, reasoningTokens: 40_000 });

  test('go before the public list, each kind of token with its own', () => {
    const provider = owned('{name: m, prices: {input: "10", cachedInput: "1", cacheWrite: "12.5", output: "100", reasoning: "50"}}');
    expect(priceOf(provider, 'm', tokens, AT)).toBeCloseTo(5 + 0.3 + 2.5 + 6 + 2, 12);
  });

  test('without a price for cached or written input, and for reasoning, those are input and output', () => {
    expect(tokenPrices(owned('{name: m, prices: {input: "2", output: "0"}}'), 'm', 1, AT)).toEqual({ input: 2, cachedInput: 2, cacheCreationInput: 2, output: 0, reasoning: 0 });
  });

  test('a base model has the public price under a name that no list knows', () => {
    const profile = 'arn:aws:bedrock:us-east-1:1234:application-inference-profile/abcd';
    const provider = owned(`{name: "${profile}", baseModel: anthropic.claude-opus-4-5-20251101-v1:0}`);
    expect(tokenPrices(provider, profile, 1, AT)).toBeDefined();
    expect(tokenPrices(provider, profile, 1, AT)).toEqual(tokenPrices({ schema: 'AWSBedrock' }, 'anthropic.claude-opus-4-5-20251101-v1:0', 1, AT));
    expect(tokenPrices({ schema: 'AWSBedrock' }, profile, 1, AT)).toBeUndefined();
  });

  test('an entry without either leaves the list as it is', () => {
    expect(tokenPrices(owned('{name: anthropic.claude-opus-4-5-20251101-v1:0, maxOutputTokens: 5}'), 'anthropic.claude-opus-4-5-20251101-v1:0', 1, AT))
      .toEqual(tokenPrices({ schema: 'AWSBedrock' }, 'anthropic.claude-opus-4-5-20251101-v1:0', 1, AT));
  });
});
