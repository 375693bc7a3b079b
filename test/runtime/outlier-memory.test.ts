import * as fc from 'fast-check';
import { OutlierLimits, OutlierMemory } from '../../src/runtime/outlier-memory';

class Clock {
  time = 1_000_000;
  readonly now = () => this.time;
}

const IN_A_ROW: Partial<OutlierLimits> = { consecutiveFailures: 3, base: 100, longest: 1_000, window: 2_000 };
const BY_RATIO: Partial<OutlierLimits> = { ...IN_A_ROW, consecutiveFailures: Infinity, failureRatio: 0.5, minimumRequests: 10 };

function memory(limits = IN_A_ROW): { clock: Clock; outliers: OutlierMemory } {
  const clock = new Clock();
  return { clock, outliers: new OutlierMemory(clock.now, limits) };
}

function fail(outliers: OutlierMemory, times = 1, id = 'a'): void {
  for (let count = 0; count < times; count += 1) outliers.failed(id, outliers.began(id));
}

function succeed(outliers: OutlierMemory, times = 1, id = 'a'): void {
  for (let count = 0; count < times; count += 1) outliers.succeeded(id, outliers.began(id));
}

describe('failures in a row', () => {
  test('alone set a backend aside', () => {
    const { outliers } = memory();
    fail(outliers, 2);
    succeed(outliers);
    fail(outliers, 2);
    expect(outliers.usable('a')).toBe(true);
    fail(outliers);
    expect([outliers.usable('a'), outliers.usable('b')]).toEqual([false, true]);
  });

  test('an attempt that was under way does not bring it back', () => {
    const { outliers } = memory();
    const slow = outliers.began('a');
    fail(outliers, 3);
    outliers.succeeded('a', slow);
    expect(outliers.usable('a')).toBe(false);
  });

  test('attempts that were under way do not make it longer, however late they fail', () => {
    const { clock, outliers } = memory();
    const underWay = [outliers.began('a'), outliers.began('a'), outliers.began('a'), outliers.began('a'), outliers.began('a')];
    for (const began of underWay.slice(0, 4)) outliers.failed('a', began);
    clock.time += 100;
    outliers.failed('a', underWay[4]);
    expect(outliers.usable('a')).toBe(true);
  });
});

describe('the part that failed', () => {
  test('sets it aside from so many requests on', () => {
    const { outliers } = memory(BY_RATIO);
    for (let round = 0; round < 4; round += 1) {
      succeed(outliers);
      fail(outliers);
    }
    succeed(outliers);
    expect(outliers.usable('a')).toBe(true);
    fail(outliers);
    expect([outliers.usable('a'), outliers.usable('b')]).toEqual([false, true]);
  });

  test('counts the answers before the first failure', () => {
    const { outliers } = memory(BY_RATIO);
    succeed(outliers, 11);
    fail(outliers, 10);
    expect(outliers.usable('a')).toBe(true);
    fail(outliers);
    expect(outliers.usable('a')).toBe(false);
  });

  test('counts only what was within the window', () => {
    const { clock, outliers } = memory(BY_RATIO);
    succeed(outliers, 100);
    clock.time += 2_000;
    fail(outliers, 9);
    expect(outliers.usable('a')).toBe(true);
    fail(outliers);
    expect(outliers.usable('a')).toBe(false);
  });

  test('is counted anew once it is back', () => {
    const { clock, outliers } = memory(BY_RATIO);
    fail(outliers, 10);
    clock.time += 100;
    succeed(outliers);
    fail(outliers, 8);
    expect(outliers.usable('a')).toBe(true);
    fail(outliers);
    expect(outliers.usable('a')).toBe(false);
  });
});

describe('how long', () => {
  test('after its time one request probes it: an answer brings it back', () => {
    const { clock, outliers } = memory();
    fail(outliers, 3);
    clock.time += 99;
    expect(outliers.usable('a')).toBe(false);
    clock.time += 1;
    expect(outliers.usable('a')).toBe(true);
    const probe = outliers.began('a');
    expect(outliers.usable('a')).toBe(false);
    outliers.succeeded('a', probe);
    expect(outliers.usable('a')).toBe(true);
    fail(outliers, 2);
    expect(outliers.usable('a')).toBe(true);
  });

  test('every failed probe doubles the time, up to the longest', () => {
    const { clock, outliers } = memory();
    fail(outliers, 3);
    for (const wait of [100, 200, 400, 800, 1_000, 1_000]) {
      clock.time += wait - 1;
      expect(outliers.usable('a')).toBe(false);
      clock.time += 1;
      expect(outliers.usable('a')).toBe(true);
      fail(outliers);
    }
  });

  test.each([[1_999, 200], [2_000, 100]])('back for %d ms, it is set aside for %d ms', (back, expected) => {
    const { clock, outliers } = memory();
    fail(outliers, 3);
    clock.time += 100;
    succeed(outliers);
    clock.time += back;
    fail(outliers, 3);
    clock.time += expected - 1;
    expect(outliers.usable('a')).toBe(false);
    clock.time += 1;
    expect(outliers.usable('a')).toBe(true);
  });

  test('where it is tried although it is set aside, a failure does not make it longer, and an answer brings it back', () => {
    const { clock, outliers } = memory();
    fail(outliers, 3);
    fail(outliers);
    clock.time += 100;
    expect(outliers.usable('a')).toBe(true);
    fail(outliers);
    succeed(outliers);
    expect(outliers.usable('a')).toBe(true);
  });

  test('a probe that nobody ended makes room for the next', () => {
    const { clock, outliers } = memory();
    fail(outliers, 3);
    clock.time += 100;
    outliers.began('a');
    clock.time += 99;
    expect(outliers.usable('a')).toBe(false);
    clock.time += 1;
    expect(outliers.usable('a')).toBe(true);
  });

  test('Retry-After sets it aside at once, no longer than the longest', () => {
    const { clock, outliers } = memory();
    outliers.failed('a', outliers.began('a'), 500);
    expect(outliers.wait('a')).toBe(500);
    clock.time += 499;
    expect(outliers.usable('a')).toBe(false);
    clock.time += 1;
    expect(outliers.usable('a')).toBe(true);
    outliers.failed('b', outliers.began('b'), 86_400_000);
    clock.time += 1_000;
    expect(outliers.usable('b')).toBe(true);
  });
});

test('backends of configurations that are gone are forgotten, those of late are not', () => {
  const { clock, outliers } = memory({ ...IN_A_ROW, longest: 5_000 });
  for (let index = 0; index < 999; index += 1) fail(outliers, 3, `gone-${index}`);
  expect(outliers.began('gone-0')).toBe(1);
  clock.time += 1;
  fail(outliers, 3, 'late');
  clock.time += 5_000;
  // With the next that it has not seen, it looks through those that it has.
  outliers.began('next');
  expect([outliers.began('gone-0'), outliers.began('late')]).toEqual([0, 1]);
});

const STEP = fc.oneof(
  fc.record({ kind: fc.constant('began' as const) }),
  fc.record({ kind: fc.constantFrom('failed' as const, 'succeeded' as const), which: fc.nat({ max: 9 }) }),
  fc.record({ kind: fc.constant('waited' as const), milliseconds: fc.integer({ min: 1, max: 500 }) }),
);

describe.each([['failures in a row', IN_A_ROW], ['the part that failed', BY_RATIO], ['both', { ...BY_RATIO, consecutiveFailures: 3 }]])('property, by %s:', (_, limits) => {
  /** Drives it with attempts that end in any order; `each` looks at it after every step. */
  function drive(steps: ReadonlyArray<typeof STEP extends fc.Arbitrary<infer T> ? T : never>, each: (outliers: OutlierMemory, clock: Clock) => void): void {
    const { clock, outliers } = memory(limits);
    const underWay: number[] = [];
    for (const step of steps) {
      if (step.kind === 'waited') clock.time += step.milliseconds;
      else if (step.kind === 'began') underWay.push(outliers.began('a'));
      else if (underWay.length > 0) outliers[step.kind]('a', underWay.splice(step.which % underWay.length, 1)[0]);
      each(outliers, clock);
    }
    clock.time += 1_000;
    expect(outliers.usable('a')).toBe(true);
  }

  test('whatever happens, it is usable again within the longest time', () => {
    fc.assert(fc.property(fc.array(STEP, { maxLength: 120 }), (steps) => drive(steps, () => undefined)), { numRuns: 300 });
  });

  test('one that answers everything is never set aside', () => {
    fc.assert(fc.property(fc.array(STEP, { maxLength: 120 }), (steps) => {
      drive(steps.map((step) => (step.kind === 'failed' ? { ...step, kind: 'succeeded' } : step)), (outliers) => expect(outliers.usable('a')).toBe(true));
    }), { numRuns: 300 });
  });
});

test('property: evenly spread failures set it aside when they are half of the requests or more, and never when they are less', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 100 }), (ofTen, between) => {
    const { clock, outliers } = memory(BY_RATIO);
    let setAside = false;
    // Failures spread evenly: of any ten in a row, so many.
    for (let count = 0; count < 200 && !setAside; count += 1) {
      if (Math.floor((count + 1) * ofTen / 10) > Math.floor(count * ofTen / 10)) fail(outliers);
      else succeed(outliers);
      clock.time += between;
      setAside = !outliers.usable('a') || setAside;
    }
    expect(setAside).toBe(ofTen >= 5);
  }));
});
