import * as fc from 'fast-check';
import { OutlierMemory } from '../../src/runtime/outlier-memory';

class Clock {
  time = 1_000_000;
  readonly now = () => this.time;
}

function memory(): { clock: Clock; outliers: OutlierMemory } {
  const clock = new Clock();
  return { clock, outliers: new OutlierMemory(clock.now, { consecutiveFailures: 3, base: 100, longest: 1_000 }) };
}

function fail(outliers: OutlierMemory, times: number, id = 'a'): void {
  for (let count = 0; count < times; count += 1) outliers.failed(id);
}

test('only failures in a row set a backend aside', () => {
  const { outliers } = memory();
  fail(outliers, 2);
  outliers.succeeded('a');
  fail(outliers, 2);
  expect(outliers.usable('a')).toBe(true);
  fail(outliers, 1);
  expect([outliers.usable('a'), outliers.usable('b')]).toEqual([false, true]);
});

test('after its time one request probes it: an answer brings it back', () => {
  const { clock, outliers } = memory();
  fail(outliers, 3);
  clock.time += 99;
  expect(outliers.usable('a')).toBe(false);
  clock.time += 1;
  expect(outliers.usable('a')).toBe(true);
  outliers.began('a');
  expect(outliers.usable('a')).toBe(false);
  outliers.succeeded('a');
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
    outliers.began('a');
    outliers.failed('a');
  }
});

test('failures of requests that were under way do not make it longer', () => {
  const { clock, outliers } = memory();
  fail(outliers, 8);
  clock.time += 100;
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
  outliers.failed('a', 500);
  clock.time += 499;
  expect(outliers.usable('a')).toBe(false);
  clock.time += 1;
  expect(outliers.usable('a')).toBe(true);
  outliers.failed('b', 86_400_000);
  clock.time += 1_000;
  expect(outliers.usable('b')).toBe(true);
});

test('property: whatever happens, it is usable again within the longest time', () => {
  const event = fc.oneof(fc.constant('failed' as const), fc.constant('succeeded' as const), fc.constant('began' as const), fc.integer({ min: 1, max: 500 }));
  fc.assert(fc.property(fc.array(event, { maxLength: 60 }), (events) => {
    const { clock, outliers } = memory();
    for (const one of events) {
      if (typeof one === 'number') clock.time += one;
      else outliers[one]('a');
    }
    clock.time += 1_000;
    expect(outliers.usable('a')).toBe(true);
  }), { numRuns: 300 });
});
