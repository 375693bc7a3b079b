import { ClientIdentity } from './client-identity';
import { mayTake } from './model-access-defects';
import { compileAtSynth } from './regular-expression';
import { LLM_ROUTE_SPEC } from './resources/crd/llm-route-schema';
import { validate } from './resources/validate';
import { RuleManifest } from './rule-manifest';
import { LimitPeriod, TokenLimitOptions } from './token-limit';
import { limitCost, limitKeys, modelExpression, MOST_UNITS, unitsPerDollar } from './token-limit-rule';

/** Envoy Gateway's bound on the rules of one BackendTrafficPolicy. */
export const MOST_LIMITS = 256;
/** Of a selector's value. */
const LONGEST_SELECTOR = 1_024;
const SMALLEST_USD = 0.000_001;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]{1,200}$/;
/** Who brings another one of these is another client, and one client may have many. */
const SECRETS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'cookie']);

/** What is wrong with a limit by itself, whatever the route. */
export function tokenLimitDefects(limit: TokenLimitOptions): string[] {
  const defects = [...budgetDefects(limit), ...keyDefects(limit), ...modelDefects(limit)];
  if (!Object.values(LimitPeriod).includes(limit.per)) defects.push(`per ${JSON.stringify(limit.per)} is not allowed; allowed: ${Object.values(LimitPeriod).join(', ')}`);
  return defects;
}

/** What is wrong with the last of these limits beside those before it, and beside the costs that the route writes anyway. */
export function lastLimitDefects(
  limits: readonly TokenLimitOptions[], costs: ReadonlyArray<{ readonly metadataKey: string; readonly type: string; readonly unitsPerDollar?: number }>,
): string[] {
  const last = limits[limits.length - 1];
  const defects: string[] = [];
  if (limits.length > MOST_LIMITS) defects.push(`is one more than the ${MOST_LIMITS} that Envoy Gateway takes on one route; let one limit count by a key, or use a second LlmRoute`);
  const cost = limitCost(last);
  const other = costs.find(({ metadataKey }) => metadataKey === cost.metadataKey);
  if (other !== undefined && (other.type !== cost.type || other.unitsPerDollar !== cost.unitsPerDollar)) {
    const units = cost.unitsPerDollar === undefined ? '' : ` with unitsPerDollar ${cost.unitsPerDollar}`;
    defects.push(`counts ${cost.type}${units} under the metadata key ${JSON.stringify(cost.metadataKey)}, which costs of the route use for ${other.type}; give that cost another key`);
  }
  const source = last.key._source;
  if (source.kind === 'jwtClaim') {
    const twin = limits.map(({ key }) => key._source).find((one) => one.kind === 'jwtClaim' && one.header === source.header && one.claim !== source.claim);
    if (twin?.kind === 'jwtClaim') defects.push(`has the JWT claim ${JSON.stringify(source.claim)} as its key, which comes in the same header ${source.header} as ${JSON.stringify(twin.claim)}; take one of the two`);
  }
  return defects;
}

/** Why limits can never count: keys that no request has, models that no rule takes. */
export function idleLimitDefects(limits: readonly TokenLimitOptions[], identity: ClientIdentity, rules: readonly RuleManifest[] | undefined): string[] {
  return limits.flatMap((limit, index) => [...missingIdentity(limit, identity), ...unroutedModels(limit, rules)].map((defect) => `${limitTitle(index)} ${defect}`));
}

/** `token limit 2`, counted from 1. */
export function limitTitle(index: number): string {
  return `token limit ${index + 1}`;
}

function budgetDefects({ tokens, usd, count }: TokenLimitOptions): string[] {
  if (tokens !== undefined && usd !== undefined) return ['has tokens and usd; give one, and make two limits of it to have both'];
  if (tokens === undefined && usd === undefined) return ['has neither tokens nor usd; give one'];
  if (tokens === 0 || usd === 0) return [`has ${tokens === 0 ? 'tokens' : 'usd'} 0, which would block nothing: a budget counts from the next request on; to refuse models, leave them out of the rules`];
  if (tokens !== undefined && !(Number.isInteger(tokens) && tokens > 0 && tokens <= MOST_UNITS)) {
    return [`has tokens ${tokens}; allowed: whole numbers from 1 to ${MOST_UNITS}, since the rate limit service counts in 32 bits; for more, take a shorter period`];
  }
  if (usd !== undefined && !(usd >= SMALLEST_USD && unitsPerDollar(usd) !== undefined)) {
    return [`has usd ${usd}; allowed: 0.000001 to ${MOST_UNITS / 100}, since the rate limit service counts in 32 bits; for more, take a shorter period`];
  }
  if (usd !== undefined && count !== undefined) return ['has count, which goes with tokens; money is counted for all of them'];
  return [];
}

function keyDefects({ key }: TokenLimitOptions): string[] {
  const source = key._source;
  if (source.kind === 'jwtClaim' && !/^[^\s.]+(\.[^\s.]+)*$/.test(source.claim)) return [`has the JWT claim ${JSON.stringify(source.claim)} as its key; write its name, such as sub, or org.team for one within another`];
  if (source.kind !== 'header') return [];
  const { header } = source;
  if (!HEADER_NAME.test(header)) return [`has the header ${JSON.stringify(header)} as its key, which is no name of a header`];
  if (SECRETS.has(header)) return [`has the header ${header} as its key, which says what a client has and not who it is; use TokenLimitKey.apiKeyClient() or TokenLimitKey.jwtClaim(...)`];
  if (header.startsWith('x-llm-')) return [`has the header ${header} as its key; headers x-llm-* are the gateway's own: use TokenLimitKey.apiKeyClient() or TokenLimitKey.jwtClaim(...)`];
  if (header.startsWith('x-ai-gateway-') || header.startsWith('x-envoy-ai-gateway-')) return [`has the header ${header} as its key, which is the gateway's own; to limit models, name them in models`];
  return [];
}

function modelDefects(limit: TokenLimitOptions): string[] {
  const { models } = limit;
  if (models === undefined) return [];
  if (models.length === 0) return ['has an empty list of models; leave it out to count all models'];
  const defects: string[] = [];
  const schema = LLM_ROUTE_SPEC.properties?.rules.items?.properties?.models;
  if (schema !== undefined) validate(models.map((model) => model._toKube()), schema, 'models', (path, message) => { defects.push(`has ${path}, which ${message}`); });
  models.forEach((model, place) => {
    const { type, value } = model._toKube();
    try {
      if (type === 'RegularExpression') compileAtSynth(value);
    } catch (error) {
      defects.push(`has models[${place}] ${JSON.stringify(value)}, which is no RE2 expression: ${(error as Error).message}`);
    }
  });
  const { length } = modelExpression(limit);
  if (length > LONGEST_SELECTOR) defects.push(`has models that make an expression of ${length} characters; Envoy Gateway takes ${LONGEST_SELECTOR}: use a prefix or fewer models`);
  return defects;
}

function missingIdentity({ key }: TokenLimitOptions, { apiKeys, jwt }: ClientIdentity): string[] {
  const { kind } = key._source;
  if (kind === 'apiKeyClient' && !apiKeys) return ['counts by the clients of API keys, but no client sends one: set clientAuth of the route or its gateway to ClientAuth.apiKeys(...), or take another key'];
  if (kind === 'jwtClaim' && !jwt) return ['counts by a claim of JWTs, but no client sends one: set clientAuth of the route or its gateway to ClientAuth.jwt(...), or take another key'];
  return [];
}

/** `rules`: `undefined` where the user's own HTTPRoute decides. */
function unroutedModels({ models = [] }: TokenLimitOptions, rules: readonly RuleManifest[] | undefined): string[] {
  if (rules === undefined || rules.length === 0) return [];
  return models.map((model) => model._toKube()).filter(({ type, value }) => type === 'Exact' && !rules.some((rule) => mayTake(rule, value)))
    .map(({ value }) => `is for model ${JSON.stringify(value)}, which no rule of the route takes; correct the name, or remove it`);
}

/** What the LLMRoute's schema says against the headers that limits ask for. */
export function limitKeyDefects(limits: readonly TokenLimitOptions[]): string[] {
  const defects: string[] = [];
  const schema = LLM_ROUTE_SPEC.properties?.limitKeys;
  if (schema !== undefined) validate(limitKeys(limits), schema, 'limitKeys', (path, message) => { defects.push(`${path} ${message}`); });
  return defects;
}
