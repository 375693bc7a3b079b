import { DEFAULT_UNITS_PER_DOLLAR, LimitKey, RouteCost } from './resources/llm-route';
import { limitKeyHeader, METADATA_NAMESPACE, MODEL_HEADER } from './resources/object-meta';
import { CountedTokens, TokenLimitOptions } from './token-limit';
import {
  BackendTrafficPolicySpecRateLimitGlobalRules as RateLimitRule, BackendTrafficPolicySpecRateLimitGlobalRulesClientSelectorsHeaders as HeaderSelector,
  BackendTrafficPolicySpecRateLimitGlobalRulesClientSelectorsHeadersType as SelectorType, BackendTrafficPolicySpecRateLimitGlobalRulesCostRequestFrom as RequestFrom,
  BackendTrafficPolicySpecRateLimitGlobalRulesCostResponseFrom as ResponseFrom, BackendTrafficPolicySpecRateLimitGlobalRulesLimitUnit as Unit,
} from '../imports/gateway.envoyproxy.io';

/** The rate limit service counts in 32 bits. */
export const MOST_UNITS = 4_294_967_295;

/** Finest first. */
const UNITS_PER_DOLLAR = [1_000_000, 10_000, 100] as const;

const METADATA_KEYS: Readonly<Record<CountedTokens, string>> = {
  [CountedTokens.TOTAL]: 'total_tokens',
  [CountedTokens.INPUT]: 'input_tokens',
  [CountedTokens.OUTPUT]: 'output_tokens',
};

/** The finest unit in which a budget fits; `undefined`: it fits in none. */
export function unitsPerDollar(usd: number): number | undefined {
  return UNITS_PER_DOLLAR.find((units) => Math.round(usd * units) <= MOST_UNITS);
}

/** What the limit counts, as the LLMRoute says it. The limit has no defect. */
export function limitCost({ usd, count = CountedTokens.TOTAL }: TokenLimitOptions): RouteCost {
  if (usd === undefined) return { metadataKey: METADATA_KEYS[count], type: count };
  const units = unitsPerDollar(usd) ?? DEFAULT_UNITS_PER_DOLLAR;
  return { metadataKey: `usd_1e-${Math.log10(units)}`, type: 'Price', unitsPerDollar: units };
}

/** The limit as the BackendTrafficPolicy says it. The limit has no defect. */
export function rateLimitRule(limit: TokenLimitOptions): RateLimitRule {
  const { tokens, usd, per } = limit;
  const cost = limitCost(limit);
  const requests = tokens ?? Math.round((usd ?? 0) * (cost.unitsPerDollar ?? 1));
  const headers = [...keySelector(limit), ...modelSelector(limit)];
  return {
    ...(headers.length === 0 ? {} : { clientSelectors: [{ headers }] }),
    limit: { requests, unit: per as unknown as Unit },
    cost: {
      // Asked for before the answer is known, each request would cost 1.
      request: { from: RequestFrom.NUMBER, number: 0 },
      response: { from: ResponseFrom.METADATA, metadata: { namespace: METADATA_NAMESPACE, key: cost.metadataKey } },
    },
    // Otherwise each rule of the HTTPRoutes, and so each backend, has a budget of its own.
    shared: true,
  };
}

/** The headers that limits count by, each once. */
export function limitKeys(limits: readonly TokenLimitOptions[]): LimitKey[] {
  const keys = new Map<string, LimitKey>();
  for (const { key, models } of limits) {
    const source = key._source;
    if (source.kind === 'everyone') continue;
    const known = keys.get(source.header);
    const forAll = models === undefined || (known !== undefined && known.models === undefined);
    const matchers = [...known?.models ?? [], ...(models ?? []).map((model) => model._toKube())];
    keys.set(source.header, {
      header: source.header,
      ...(source.kind === 'jwtClaim' ? { claim: source.claim } : {}),
      ...(forAll ? {} : { models: matchers.filter(({ type, value }, place) => matchers.findIndex((other) => other.type === type && other.value === value) === place) }),
    });
  }
  return [...keys.values()];
}

/** One expression of all models of a limit that has several, or any but an exact name: they share one budget. */
export function modelExpression({ models = [] }: TokenLimitOptions): string {
  const parts = models.map((model) => {
    const { type, value } = model._toKube();
    switch (type) {
      case 'Exact': return quoteMeta(value);
      case 'Prefix': return `${quoteMeta(value)}.*`;
      case 'RegularExpression': return `(?:${value})`;
    }
  });
  return `^(?:${parts.join('|')})$`;
}

function keySelector({ key }: TokenLimitOptions): HeaderSelector[] {
  const source = key._source;
  return source.kind === 'everyone' ? [] : [{ name: limitKeyHeader(source.header), type: SelectorType.DISTINCT }];
}

function modelSelector(limit: TokenLimitOptions): HeaderSelector[] {
  if (limit.models === undefined) return [];
  const [first, ...others] = limit.models.map((model) => model._toKube());
  return [others.length === 0 && first.type === 'Exact'
    ? { name: MODEL_HEADER, type: SelectorType.EXACT, value: first.value }
    : { name: MODEL_HEADER, type: SelectorType.REGULAR_EXPRESSION, value: modelExpression(limit) }];
}

/** As RE2's own QuoteMeta does for what is not a letter, digit or underscore; others than ASCII stand for themselves. */
function quoteMeta(text: string): string {
  return text.replace(/[^A-Za-z0-9_\u0080-\uffff-]/g, '\\$&');
}
