import fc from 'fast-check';
import { authorizationRules } from '../../src/authorization-rules';
import { CLIENT_ID_HEADER, claimHeader } from '../../src/client-identity';
import { ModelAccessRule } from '../../src/resources/llm-route';
import { MODEL_HEADER } from '../../src/resources/object-meta';
import { compileModelAccess } from '../../src/routing/model-access';

/** Who calls, as Envoy knows it after it checked key and token. */
interface Caller {
  readonly client?: string;
  readonly claims: Readonly<Record<string, string | readonly string[]>>;
  /** Whose token it is. */
  readonly provider: string;
}

const PROVIDERS = ['jwt-1', 'jwt-2'];

/** The headers that Envoy sets of it: a claim that is a list comes as base64url of JSON. */
function headersOf({ client, claims }: Caller): Map<string, string> {
  const encoded = Object.entries(claims).map(([name, value]) => [claimHeader(name), typeof value === 'string' ? value : Buffer.from(JSON.stringify(value)).toString('base64url')] as const);
  return new Map([...encoded, ...(client === undefined ? [] : [[CLIENT_ID_HEADER, client] as const])]);
}

/** What Envoy does with the rules of a SecurityPolicy; the default is to deny. */
function allowedByEnvoy(rules: ReturnType<typeof authorizationRules>, caller: Caller, model: string): boolean {
  const headers = headersOf(caller).set(MODEL_HEADER, model);
  return rules.some(({ principal, cel }) => {
    const byHeaders = (principal?.headers ?? []).every(({ name, values }) => values.includes(headers.get(name) ?? '\0'));
    const jwt = principal?.jwt;
    const byToken = jwt === undefined || (jwt.provider === caller.provider && (jwt.claims ?? []).every(({ name, values }) => {
      const value = caller.claims[name];
      return Array.isArray(value) && value.some((one: string) => values.includes(one));
    }));
    return byHeaders && byToken && (cel === undefined || cel.split(' || ').some((term) => {
      const prefix = /^request\.headers\['x-ai-gateway-llm-model'\]\.startsWith\((".*")\)$/.exec(term)?.[1];
      expect(prefix).toBeDefined();
      return model.startsWith(JSON.parse(prefix ?? '') as string);
    }));
  });
}

const word = fc.constantFrom('a', 'b', 'ab', 'abc', 'b"c', 'é');
const client = fc.constantFrom('team-a', 'team-b', 'team-c');
const rule: fc.Arbitrary<ModelAccessRule> = fc.record({
  clients: fc.uniqueArray(client, { minLength: 1 }),
  claims: fc.array(fc.record({ name: fc.constantFrom('sub', 'org.team', 'groups'), valueType: fc.constantFrom('String' as const, 'StringArray' as const), values: fc.array(word, { minLength: 1, maxLength: 3 }) }), { minLength: 1, maxLength: 3 }),
  models: fc.array(fc.record({ type: fc.constantFrom('Exact' as const, 'Prefix' as const), value: word }), { minLength: 1, maxLength: 5 }),
}, { requiredKeys: [] });
const caller: fc.Arbitrary<Caller> = fc.record({
  client,
  claims: fc.dictionary(fc.constantFrom('sub', 'org.team', 'groups'), fc.oneof(word, fc.array(word, { maxLength: 3 }))),
  provider: fc.constantFrom(...PROVIDERS),
}, { requiredKeys: ['claims', 'provider'] });

test('what ExtProc lists is what Envoy allows', () => {
  let allowed = 0;
  let denied = 0;
  fc.assert(fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), caller, fc.array(word, { minLength: 1, maxLength: 6 }), (rules, who, models) => {
    const headers = headersOf(who);
    const policy = authorizationRules(rules, PROVIDERS);
    const lists = compileModelAccess(rules)((name) => headers.get(name));
    for (const model of models) {
      const byEnvoy = allowedByEnvoy(policy, who, model);
      expect(lists(model)).toBe(byEnvoy);
      if (byEnvoy) allowed += 1;
      else denied += 1;
    }
  }), { numRuns: 2_000 });
  expect(Math.min(allowed, denied)).toBeGreaterThan(200);
});

test('without rules, every client may call every model', () => {
  expect(compileModelAccess(undefined)(() => undefined)('any')).toBe(true);
});

test('a claim header that is no list of texts is in no list', () => {
  const access = compileModelAccess([{ claims: [{ name: 'groups', valueType: 'StringArray', values: ['admins', '7'] }] }]);
  for (const value of ['admins', '', '[]', Buffer.from('{"admins":1}').toString('base64url'), Buffer.from('[7]').toString('base64url')]) expect(access(() => value)('m')).toBe(false);
});

test('many names and prefixes become several rules within the bounds of Envoy Gateway', () => {
  const models = [...Array.from({ length: 600 }, (_, index) => ({ type: 'Exact' as const, value: `exact-${index}` })), ...Array.from({ length: 200 }, (_, index) => ({ type: 'Prefix' as const, value: `prefix-${index}-` }))];
  const rules = authorizationRules([{ clients: ['team-a'], models }], []);
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  for (const { principal, cel = '' } of rules) {
    expect(cel.length).toBeLessThanOrEqual(4_096);
    for (const { values } of principal?.headers ?? []) expect(values.length).toBeLessThanOrEqual(256);
  }
  for (const model of ['exact-0', 'exact-599', 'prefix-0-x', 'prefix-199-x']) expect(allowedByEnvoy(rules, { client: 'team-a', claims: {}, provider: '' }, model)).toBe(true);
});
