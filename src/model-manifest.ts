import { BackendModel, ModelPrices } from './backend-model';
import { ModelEntry } from './resources/model-entry';

/** More digits than any price list has. */
const DIGITS = 12;

/** One entry of `LLMBackend.spec.models`; it has passed `modelDefects`. */
export function modelManifest({ prices, ...model }: BackendModel): ModelEntry {
  return { ...model, ...prices && { prices: Object.fromEntries(amounts(prices).map(([name, amount]) => [name, decimal(amount)])) as unknown as ModelEntry['prices'] } };
}

/** What the CRD's schema cannot say against these, in the words of `LlmBackendProps`. */
export function modelDefects(models: readonly BackendModel[]): string[] {
  return models.flatMap(({ name, prices }, index) => {
    const twin = models.findIndex((other) => other.name === name);
    return [
      ...twin < index ? [`models[${index}].name ${JSON.stringify(name)} is that of models[${twin}] too; give each model one entry`] : [],
      ...prices === undefined ? [] : amounts(prices).flatMap(([price, amount]) => (Number.isFinite(amount) && amount >= 0 ? [] : [
        `models[${index}].prices.${price} must be US dollars per million tokens, 0 or more, not ${amount}`,
      ])),
    ];
  });
}

function amounts(prices: ModelPrices): Array<[name: string, amount: number]> {
  return Object.entries(prices).filter(([, amount]) => amount !== undefined);
}

/** Never in powers of ten, as `String` writes small numbers. */
function decimal(amount: number): string {
  return amount.toFixed(DIGITS).replace(/\.?0+$/, '');
}
