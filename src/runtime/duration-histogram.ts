import { Histogram, Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

/** Where numbers stand: those of all label sets lie in one array, whoever owns them. */
export interface Numbers {
  values: Float64Array;
}

/** What one set of labels has: rows of numbers that are added up. */
export interface DurationSeries {
  readonly labels: Labels;
  /** Places in the numbers at which a row of `DurationHistogram.size` begins. */
  readonly rows: readonly number[];
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/**
 * A histogram for a prom-client registry whose sets of labels are looked up once and not with every request: that took more of a small request's
 * time than routing. A row is the sum of seconds, and then how many fell into each bucket, the last being that above all bounds.
 */
export class DurationHistogram {
  /** Numbers in a row. */
  readonly size: number;

  constructor(
    readonly name: string, private readonly help: string, private readonly bounds: readonly number[], private readonly numbers: Numbers,
    private readonly series: () => readonly DurationSeries[], registry: Registry,
  ) {
    this.size = bounds.length + 2;
    // A registry asks of a metric what is here.
    registry.registerMetric(this as unknown as Histogram);
  }

  /** Counts into the row that begins there. */
  add(row: number, seconds: number): void {
    const { bounds, numbers: { values } } = this;
    let bucket = 0;
    while (bucket < bounds.length && seconds > bounds[bucket]) bucket += 1;
    values[row] += seconds;
    values[row + 1 + bucket] += 1;
  }

  get(): Promise<object> {
    return Promise.resolve({ name: this.name, help: this.help, type: 'histogram', aggregator: 'sum', values: this.series().flatMap((one) => this.samples(one)) });
  }

  /** Labels of which nothing was counted have no samples. */
  private samples({ labels, rows }: DurationSeries): Sample[] {
    const sums = Array.from({ length: this.size }, (_, place) => rows.reduce((sum, row) => sum + this.numbers.values[row + place], 0));
    let total = 0;
    const buckets = sums.slice(1).map((count, index) => {
      total += count;
      return { metricName: `${this.name}_bucket`, labels: { ...labels, le: index < this.bounds.length ? this.bounds[index] : '+Inf' }, value: total };
    });
    return total === 0 ? [] : [...buckets, { metricName: `${this.name}_sum`, labels, value: sums[0] }, { metricName: `${this.name}_count`, labels, value: total }];
  }
}
