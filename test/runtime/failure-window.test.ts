import * as fc from 'fast-check';
import { FailureWindow } from '../../src/runtime/failure-window';

const LENGTH = 1_000;
const SLOT = LENGTH / 10;

interface Outcome {
  readonly time: number;
  readonly failed: boolean;
}

const outcomes = fc.array(fc.record({ later: fc.integer({ min: 0, max: 3 * SLOT }), failed: fc.boolean() }), { minLength: 1, maxLength: 120 }).map((steps) => {
  let time = 1_000_000;
  return steps.map(({ later, failed }): Outcome => ({ time: time += later, failed }));
});

function counted(all: readonly Outcome[]): FailureWindow {
  const window = new FailureWindow(LENGTH);
  for (const { time, failed } of all) window.count(time, failed);
  return window;
}

/** Most requests that the window says it has. */
function requestsOf(window: FailureWindow): number {
  let requests = 0;
  while (window.reaches(0, requests + 1)) requests += 1;
  return requests;
}

test('property: nothing of the window less a slot is missing, and nothing older than the window is in it', () => {
  fc.assert(fc.property(outcomes, (all) => {
    const now = all[all.length - 1].time;
    const within = (age: number) => all.filter(({ time }) => now - time < age).length;
    const requests = requestsOf(counted(all));
    expect(requests).toBeGreaterThanOrEqual(within(LENGTH - SLOT));
    expect(requests).toBeLessThanOrEqual(within(LENGTH));
  }));
});

test('property: the ratio is that of the requests that it has', () => {
  fc.assert(fc.property(outcomes, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, ratio) => {
    const window = counted(all);
    const recent = all.slice(all.length - requestsOf(window));
    const failures = recent.filter(({ failed }) => failed).length;
    expect(window.reaches(ratio, 1)).toBe(failures >= ratio * recent.length);
    expect(window.reaches(ratio, recent.length + 1)).toBe(false);
  }));
});

test('after a quiet while it begins anew', () => {
  const window = counted([{ time: 1_000_000, failed: true }, { time: 1_000_000 + 50 * LENGTH, failed: false }]);
  expect([requestsOf(window), window.reaches(0.1, 1)]).toEqual([1, false]);
});

test('a clock that is set back loses nothing', () => {
  expect(requestsOf(counted([{ time: 1_000_000, failed: true }, { time: 990_000, failed: true }, { time: 1_000_000, failed: true }]))).toBe(3);
});
