import { LONGEST_CEL, modelExpression } from './authorization-rules';
import { ClientAuthParts } from './client-auth';
import { ModelAccessManifest } from './model-access';
import { compileAtSynth } from './regular-expression';
import { LLM_ROUTE_SPEC } from './resources/crd/llm-route-schema';
import { validate } from './resources/validate';
import { RuleManifest } from './rule-manifest';

/** Envoy refuses longer ones when it evaluates CEL: the model would be refused to everybody. */
const LONGEST_EXPRESSION = 64;

/** What is wrong with one access rule by itself, or with the route's client authentication beside it. */
export function modelAccessDefects(access: ModelAccessManifest, { apiKeys, jwt }: ClientAuthParts): string[] {
  const schema = LLM_ROUTE_SPEC.properties?.modelAccess.items;
  const defects: string[] = [];
  if (schema !== undefined) validate(access, schema, '', (path, message) => { defects.push(`${path.replace(/^\./, '')} ${message}`); });
  if (defects.length > 0) return defects;
  const { clients, claims, models } = access;
  if (apiKeys === undefined && jwt === undefined) return ['needs to know the client: set clientAuth of the route or its gateway to API keys or JWT'];
  if (clients === undefined && claims === undefined && models === undefined) return ['lets every client call every model, so other access rules would say nothing; name clients, claims or models'];
  if (clients !== undefined && apiKeys === undefined) defects.push('names clients, but no client sends an API key: set clientAuth of the route or its gateway to API keys, or name claims');
  if (claims !== undefined && jwt === undefined) defects.push('names claims, but no client sends a token: set clientAuth of the route or its gateway to JWT, or name clients');
  (claims ?? []).forEach(({ name }, place) => {
    if (!/^[^\s.]+(\.[^\s.]+)*$/.test(name)) defects.push(`claims[${place}] ${JSON.stringify(name)} is no name of a claim; write one such as sub, or org.team for one within another`);
  });
  (models ?? []).forEach((model, place) => defects.push(...expressionDefects(model, `models[${place}]`)));
  return defects;
}

/** Names of clients that no Secret has, where all Secrets are part of the app. */
export function unknownClients({ clients = [] }: ModelAccessManifest, known: readonly string[] | undefined): string[] {
  if (known === undefined) return [];
  return clients.filter((client) => !known.includes(client)).map((client) => `names client ${JSON.stringify(client)}, which no Secret of clientAuth has; there are ${known.join(', ') || 'none'}`);
}

/** Names of models that no rule takes. */
export function unroutedModels({ models = [] }: ModelAccessManifest, rules: readonly RuleManifest[]): string[] {
  return models.filter(({ type, value }) => type === 'Exact' && !rules.some((rule) => mayTake(rule, value)))
    .map(({ value }) => `names model ${JSON.stringify(value)}, which no rule of the route takes; correct the name, or remove it`);
}

function mayTake({ models }: RuleManifest, name: string): boolean {
  return models === undefined || models.some(({ type = 'Exact', value }) => type === 'RegularExpression' || (type === 'Prefix' ? name.startsWith(value) : name === value));
}

function expressionDefects(model: NonNullable<ModelAccessManifest['models']>[number], path: string): string[] {
  if (model.type === 'Exact') return [];
  if (model.type === 'RegularExpression') {
    try {
      compileAtSynth(model.value);
    } catch (error) {
      return [`${path} ${JSON.stringify(model.value)} is no regular expression in RE2 syntax: ${(error as Error).message}`];
    }
    if (model.value.length > LONGEST_EXPRESSION) {
      return [`${path} has ${model.value.length} characters; Envoy evaluates expressions of at most ${LONGEST_EXPRESSION} in access rules: name the models, or use prefixes`];
    }
  }
  return modelExpression(model).length > LONGEST_CEL ? [`${path} has ${model.value.length} characters, more than an access rule takes; shorten it`] : [];
}
