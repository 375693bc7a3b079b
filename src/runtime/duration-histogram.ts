import { Histogram, Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** Seconds of one set of labels. */
export class Durations {
  /** By bucket, not added up; the last is above all bounds. */
  readonly counts: number[];
  sum = 0;

  constructor(readonly labels: Labels, private readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  add(seconds: number): void {
    const { bounds } = this;
    let bucket = 0;
    while (bucket < bounds.length && seconds > bounds[bucket]) bucket += 1;
    this.counts[bucket] += 1;
    this.sum += seconds;
  }
}

/**
 * A histogram for a prom-client registry whose sets of labels are looked up once and not with every request: that took more of a small request's
 * time than routing.
 */
export class DurationHistogram {
  private readonly all: Durations[] = [];

  constructor(readonly name: string, private readonly help: string, private readonly bounds: readonly number[], registry: Registry) {
    // A registry asks of a metric what is here.
    registry.registerMetric(this as unknown as Histogram);
  }

  /** A new set of labels, for its user to keep. */
  durations(labels: Labels): Durations {
    const durations = new Durations(labels, this.bounds);
    this.all.push(durations);
    return durations;
  }

  get(): Promise<object> {
    return Promise.resolve({ name: this.name, help: this.help, type: 'histogram', aggregator: 'sum', values: this.all.flatMap((one) => this.samples(one)) });
  }

  private samples({ labels, counts, sum }: Durations): Sample[] {
    let total = 0;
    const buckets = counts.map((count, index) => {
      total += count;
      return { metricName: `${this.name}_bucket`, labels: { ...labels, le: index < this.bounds.length ? this.bounds[index] : '+Inf' }, value: total };
    });
    return [...buckets, { metricName: `${this.name}_sum`, labels, value: sum }, { metricName: `${this.name}_count`, labels, value: total }];
  }
}
