import { ModelEntry, ModelPrices } from '../resources/model-entry';
import { Lacks, statedLacks } from '../translate/catalog/stated-capabilities';

/** US dollars per million tokens, for an input of a certain length. */
export interface TokenPrices {
  readonly input: number;
  readonly cachedInput: number;
  readonly cacheCreationInput: number;
  readonly output: number;
  readonly reasoning: number;
}

/** What a backend's owner says of one of its models, ready for use. */
export interface ConfiguredModel {
  readonly entry: ModelEntry;
  /** Absent: nothing, or nothing is said of it. */
  readonly lacks?: Lacks;
  /** Absent: the public lists have them. */
  readonly prices?: TokenPrices;
}

/** By the name that the provider knows. */
export function configuredModels(entries: readonly ModelEntry[] = []): ReadonlyMap<string, ConfiguredModel> {
  return new Map(entries.map((entry) => {
    const lacks = statedLacks(entry);
    return [entry.name, { entry, ...lacks && { lacks }, ...entry.prices && { prices: pricesOf(entry.prices) } }];
  }));
}

function pricesOf({ input, output, cachedInput = input, cacheWrite = input, reasoning = output }: ModelPrices): TokenPrices {
  return {
    input: Number(input), cachedInput: Number(cachedInput), cacheCreationInput: Number(cacheWrite), output: Number(output), reasoning: Number(reasoning),
  };
}
