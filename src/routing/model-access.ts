import { CLIENT_ID_HEADER, claimHeader } from '../resources/client-identity';
import { ClaimMatcher, ModelAccessRule } from '../resources/llm-route';

/** Which models the client of a request may call, by the headers in which Envoy says who it is. */
export type ModelAccess = (header: (name: string) => string | undefined) => (model: string) => boolean;

type HeaderTest = readonly [name: string, test: (value: string) => boolean];

const EVERY_MODEL: ModelAccess = () => () => true;

/** Compiles `spec.modelAccess`. What it allows, the SecurityPolicy of the constructs allows (`authorizationRules`). */
export function compileModelAccess(rules: readonly ModelAccessRule[] | undefined): ModelAccess {
  if (rules === undefined) return EVERY_MODEL;
  const compiled = rules.map(compileRule);
  return (header) => {
    const own = compiled.filter(({ isFor }) => isFor(header));
    return (model) => own.some(({ allows }) => allows(model));
  };
}

/** Which of the rules are for the client of a request, and which of those allow the model; places in the list. */
export function matchingAccess(
  rules: readonly ModelAccessRule[], header: (name: string) => string | undefined, model: string,
): { readonly client: readonly number[]; readonly model: readonly number[] } {
  const compiled = rules.map(compileRule);
  const client = [...compiled.keys()].filter((place) => compiled[place].isFor(header));
  return { client, model: client.filter((place) => compiled[place].allows(model)) };
}

function compileRule({ clients, claims, models }: ModelAccessRule) {
  const headers = headerTests(clients, claims);
  return {
    isFor: (header: (name: string) => string | undefined): boolean => headers.every(([name, test]) => {
      const value = header(name);
      return value !== undefined && test(value);
    }),
    allows: modelTest(models),
  };
}

function headerTests(clients: readonly string[] | undefined, claims: readonly ClaimMatcher[] = []): HeaderTest[] {
  return [
    ...(clients === undefined ? [] : [[CLIENT_ID_HEADER, (id: string) => clients.includes(id)] as const]),
    ...claims.map(({ name, valueType, values }): HeaderTest => [
      claimHeader(name), valueType === 'StringArray' ? (value) => listClaim(value).some((one) => values.includes(one)) : (value) => values.includes(value),
    ]),
  ];
}

/** Envoy puts a claim that is a list into its header as base64url of JSON. */
function listClaim(header: string): string[] {
  try {
    const list: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
    return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

function modelTest(models: ModelAccessRule['models']): (model: string) => boolean {
  if (models === undefined) return () => true;
  const exact = new Set(models.filter(({ type }) => type === 'Exact').map(({ value }) => value));
  const prefixes = models.filter(({ type }) => type === 'Prefix').map(({ value }) => value);
  return (model) => exact.has(model) || prefixes.some((prefix) => model.startsWith(prefix));
}
