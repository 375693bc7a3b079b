import fc from 'fast-check';
import { HeaderMatcher, LLMRouteRule, ModelMatcher } from '../../src/resources/llm-route';
import { expressionDefects, unreachableModels, unreachableRules, unusedTargets, zeroWeightRules } from '../../src/routing/rule-checks';
import { RuleTable } from '../../src/routing/rule-table';
import { compileRe2 } from '../../src/runtime/re2';

const exact = (value: string): ModelMatcher => ({ type: 'Exact', value });
const prefix = (value: string): ModelMatcher => ({ type: 'Prefix', value });
const regex = (value: string): ModelMatcher => ({ type: 'RegularExpression', value });
const tenant = (value: string): HeaderMatcher => ({ type: 'Exact', name: 'X-Tenant', value });
const rule = (models?: ModelMatcher[], headers?: HeaderMatcher[], more: Partial<LLMRouteRule> = {}): LLMRouteRule => ({
  ...(models ? { models } : {}), ...(headers ? { headers } : {}), backendRefs: [{ name: 'a', weight: 1, priority: 0 }], unsupportedParameters: 'Safe', ...more,
});

test.each<[string, LLMRouteRule[], Array<[number, number[]]>]>([
  ['after a rule for everything', [rule(), rule([exact('a')]), rule()], [[1, [0]], [2, [0]]]],
  ['the same model twice', [rule([exact('a')]), rule([exact('a')])], [[1, [0]]]],
  ['a longer prefix', [rule([prefix('gpt-')]), rule([prefix('gpt-4')]), rule([exact('gpt-4o')])], [[1, [0]], [2, [0]]]],
  ['a shorter prefix is reachable', [rule([prefix('gpt-4')]), rule([prefix('gpt-')])], []],
  ['covered by two rules together', [rule([exact('a')]), rule([exact('b')]), rule([exact('b'), exact('a')])], [[2, [0, 1]]]],
  ['one model left', [rule([exact('a')]), rule([exact('a'), exact('b')])], []],
  ['an expression takes a name', [rule([regex('gpt-.*')]), rule([exact('gpt-4o')]), rule([regex('gpt-.*')])], [[1, [0]], [2, [0]]]],
  ['an expression does not take half a name', [rule([regex('gpt')]), rule([exact('gpt-4o')])], []],
  ['headers narrow the earlier rule', [rule([exact('a')], [tenant('x')]), rule([exact('a')])], []],
  ['the same headers and more', [rule([exact('a')], [tenant('x')]), rule([exact('a')], [{ ...tenant('x'), name: 'x-tenant' }, { type: 'Exact', name: 'b', value: '1' }])], [[1, [0]]]],
  ['other header value', [rule([exact('a')], [tenant('x')]), rule([exact('a')], [tenant('y')])], []],
])('unreachable: %s', (_, rules, expected) => {
  expect(unreachableRules(rules, compileRe2)).toEqual(expected.map(([index, coveredBy]) => ({ index, coveredBy })));
});

test('without a compiler an expression covers only an equal one; a broken one covers nothing', () => {
  expect(unreachableRules([rule([regex('gpt-.*')]), rule([exact('gpt-4o')]), rule([regex('gpt-.*')])])).toEqual([{ index: 2, coveredBy: [0] }]);
  expect(unreachableRules([rule([regex('(')]), rule([exact('(')])], compileRe2)).toEqual([]);
});

test('single models that never reach their rule', () => {
  expect(unreachableModels([rule([exact('a'), prefix('b')]), rule([exact('c'), exact('bc'), exact('a')])])).toEqual([
    { rule: 1, model: 1, coveredBy: 0 }, { rule: 1, model: 2, coveredBy: 0 },
  ]);
});

test('a rule that is called unreachable is never chosen', () => {
  const matcher = fc.constantFrom(exact('a'), exact('ab'), exact('b'), prefix('a'), prefix(''), regex('a.*'), regex('.*'), regex('b?'));
  const anyRule = fc.record({ models: fc.option(fc.array(matcher, { minLength: 1, maxLength: 3 }), { nil: undefined }), headers: fc.constantFrom<HeaderMatcher[] | undefined>(undefined, [tenant('x')]) })
    .map((item) => rule(item.models, item.headers));
  let reported = 0;
  fc.assert(fc.property(fc.array(anyRule, { maxLength: 5 }), (rules) => {
    const table = new RuleTable(rules, compileRe2, rules);
    const chosen = new Set(['a', 'ab', 'abc', 'b', 'c', ''].flatMap((model) => ['x', 'y', undefined].map((value) => table.find(model, { header: () => value })?.index)));
    for (const { index, coveredBy } of unreachableRules(rules, compileRe2)) {
      reported += 1;
      expect(chosen.has(index)).toBe(false);
      expect(coveredBy.every((earlier) => earlier < index)).toBe(true);
    }
  }), { numRuns: 1_000 });
  expect(reported).toBeGreaterThan(100);
});

test('weights', () => {
  const targets = (...items: Array<[weight: number, priority: number]>) => items.map(([weight, priority], index) => ({ name: `b${index}`, weight, priority }));
  const failover = { attempts: 3, retryOn: { triggers: [], httpStatusCodes: [429] } };
  const rules = [
    rule([exact('a')], undefined, { backendRefs: targets([0, 0], [0, 1]) }),
    rule([exact('b')], undefined, { backendRefs: targets([1, 0], [1, 1], [0, 1]) }),
    rule([exact('c')], undefined, { backendRefs: targets([1, 0], [1, 1]), failover }),
  ];
  expect(zeroWeightRules(rules)).toEqual([0]);
  expect(unusedTargets(rules)).toEqual([{ rule: 1, target: 1 }]);
});

test('expressions that do not compile are named by their place', () => {
  expect(expressionDefects([rule([exact('(')]), rule([exact('a'), regex('(')], [{ type: 'RegularExpression', name: 'x', value: '[' }])], compileRe2)).toEqual([
    { path: 'spec.rules[1].models[1].value', message: expect.stringMatching(/"\(" is no regular expression in RE2 syntax: /) },
    { path: 'spec.rules[1].headers[0].value', message: expect.stringMatching(/"\[" is no regular expression/) },
  ]);
});

test('2,000 exact models are looked up: none of their rules is tried for another model', () => {
  let tried = 0;
  const compile = (source: string) => ({ test: (value: string) => { tried += 1; return compileRe2(source).test(value); } });
  const rules = [
    ...Array.from({ length: 2_000 }, (_, index) => rule([exact(`model-${index}`)], [{ type: 'RegularExpression', name: 'x', value: '.*' }])),
    rule([regex('other')]),
  ];
  const table = new RuleTable(rules, compile, rules);
  expect(table.find('model-1999', { header: () => 'x' })?.index).toBe(1_999);
  expect(tried).toBe(1);
  expect(table.find('other', { header: () => 'x' })?.index).toBe(2_000);
  expect(tried).toBe(2);
});
