import { pricedProvider, tokenPrices } from './model-prices';
import { RouteSurroundings } from './rules-route';
import { LLMRoute } from '../resources/llm-route';
import { objectKey } from '../resources/object-meta';

/** Where a route counts money: reports its targets of which it is known now that no price list has them. */
export function reportUnpriced(route: LLMRoute, { backends, report }: RouteSurroundings): void {
  const { costs = [], rules = [] } = route.spec;
  if (!costs.some(({ type }) => type === 'Price')) return;
  const object = `LLMRoute ${objectKey(route.metadata.namespace, route.metadata.name)}`;
  rules.forEach((rule, index) => {
    const exact = (rule.models ?? []).filter(({ type }) => type === 'Exact').map(({ value }) => value);
    rule.backendRefs.forEach((reference, place) => {
      const key = objectKey(reference.namespace ?? route.metadata.namespace, reference.name);
      const backend = backends.get(key);
      if (backend === undefined || (reference.weight === 0)) return;
      for (const model of reference.model === undefined ? exact : [reference.model]) {
        if (tokenPrices(pricedProvider(backend), model, 0) !== undefined) continue;
        report(object, `spec.rules[${index}].backendRefs[${place}]`, `no price list has model ${model} of LLMBackend ${key}, and the route counts money; its requests count as 0 dollars`);
      }
    });
  });
}
