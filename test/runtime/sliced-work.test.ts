import { SlicedWork } from '../../src/runtime/sliced-work';

function* counting(to: number, seen: number[]): Generator<void, string> {
  for (let number = 1; number <= to; number += 1) {
    seen.push(number);
    yield;
  }
  return 'done';
}

test('work of one slice is done when start returns', () => {
  const results: string[] = [];
  new SlicedWork(counting(3, []), (result) => results.push(result), Infinity).start();
  expect(results).toEqual(['done']);
});

test('between two slices everything else that is due gets its turn', async () => {
  const seen: number[] = [];
  const done = new Promise<string>((resolve) => new SlicedWork(counting(3, seen), resolve, 0).start());
  expect(seen).toEqual([1]);
  for (const expected of [2, 3]) {
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toHaveLength(expected);
  }
  await expect(done).resolves.toBe('done');
});

test('what is cancelled goes no further', async () => {
  const seen: number[] = [];
  const work = new SlicedWork(counting(9, seen), () => seen.push(-1), 0);
  work.start();
  work.cancel();
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual([1]);
});
