import { LONGEST_CEL, prefixExpression } from './authorization-rules';
import { ClientAuthParts } from './client-auth-parts';
import { ModelAccessOptions } from './model-access';
import { LLM_ROUTE_SPEC } from './resources/crd/llm-route-schema';
import { ModelAccessRule } from './resources/llm-route';
import { validate } from './resources/validate';
import { RuleManifest } from './rule-manifest';

/** Models that cannot be said to Envoy. */
export function expressionDefects({ models = [] }: ModelAccessOptions): string[] {
  return models.map((model) => model._toKube()).flatMap(({ type, value }, place) => (type !== 'RegularExpression' ? [] : [
    `models[${place}] ${JSON.stringify(value)} is a regular expression: Envoy has bounds on these, and where one is beyond them it refuses the configuration of the whole Gateway; `
    + 'name the models, or use prefixes',
  ]));
}

/** What is wrong with one access rule by itself, or with the route's client authentication beside it. */
export function modelAccessDefects(access: ModelAccessRule, { apiKeys, jwt }: ClientAuthParts): string[] {
  const schema = LLM_ROUTE_SPEC.properties?.modelAccess.items;
  const defects: string[] = [];
  if (schema !== undefined) validate(access, schema, '', (path, message) => { defects.push(`${path.replace(/^\./, '')} ${message}`); });
  if (defects.length > 0) return defects;
  const { clients, claims, models } = access;
  if (apiKeys === undefined && jwt === undefined) return ['needs to know the client: set clientAuth of the route or its gateway to API keys or JWT'];
  if (clients === undefined && claims === undefined && models === undefined) return ['lets every client call every model, so other access rules would say nothing; name clients, claims or models'];
  if (clients !== undefined && apiKeys === undefined) defects.push('names clients, but no client sends an API key: set clientAuth of the route or its gateway to API keys, or name claims');
  if (claims !== undefined && jwt === undefined) defects.push('names claims, but no client sends a token: set clientAuth of the route or its gateway to JWT, or name clients');
  (models ?? []).forEach(({ type, value }, place) => {
    if (type === 'Prefix' && prefixExpression(value).length > LONGEST_CEL) defects.push(`models[${place}] is longer than Envoy takes in an access rule; shorten it`);
  });
  (claims ?? []).forEach(({ name }, place) => {
    if (!/^[^\s.]+(\.[^\s.]+)*$/.test(name)) defects.push(`claims[${place}] ${JSON.stringify(name)} is no name of a claim; write one such as sub, or org.team for one within another`);
  });
  return defects;
}

/** Names of clients that no Secret has, where all Secrets are part of the app. */
export function unknownClients({ clients = [] }: ModelAccessRule, known: readonly string[] | undefined): string[] {
  if (known === undefined) return [];
  return clients.filter((client) => !known.includes(client)).map((client) => `names client ${JSON.stringify(client)}, which no Secret of clientAuth has; there are ${known.join(', ') || 'none'}`);
}

/** Names of models that no rule takes. */
export function unroutedModels({ models = [] }: ModelAccessRule, rules: readonly RuleManifest[]): string[] {
  return models.filter(({ type, value }) => type === 'Exact' && !rules.some((rule) => mayTake(rule, value)))
    .map(({ value }) => `names model ${JSON.stringify(value)}, which no rule of the route takes; correct the name, or remove it`);
}

/** Whether a rule may take this model, as far as its name tells. */
export function mayTake({ models }: RuleManifest, name: string): boolean {
  return models === undefined || models.some(({ type = 'Exact', value }) => type === 'RegularExpression' || (type === 'Prefix' ? name.startsWith(value) : name === value));
}

