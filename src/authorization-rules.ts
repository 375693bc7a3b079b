import { CLIENT_ID_HEADER, claimHeader } from './client-identity';
import { ModelAccessRule } from './resources/llm-route';
import { MODEL_HEADER } from './resources/object-meta';
import {
  SecurityPolicySpecAuthorizationRules, SecurityPolicySpecAuthorizationRulesAction as Action, SecurityPolicySpecAuthorizationRulesPrincipal as Principal,
  SecurityPolicySpecAuthorizationRulesPrincipalJwtClaimsValueType as ValueType,
} from '../imports/gateway.envoyproxy.io';

/** Envoy Gateway's bounds: values of one header, characters of one expression. */
const MOST_VALUES = 256;
export const LONGEST_CEL = 4_096;

type Models = NonNullable<ModelAccessRule['models']>;
type Part = Pick<SecurityPolicySpecAuthorizationRules, 'principal' | 'cel'>;

/**
 * `modelAccess` in Envoy Gateway's words. Envoy asks them after ExtProc, on the model header that ExtProc sets; what they allow, `compileModelAccess`
 * lists.
 *
 * @param jwtProviders names of the JWT providers of the same SecurityPolicy
 */
export function authorizationRules(access: readonly ModelAccessRule[], jwtProviders: readonly string[]): SecurityPolicySpecAuthorizationRules[] {
  return access.flatMap((entry, index) => callers(entry, jwtProviders).flatMap((caller) => models(entry.models).map((part) => withPrincipal(caller, part)))
    .map((part, place) => ({ name: `models-${index + 1}${place === 0 ? '' : `-${place + 1}`}`, action: Action.ALLOW, ...part })));
}

/** Who calls: one, or one for each provider that may have issued a token with a list. */
function callers({ clients, claims = [] }: ModelAccessRule, jwtProviders: readonly string[]): Principal[] {
  const headers = [
    ...(clients === undefined ? [] : [{ name: CLIENT_ID_HEADER, values: [...clients] }]),
    ...claims.filter(({ valueType }) => valueType === 'String').map(({ name, values }) => ({ name: claimHeader(name), values: [...values] })),
  ];
  // In its header a list is encoded.
  const lists = claims.filter(({ valueType }) => valueType === 'StringArray')
    .map(({ name, values }) => ({ name, valueType: ValueType.STRING_ARRAY, values: [...values] }));
  const principal = headers.length === 0 ? {} : { headers };
  return lists.length === 0 ? [principal] : jwtProviders.map((provider) => ({ ...principal, jwt: { provider, claims: lists } }));
}

/** Names as values of the model header, prefixes as expressions. */
function models(matchers: Models | undefined): Part[] {
  if (matchers === undefined) return [{}];
  const names = matchers.filter(({ type }) => type === 'Exact').map(({ value }) => value);
  const parts: Part[] = [];
  for (let start = 0; start < names.length; start += MOST_VALUES) {
    parts.push({ principal: { headers: [{ name: MODEL_HEADER, values: names.slice(start, start + MOST_VALUES) }] } });
  }
  let cel = '';
  for (const expression of matchers.filter(({ type }) => type === 'Prefix').map(({ value }) => prefixExpression(value))) {
    const joined = cel === '' ? expression : `${cel} || ${expression}`;
    if (joined.length > LONGEST_CEL) parts.push({ cel });
    cel = joined.length > LONGEST_CEL ? expression : joined;
  }
  return cel === '' ? parts : [...parts, { cel }];
}

/** In CEL, https://github.com/google/cel-spec/blob/master/doc/langdef.md. */
export function prefixExpression(prefix: string): string {
  return `request.headers['${MODEL_HEADER}'].startsWith(${JSON.stringify(prefix)})`;
}

/** With the model first: that is what somebody who reads the policy looks for. */
function withPrincipal(caller: Principal, { principal, cel }: Part): Part {
  const headers = [...principal?.headers ?? [], ...caller.headers ?? []];
  const all = { ...(headers.length === 0 ? {} : { headers }), ...(caller.jwt === undefined ? {} : { jwt: caller.jwt }) };
  return { ...(Object.keys(all).length === 0 ? {} : { principal: all }), ...(cel === undefined ? {} : { cel }) };
}
