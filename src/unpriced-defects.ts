import { ILlmBackend } from './llm-backend';
import { LlmRuleOptions } from './llm-rule';
import { ModelMatch } from './model-match';
import { compileAtSynth } from './regular-expression';
import { matcher } from './routing/rule-table';
import { ruleTitle, titleOf } from './rule-defects';
import { TokenLimitOptions } from './token-limit';
import { limitTitle } from './token-limit-defects';
import { mayBeListed } from './translate/catalog/price-lists';

/** Budgets of money that cannot count: models without a price that such a limit is for, as far as rules name their models. */
export function unpricedDefects(limits: readonly TokenLimitOptions[], rules: readonly LlmRuleOptions[]): string[] {
  return limits.flatMap((limit, index) => (limit.usd === undefined ? [] : rules.flatMap((rule, place) => rule.targets.flatMap(({ backend, model, weight }) => {
    if (weight === 0) return [];
    const asked = exactModels(rule.models).filter((name) => covers(limit.models, name));
    const sent = model === undefined ? asked : asked.length > 0 || limit.models === undefined ? [model] : [];
    return sent.filter((name) => !hasPrice(backend, name)).map((name) => `${limitTitle(index)} counts money, but no price list has model ${JSON.stringify(name)} of LlmBackend ${titleOf(backend)} `
      + `(${ruleTitle(place, rule.name)}), whose requests would cost nothing; give it prices in the LlmBackend's models, limit its tokens, or name the models that the limit is for in models`);
  }))));
}

function hasPrice(backend: ILlmBackend, model: string): boolean {
  const entry = backend.models.find(({ name }) => name === model);
  if (entry?.prices !== undefined) return true;
  return mayBeListed({ schema: backend.schema, origin: `https://${backend.host}:${backend.port}` }, entry?.baseModel ?? model);
}

function exactModels(models: readonly ModelMatch[] = []): string[] {
  return models.map((model) => model._toKube()).filter(({ type }) => type === 'Exact').map(({ value }) => value);
}

function covers(models: readonly ModelMatch[] | undefined, name: string): boolean {
  return models === undefined || models.some((model) => matcher(model._toKube(), compileAtSynth)(name));
}
