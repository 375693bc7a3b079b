import * as fc from 'fast-check';
import { RetryTrigger } from '../../src/resources/llm-route';
import { failoverPlan } from '../../src/routing/failover-plan';
import { AttemptFailure, retriesFailure, retriesStatus } from '../../src/routing/retry-on';
import { weightedChoice } from '../../src/routing/weighted-choice';

interface Item { readonly name: string; readonly weight: number; readonly priority: number; readonly broken: boolean }

const item = fc.record({ weight: fc.integer({ min: 0, max: 5 }), priority: fc.integer({ min: 0, max: 3 }), broken: fc.boolean() });
const items: fc.Arbitrary<Item[]> = fc.array(item, { maxLength: 8 }).map((list) => list.map((one, index) => ({ name: `b${index}`, ...one })));
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const attempts = fc.integer({ min: 1, max: 10 });

test('property: nothing is tried twice, nothing of weight 0 at all, and no more than the attempts', () => {
  fc.assert(fc.property(items, random, random, attempts, (list, first, rest, most) => {
    const plan = failoverPlan(list, { first, random: () => rest, attempts: most });
    expect(new Set(plan).size).toBe(plan.length);
    expect(plan.every(({ weight }) => weight > 0)).toBe(true);
    expect(plan).toHaveLength(Math.min(most, list.filter(({ weight }) => weight > 0).length));
  }), { numRuns: 300 });
});

test('property: priorities never fall back, and the first attempt is the weighted choice', () => {
  fc.assert(fc.property(items, random, random, (list, first, rest) => {
    const plan = failoverPlan(list, { first, random: () => rest, attempts: 10 });
    expect(plan.map(({ priority }) => priority)).toEqual(plan.map(({ priority }) => priority).sort((left, right) => left - right));
    expect(plan[0]).toBe(weightedChoice(list)?.pick(first));
  }), { numRuns: 300 });
});

test('property: what is set aside comes after all that is usable, whatever its priority', () => {
  fc.assert(fc.property(items, random, random, (list, first, rest) => {
    const plan = failoverPlan(list, { first, random: () => rest, attempts: 10, usable: ({ broken }) => !broken });
    const usable = plan.filter(({ broken }) => !broken);
    expect(plan.slice(0, usable.length)).toEqual(usable);
    expect(plan).toHaveLength(list.filter(({ weight }) => weight > 0).length);
  }), { numRuns: 300 });
});

test('the weights of those that are left share the second attempt', () => {
  const list = [{ weight: 10, priority: 0 }, { weight: 30, priority: 0 }, { weight: 10, priority: 0 }];
  const second = (value: number) => failoverPlan(list, { first: 0, random: () => value, attempts: 2 })[1];
  expect([0, 0.74, 0.76, 0.99].map(second).map((one) => list.indexOf(one))).toEqual([1, 1, 2, 2]);
});

test.each<[RetryTrigger[], number[], number[]]>([
  [['5xx'], [], [500, 501, 502, 503, 504, 529]],
  [['gateway-error'], [], [502, 503, 504]],
  [['reset', 'connect-failure', 'timeout'], [429], [429]],
  [['gateway-error'], [408, 429], [408, 429, 502, 503, 504]],
])('%j and %j: the statuses %j go on', (triggers, httpStatusCodes, expected) => {
  const statuses = [200, 201, 301, 400, 401, 404, 408, 429, 499, 500, 501, 502, 503, 504, 529, 600];
  expect(statuses.filter((status) => retriesStatus({ triggers, httpStatusCodes }, status))).toEqual(expected);
});

test.each<[RetryTrigger[], AttemptFailure[]]>([
  [['5xx'], ['reset', 'connect-failure', 'timeout']],
  [['gateway-error'], ['reset', 'connect-failure', 'timeout']],
  [['reset'], ['reset']],
  [['connect-failure'], ['connect-failure']],
  [['timeout'], ['timeout']],
  [[], []],
])('%j: the failures %j go on', (triggers, expected) => {
  const failures: AttemptFailure[] = ['reset', 'connect-failure', 'timeout'];
  expect(failures.filter((failure) => retriesFailure({ triggers, httpStatusCodes: [429] }, failure))).toEqual(expected);
});
