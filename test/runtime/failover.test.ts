import * as fc from 'fast-check';
import { FailoverChoice, FailoverRule } from '../../src/runtime/configuration';
import { deadlinesOf, Failover } from '../../src/runtime/failover';
import { OutlierMemory } from '../../src/runtime/outlier-memory';
import { requestEdits } from '../../src/runtime/request-edits';

const RETRY_ON: FailoverRule['retryOn'] = { triggers: ['5xx'], httpStatusCodes: [429] };

class Clock {
  time = 1_000_000;
  readonly now = () => this.time;
}

function rule(names: readonly string[], more: Partial<FailoverRule> = {}): FailoverRule {
  const choices = names.map((name, priority): FailoverChoice => ({
    id: name, weight: 1, priority, choice: { rule: 'r', unsupportedParameters: 'Safe', edits: requestEdits({}, undefined), target: { key: `default/${name}` } },
  }));
  return { attempts: 3, retryOn: RETRY_ON, choices, ...more };
}

interface Given {
  readonly names?: readonly string[];
  readonly more?: Partial<FailoverRule>;
  readonly requestTimeout?: number;
  readonly patience?: number;
  readonly outliers?: (clock: Clock) => OutlierMemory;
}

function failover({ names = ['a', 'b'], more, requestTimeout = 600_000, patience, outliers }: Given = {}): { clock: Clock; failover: Failover } {
  const clock = new Clock();
  const services = { outliers: outliers?.(clock) ?? new OutlierMemory(clock.now), random: () => 0, now: clock.now };
  return { clock, failover: new Failover(rule(names, more), 0, deadlinesOf(clock.time, requestTimeout, patience), services) };
}

const TARGET = ({ choice }: Failover): string => choice.target.key.split('/')[1];

test.each([
  [600_000, undefined, 599_000], [600_000, 30_000, 29_000], [5_000, 30_000, 4_500], [600_000, 2_000, 1_800],
])('a request that may take %d ms and whose client waits %p ms: the answer begins within %d ms', (requestTimeout, patience, expected) => {
  const { clock, failover: one } = failover({ requestTimeout, patience });
  expect(one.headTimeout).toBe(expected);
  clock.time += 100;
  expect(one.headTimeout).toBe(expected - 100);
  expect(one.timeLeft).toBe(requestTimeout - 100);
});

test('perAttemptTimeout bounds every attempt, and the deadline the last', () => {
  const { clock, failover: one } = failover({ more: { perAttemptTimeout: 8_000 }, patience: 11_000 });
  expect(one.headTimeout).toBe(8_000);
  clock.time += 8_000;
  expect(one.settle('timeout')).toBe(true);
  one.advance();
  expect(one.headTimeout).toBe(2_000);
});

test('no attempt is begun that has no time left', () => {
  const { clock, failover: one } = failover({ patience: 10_000 });
  clock.time += 8_950;
  expect(one.settle('status', 503)).toBe(false);
  expect(failover({ patience: 10_000 }).failover.settle('status', 503)).toBe(true);
});

test('property: an attempt that is begun has time, and the attempts are no more than the rule says', () => {
  const outcome = fc.record({ took: fc.integer({ min: 0, max: 5_000 }), retryAfter: fc.option(fc.integer({ min: 0, max: 20 })) });
  fc.assert(fc.property(fc.array(outcome, { maxLength: 12 }), fc.integer({ min: 2, max: 10 }), fc.integer({ min: 100, max: 20_000 }), (outcomes, attempts, patience) => {
    const { clock, failover: one } = failover({ names: ['a', 'b', 'c'], more: { attempts }, patience });
    const deadline = clock.time + patience;
    for (const { took, retryAfter } of outcomes) {
      clock.time += took;
      if (!one.settle('status', 503, retryAfter === null ? undefined : String(retryAfter))) return;
      one.advance();
      clock.time += one.wait;
      expect(clock.time).toBeLessThan(deadline);
      expect(one.headTimeout).toBeLessThan(patience);
      expect(one.attempt).toBeLessThanOrEqual(attempts);
    }
  }), { numRuns: 300 });
});

describe('Retry-After', () => {
  test('where all were asked and attempts are left, the one that can be asked again first is, when it said', () => {
    const { clock, failover: one } = failover();
    expect(one.settle('status', 429, '20')).toBe(true);
    one.advance();
    expect([TARGET(one), one.wait]).toEqual(['b', 0]);
    clock.time += 1_000;
    expect(one.settle('status', 429, '5')).toBe(true);
    one.advance();
    expect([TARGET(one), one.attempt, one.wait]).toEqual(['b', 3, 5_000]);
    clock.time += 5_000;
    expect(one.settle('status', 429, '1')).toBe(false);
  });

  test.each<[string, Given, string | undefined]>([
    ['longer than the request may take', { requestTimeout: 6_000 }, '6'],
    ['longer than the client waits', { patience: 6_000 }, '6'],
    ['longer than a minute', {}, '61'],
    ['not said', {}, undefined],
    ['no wait', {}, '0'],
    ['nothing that can be read', {}, 'soon'],
  ])('is not waited for: %s', (_, given, retryAfter) => {
    const { failover: one } = failover(given);
    expect(one.settle('status', 429, retryAfter)).toBe(true);
    one.advance();
    expect(one.settle('status', 429, retryAfter)).toBe(false);
  });

  test('is waited for before the first request to a backend that asked others to wait', () => {
    const { failover: one } = failover({
      outliers: (clock) => {
        const memory = new OutlierMemory(clock.now);
        memory.failed('a', memory.began('a'), 3_000);
        memory.failed('b', memory.began('b'), 90_000);
        return memory;
      },
    });
    // All are set aside, so they are tried anyway.
    expect([TARGET(one), one.wait]).toEqual(['a', 3_000]);
    one.settle('status', 503);
    one.advance();
    // Too long to wait for: tried at once.
    expect([TARGET(one), one.wait]).toEqual(['b', 0]);
  });

  test('a date counts like seconds', () => {
    const { clock, failover: one } = failover();
    one.settle('status', 429, new Date(clock.time + 4_000).toUTCString());
    one.advance();
    expect(one.settle('status', 503)).toBe(true);
    one.advance();
    expect([TARGET(one), one.wait]).toEqual(['a', 4_000]);
  });
});
