import { LLMRoute } from '../resources/llm-route';
import { objectKey, ObjectKey } from '../resources/object-meta';
import { Forward } from '../runtime/exchange';
import { compileRe2 } from '../runtime/re2';

/** One rate limit that counts a request; plain data. */
export interface ExplainedLimit {
  /** BackendTrafficPolicy, `<namespace>/<name>`. */
  readonly policy: ObjectKey;
  /** From 0: part of the key that its budgets are kept under. */
  readonly rule: number;
  /** In what the metadata key counts. */
  readonly budget: number;
  readonly unit: string;
  readonly metadataKey: string;
  /** Of a budget of money: what one dollar is. */
  readonly unitsPerDollar?: number;
  /** What has a budget of its own; none: all requests that the rule is for share one. */
  readonly by: ReadonlyArray<{ readonly header: string; readonly value: string }>;
  /** Estimated, with the request; what the provider counts replaces it. */
  readonly charged?: number;
}

/** The part of a BackendTrafficPolicy that counts what ExtProc says. */
export interface RateLimitPolicy {
  readonly kind?: unknown;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: {
    readonly targetRefs?: ReadonlyArray<{ readonly kind: string; readonly name: string }>;
    readonly rateLimit?: { readonly global?: { readonly rules?: readonly RateLimitRule[] } };
  };
}

interface RateLimitRule {
  readonly clientSelectors?: ReadonlyArray<{ readonly headers?: readonly HeaderSelector[] }>;
  readonly limit: { readonly requests: number; readonly unit: string };
  readonly cost?: { readonly response?: { readonly metadata?: { readonly key: string } } };
}

interface HeaderSelector {
  readonly name: string;
  readonly type?: 'Exact' | 'RegularExpression' | 'Distinct';
  readonly value?: string;
  readonly invert?: boolean;
}

/** The policies among these documents. */
export function rateLimitPolicies(documents: ReadonlyArray<{ readonly value: unknown }>): RateLimitPolicy[] {
  return documents.map(({ value }) => value as RateLimitPolicy | null).filter((value): value is RateLimitPolicy => typeof value === 'object' && value?.kind === 'BackendTrafficPolicy'
    && typeof value.metadata?.name === 'string' && Array.isArray(value.spec?.rateLimit?.global?.rules));
}

/** The limits on this HTTPRoute that count a request which ExtProc sends on like this. `header`: of the client's request. */
export function explainLimits(
  policies: readonly RateLimitPolicy[], httpRoute: ObjectKey, route: LLMRoute, forward: Forward, header: (name: string) => string | undefined,
): ExplainedLimit[] {
  const set = new Map(forward.setHeaders);
  const seen = (name: string) => set.get(name.toLowerCase()) ?? (forward.removeHeaders.includes(name.toLowerCase()) ? undefined : header(name.toLowerCase()));
  return policies.filter(({ metadata, spec }) => spec.targetRefs?.some(({ kind, name }) => kind === 'HTTPRoute' && objectKey(metadata.namespace ?? 'default', name) === httpRoute))
    .flatMap(({ metadata, spec }) => (spec.rateLimit?.global?.rules ?? []).flatMap((rule, index) => {
      const metadataKey = rule.cost?.response?.metadata?.key;
      const selectors = (rule.clientSelectors ?? []).flatMap(({ headers = [] }) => headers);
      if (metadataKey === undefined || !selectors.every((selector) => selects(selector, seen(selector.name)))) return [];
      const cost = route.spec.costs?.find((one) => one.metadataKey === metadataKey);
      const charged = forward.metadata[metadataKey];
      return [{
        policy: objectKey(metadata.namespace ?? 'default', metadata.name),
        rule: index,
        budget: rule.limit.requests,
        unit: rule.limit.unit,
        metadataKey,
        ...cost?.unitsPerDollar !== undefined && { unitsPerDollar: cost.unitsPerDollar },
        by: selectors.filter(({ type }) => type === 'Distinct').map(({ name }) => ({ header: name, value: seen(name) ?? '' })),
        ...typeof charged === 'number' && { charged },
      }];
    }));
}

/** The same for people. */
export function limitLine({ policy, rule, budget, unit, metadataKey, unitsPerDollar, by, charged }: ExplainedLimit): string {
  const amount = (units: number) => (unitsPerDollar === undefined ? `${units} ${metadataKey}` : `$${(units / unitsPerDollar).toLocaleString('en-US', { maximumFractionDigits: 9, useGrouping: false })}`);
  const whose = by.length === 0 ? 'for all together' : `for ${by.map(({ header, value }) => `${header} ${value}`).join(', ')}`;
  return `${amount(budget)} a ${unit.toLowerCase()} ${whose}, rule ${rule} of BackendTrafficPolicy ${policy}${charged === undefined ? '' : `; this request begins with about ${amount(charged)}`}`;
}

function selects({ type = 'Exact', value = '', invert = false }: HeaderSelector, seen: string | undefined): boolean {
  if (seen === undefined) return false;
  if (type === 'Distinct') return true;
  return invert !== (type === 'Exact' ? seen === value : compileRe2(value).test(seen));
}
