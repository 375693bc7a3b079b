import * as fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { DurationHistogram } from '../../src/runtime/duration-histogram';

test('any seconds: the same text as of prom-client\'s own histogram', () => fc.assert(fc.asyncProperty(
  fc.array(fc.oneof(fc.double({ min: 0, max: 20, noNaN: true }), fc.constantFrom(0.1, 1, 10)), { maxLength: 50 }),
  fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 5 }),
  async (some, others) => {
    const bounds = [0.1, 1, 10];
    const [own, theirs] = [new Registry(), new Registry()];
    const rows = { 'a': 0, 'b"c\n': 5 };
    const series = Object.entries(rows).map(([route, row]) => ({ labels: { route, stream: 'true' }, rows: [row] }));
    const histogram = new DurationHistogram('seconds', 'Seconds.', bounds, { values: new Float64Array(10) }, () => series, own);
    const expected = new Histogram({ name: 'seconds', help: 'Seconds.', buckets: bounds, labelNames: ['route', 'stream'], registers: [theirs] });
    for (const [route, values] of [['a', some], ['b"c\n', others]] as const) {
      if (values.length === 0) continue;
      const row = rows[route];
      for (const value of values) {
        histogram.add(row, value);
        expected.observe({ route, stream: 'true' }, value);
      }
    }
    const lines = async (registry: Registry) => (await registry.metrics()).split('\n').map((line) => line.replace(/\{(.*)\}/, (_, labels: string) => `{${labels.split(',').sort().join(',')}}`)).sort();
    expect(await lines(own)).toEqual(await lines(theirs));
  },
), { numRuns: 100 }));
