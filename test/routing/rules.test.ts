import fc from 'fast-check';
import { LLMRouteRule } from '../../src/resources/llm-route';
import { RuleTable } from '../../src/routing/rule-table';
import { shares, weightedChoice } from '../../src/routing/weighted-choice';
import { compileRe2 } from '../../src/runtime/re2';

const rule = (more: Partial<LLMRouteRule>): LLMRouteRule => ({ backendRefs: [{ name: 'a', weight: 1, priority: 0 }], unsupportedParameters: 'Safe', ...more });
const models = (...values: string[]) => values.map((value) => ({ type: 'Exact' as const, value }));
const choose = (rules: LLMRouteRule[], model: string, headers: Record<string, string> = {}) =>
  new RuleTable(rules, compileRe2, rules).find(model, { header: (name) => headers[name] })?.index;

test('the first rule that matches wins, whatever its kind', () => {
  const rules = [
    rule({ models: models('gpt-4o'), headers: [{ type: 'Exact', name: 'X-Tenant', value: 'a' }] }),
    rule({ models: [{ type: 'Prefix', value: 'gpt-' }, ...models('special')] }),
    rule({ models: models('gpt-4o', 'llama') }),
    rule({ models: [{ type: 'RegularExpression', value: 'l.*a' }] }),
    rule({}),
  ];
  expect(choose(rules, 'gpt-4o', { 'x-tenant': 'a' })).toBe(0);
  expect(choose(rules, 'gpt-4o')).toBe(1);
  expect(choose(rules, 'special')).toBe(1);
  expect(choose(rules, 'llama')).toBe(2);
  expect(choose(rules, 'lama')).toBe(3);
  expect(choose(rules, 'xlama')).toBe(4);
  expect(choose(rules.slice(0, 4), 'xlama')).toBeUndefined();
});

test('the table agrees with trying the rules one by one', () => {
  const matcher = fc.record({ type: fc.constantFrom('Exact' as const, 'Prefix' as const), value: fc.constantFrom('a', 'ab', 'abc', 'b') });
  const anyRule = fc.record({ models: fc.option(fc.array(matcher, { minLength: 1, maxLength: 3 }), { nil: undefined }) }).map(rule);
  fc.assert(fc.property(fc.array(anyRule, { maxLength: 6 }), fc.constantFrom('a', 'ab', 'abc', 'b', 'c'), (rules, model) => {
    const naive = rules.findIndex((one) => one.models === undefined
      || one.models.some((match) => (match.type === 'Exact' ? model === match.value : model.startsWith(match.value))));
    expect(choose(rules, model)).toBe(naive < 0 ? undefined : naive);
  }), { numRuns: 300 });
});

const weighted = fc.array(fc.record({ weight: fc.nat(10), priority: fc.nat(2) }), { minLength: 1, maxLength: 6 });

test('weights partition [0, 1) in proportion, and only the lowest live priority is used', () => {
  fc.assert(fc.property(weighted, (items) => {
    const choice = weightedChoice(items);
    const expected = shares(items);
    if (choice === undefined) {
      expect(items.every((item) => item.weight === 0)).toBe(true);
      return;
    }
    const steps = expected.reduce((sum, { item }) => sum + item.weight, 0);
    const counts = new Map<object, number>();
    for (let step = 0; step < steps; step += 1) {
      const item = choice.pick((step + 0.5) / steps);
      counts.set(item, (counts.get(item) ?? 0) + 1);
    }
    for (const { item, share } of expected) expect(counts.get(item)).toBeCloseTo(share * steps, 6);
    expect(expected.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    const lowest = Math.min(...items.filter((item) => item.weight > 0).map((item) => item.priority));
    expect(expected.every(({ item }) => item.priority === lowest && item.weight > 0)).toBe(true);
    expect(choice.pick(0).weight).toBeGreaterThan(0);
    expect(choice.pick(1 - Number.EPSILON).weight).toBeGreaterThan(0);
  }), { numRuns: 300 });
});

test('20/80', () => {
  const choice = weightedChoice([{ name: 'kserve', weight: 20, priority: 0 }, { name: 'bedrock', weight: 80, priority: 0 }]);
  expect(choice?.pick(0.1999).name).toBe('kserve');
  expect(choice?.pick(0.2).name).toBe('bedrock');
});

test('each target has one interval of [0, 1), in the order given', () => {
  fc.assert(fc.property(weighted, fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 2, maxLength: 50 }), (items, numbers) => {
    const choice = weightedChoice(items);
    if (choice === undefined) return;
    const places = numbers.sort((left, right) => left - right).map((random) => items.indexOf(choice.pick(random)));
    expect(places).toEqual([...places].sort((left, right) => left - right));
    expect(places).not.toContain(-1);
  }), { numRuns: 500 });
});

test('a million even numbers fall to targets in proportion to their weights', () => {
  const items = [{ weight: 1, priority: 0 }, { weight: 0, priority: 0 }, { weight: 20, priority: 0 }, { weight: 79, priority: 0 }, { weight: 5, priority: 1 }];
  const choice = weightedChoice(items);
  const counts = items.map(() => 0);
  for (let step = 0; step < 1_000_000; step += 1) counts[items.indexOf(choice?.pick(step / 1_000_000) ?? items[4])] += 1;
  expect(counts).toEqual([10_000, 0, 200_000, 790_000, 0]);
});
