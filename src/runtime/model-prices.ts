import { calcPrice, findProvider, ModelPrice } from '@pydantic/genai-prices';
import { BackendConfiguration } from './configuration';
import { ConfiguredModel, TokenPrices } from './configured-model';
import { OutputSchemaName } from '../resources/schema-name';
import { PRICE_LIST_OF_SCHEMA } from '../translate/catalog/price-lists';
import { Usage } from '../translate/usage';

/** What has a price list: where a backend is, and what it speaks. */
export interface PricedProvider {
  readonly schema: OutputSchemaName;
  /** `https://api.openai.com:443`; absent where it is not known. */
  readonly origin?: string;
  /** Prices of the backend's owner, and names that the lists know its models by; they go before the lists. */
  readonly models?: ReadonlyMap<string, ConfiguredModel>;
}

const MILLION = 1_000_000;
const HOUR = 3_600_000;
/** Clients make up names of models without end where a rule takes any. */
const MOST_KEPT = 1_000;

interface Kept {
  /** Prices may change by the hour. */
  readonly hour: number;
  /** `undefined`: the model is in no list. */
  readonly list: ModelPrice | undefined;
}

/** What the lists say for one provider. */
interface ProviderPrices {
  /** Of its list; `undefined`: it has none. */
  readonly id: string | undefined;
  /** By the model's name. */
  readonly kept: Map<string, Kept>;
}

const ofBackend = new WeakMap<BackendConfiguration, PricedProvider>();
const ofProvider = new WeakMap<PricedProvider, ProviderPrices>();

/**
 * What a request cost by the backend owner's prices, or else by the provider's public price list, in US dollars: an estimate. Tokens are taken as text; searches, an account's own
 * discounts and service tiers are not in it. `undefined`: there is no price. `at`: milliseconds since the epoch.
 */
export function priceOf(provider: PricedProvider, model: string, usage: Usage, at: number = Date.now()): number | undefined {
  // Reranks are paid for by search units, which have no price there.
  if (usage.searchUnits !== undefined) return undefined;
  const prices = tokenPrices(provider, model, usage.inputTokens, at);
  if (prices === undefined) return undefined;
  const { inputTokens, cachedInputTokens, cacheCreationInputTokens, outputTokens, reasoningTokens } = usage;
  const cost = Math.max(inputTokens - cachedInputTokens - cacheCreationInputTokens, 0) * prices.input
    + cachedInputTokens * prices.cachedInput
    + cacheCreationInputTokens * prices.cacheCreationInput
    + Math.max(outputTokens - reasoningTokens, 0) * prices.output
    + reasoningTokens * prices.reasoning;
  return cost / MILLION;
}

/** The prices of a model for an input of this many tokens: its backend owner's, or else the public list's. `undefined`: there are none. */
export function tokenPrices(provider: PricedProvider, model: string, inputTokens: number, at: number = Date.now()): TokenPrices | undefined {
  const configured = provider.models?.get(model);
  if (configured?.prices !== undefined) return configured.prices;
  const list = priceList(provider, configured?.entry.baseModel ?? model, at);
  if (list === undefined) return undefined;
  const price = (key: string): number | undefined => {
    const found = list[key];
    if (found === undefined || typeof found === 'number') return found;
    // The whole request is paid for at the price of the tier that its input reaches.
    return found.tiers.reduce((reached, tier) => (inputTokens > tier.start ? tier.price : reached), found.base);
  };
  const [input = 0, output = 0] = [price('input_mtok'), price('output_mtok')];
  return {
    input,
    output,
    cachedInput: price('cache_read_mtok') ?? input,
    cacheCreationInput: price('cache_write_mtok') ?? input,
    reasoning: price('output_reasoning_mtok') ?? output,
  };
}

/** Where a backend's prices come from. */
export function pricedProvider(backend: BackendConfiguration): PricedProvider {
  let provider = ofBackend.get(backend);
  if (provider === undefined) {
    const { resource, endpoint, models } = backend;
    provider = { schema: resource.spec.outputSchema.schema, origin: endpoint?.origin, models };
    ofBackend.set(backend, provider);
  }
  return provider;
}

/** A search for a provider or a model takes up to 0.1 ms: the one is done once, the other once an hour. */
function pricesOf(provider: PricedProvider): ProviderPrices {
  let prices = ofProvider.get(provider);
  if (prices === undefined) {
    const { schema, origin } = provider;
    prices = { id: (origin === undefined ? undefined : findProvider({ providerApiUrl: origin })?.id) ?? PRICE_LIST_OF_SCHEMA[schema], kept: new Map() };
    ofProvider.set(provider, prices);
  }
  return prices;
}

function priceList(provider: PricedProvider, model: string, at: number): ModelPrice | undefined {
  const { id, kept } = pricesOf(provider);
  if (id === undefined) return undefined;
  const hour = Math.floor(at / HOUR);
  const known = kept.get(model);
  if (known?.hour === hour) return known.list;
  if (kept.size >= MOST_KEPT) kept.clear();
  const list = lookUp(provider, model, at);
  kept.set(model, { hour, list });
  return list;
}

/** Tokens of input and output together, by the public lists; `undefined`: they do not say. */
export function contextWindowOf(provider: PricedProvider, model: string, at: number = Date.now()): number | undefined {
  return find(provider, provider.models?.get(model)?.entry.baseModel ?? model, at)?.model.context_window;
}

function lookUp(provider: PricedProvider, model: string, at: number): ModelPrice | undefined {
  const list = find(provider, model, at)?.model_price;
  // Paid for by time, pages or pictures alone.
  return list?.input_mtok === undefined && list?.output_mtok === undefined ? undefined : list;
}

function find(provider: PricedProvider, model: string, at: number): ReturnType<typeof calcPrice> | undefined {
  const { id } = pricesOf(provider);
  return id === undefined ? undefined : calcPrice({}, model, { providerId: id, timestamp: new Date(at) });
}
