import { Counter, LabelValues, Registry } from 'prom-client';
import { DurationHistogram, DurationSeries, Numbers } from './duration-histogram';
import { errorCodeLabel } from './error-codes';
import { RequestRecord } from './request-record';
import { translators } from '../translate/registry';
import { Usage } from '../translate/usage';

/** Parameters that a translator knows, by their first name: clients make up others without end. */
const KNOWN_PARAMETERS: ReadonlySet<string> = new Set(translators().flatMap(({ parameters }) => Object.keys(parameters)));

/** Prometheus metrics of requests. Label values are bounded: models that no rule names, and parameters that no translator knows, count as `other`. */
export class Metrics {
  readonly registry = new Registry();
  private readonly requests = new Counter({
    name: 'llm_gateway_requests_total',
    help: 'Requests by what became of them.',
    registers: [this.registry],
    labelNames: ['route', 'model', 'backend', 'status', 'outcome'] as const,
  });

  private readonly tokens = new Counter({
    name: 'llm_gateway_tokens_total',
    help: 'Tokens as the provider counted them.',
    registers: [this.registry],
    labelNames: ['route', 'model', 'backend', 'type'] as const,
  });

  private readonly cost = new Counter({
    name: 'llm_gateway_cost_usd_total',
    help: 'US dollars by prices of the LLMBackends\' models, or else by the providers\' public price lists: an estimate. Requests whose model has no price add nothing.',
    registers: [this.registry],
    labelNames: ['route', 'model', 'backend'] as const,
  });

  private readonly unpriced = new Counter({
    name: 'llm_gateway_unpriced_requests_total',
    help: 'Requests of routes that count money, whose model has no price: budgets of money do not count them.',
    registers: [this.registry],
    labelNames: ['route', 'model', 'backend'] as const,
  });

  private readonly searchUnits = new Counter({
    name: 'llm_gateway_search_units_total',
    help: 'Units in which reranks are billed, as the provider counted them.',
    registers: [this.registry],
    labelNames: ['route', 'model', 'backend'] as const,
  });

  private readonly dropped = new Counter({
    name: 'llm_gateway_dropped_parameters_total',
    help: 'Request parameters that the provider did not get.',
    registers: [this.registry],
    labelNames: ['route', 'backend', 'parameter'] as const,
  });

  private readonly attempts = new Counter({
    name: 'llm_gateway_attempts_total',
    help: 'Attempts of requests whose rule has failover, by how they ended.',
    registers: [this.registry],
    labelNames: ['route', 'backend', 'reason'] as const,
  });

  private readonly errors = new Counter({
    name: 'llm_gateway_errors_total',
    help: 'Requests that went wrong by the error\'s code, also where the status was 200 by then: a stream that broke off. Codes of providers count as "other".',
    registers: [this.registry],
    labelNames: ['route', 'backend', 'code'] as const,
  });

  private readonly numbers: Numbers = { values: new Float64Array(0) };
  private readonly duration = new DurationHistogram(
    'llm_gateway_request_duration_seconds', 'From the first header to the last byte.', [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
    this.numbers, () => this.series(DURATION), this.registry,
  );

  private readonly firstByte = new DurationHistogram(
    'llm_gateway_time_to_first_byte_seconds', 'From the first header to the head of the response.', [0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    this.numbers, () => this.series(this.firstByteAt), this.registry,
  );

  private readonly firstByteAt = DURATION + this.duration.size;
  private readonly rowSize = this.firstByteAt + this.firstByte.size;
  /** By the values of all labels. */
  private readonly tallies = new Map<string, Tally>();
  /** The last one of each target of a rule: most requests are like the one before. */
  private readonly recent = new WeakMap<object, Tally>();

  /** In Prometheus' text format. */
  text(): Promise<string> {
    for (const tally of this.tallies.values()) this.count(tally);
    return this.registry.metrics();
  }

  /** `like`: as of `LlmEngineOptions.onRecord`. */
  observe(record: RequestRecord, like?: object): void {
    const tally = this.tallyOf(record, like);
    const { row } = tally;
    const { values } = this.numbers;
    values[row + REQUESTS] += 1;
    this.duration.add(row + DURATION, record.duration / 1000);
    if (record.timeToFirstByte !== undefined) this.firstByte.add(row + this.firstByteAt, record.timeToFirstByte / 1000);
    if (record.cost !== undefined) {
      values[row + PRICED] += 1;
      values[row + COST] += record.cost;
    }
    if (record.unpriced) values[row + UNPRICED] += 1;
    if (record.usage !== undefined) addUsage(values, row, record.usage);
    const { droppedParameters, attempts, errorCode } = record;
    if (errorCode !== undefined) this.errors.inc({ route: tally.route, backend: tally.backend, code: errorCodeLabel(errorCode) });
    if (droppedParameters.length === 0 && attempts === undefined) return;
    const { route, backend } = tally;
    for (const parameter of new Set(droppedParameters.map(parameterLabel))) this.dropped.inc({ route, backend, parameter });
    for (const attempt of attempts ?? []) this.attempts.inc({ route, backend: attempt.backend, reason: attempt.reason });
  }

  private tallyOf(record: RequestRecord, like: object | undefined): Tally {
    const { status, outcome, stream } = record;
    const model = record.model === undefined ? '' : record.modelKnown ? record.model : 'other';
    const recent = like && this.recent.get(like);
    if (recent !== undefined && recent.status === status && recent.outcome === outcome && recent.stream === stream && recent.model === model) return recent;
    const { route = '', backend = '' } = record;
    const key = `${route}\n${backend}\n${stream}\n${status}\n${outcome}\n${model}`;
    let tally = this.tallies.get(key);
    if (tally === undefined) {
      tally = { row: this.newRow(), status, outcome, stream, model, route, backend };
      this.tallies.set(key, tally);
    }
    // Of a rule with many models the first one stays: to change it with every request would take longer than to look all up.
    if (like !== undefined && (recent === undefined || recent.model === model)) this.recent.set(like, tally);
    return tally;
  }

  private newRow(): number {
    const row = this.tallies.size * this.rowSize;
    if (row + this.rowSize > this.numbers.values.length) {
      const larger = new Float64Array(Math.max(row * 2, this.rowSize * FIRST_ROWS));
      larger.set(this.numbers.values);
      this.numbers.values = larger;
    }
    return row;
  }

  /** What came in since the last time. */
  private count({ row, route, backend, model, status, outcome }: Tally): void {
    const { values } = this.numbers;
    const labels = { route, model, backend };
    const inc = <Name extends string>(counter: Counter<Name>, place: number, of: LabelValues<Name>): void => {
      if (values[row + place] > 0) counter.inc(of, values[row + place]);
    };
    inc(this.requests, REQUESTS, { ...labels, status: String(status), outcome });
    if (values[row + PRICED] > 0) this.cost.inc(labels, values[row + COST]);
    inc(this.unpriced, UNPRICED, labels);
    inc(this.searchUnits, SEARCH_UNITS, labels);
    TOKEN_TYPES.forEach((type, place) => inc(this.tokens, TOKENS + place, { ...labels, type }));
    values.fill(0, row, row + DURATION);
  }

  /** Of all tallies, by the labels of histograms; `place`: in a tally's row. */
  private series(place: number): DurationSeries[] {
    const series = new Map<string, { readonly labels: Record<string, string>; readonly rows: number[] }>();
    for (const { row, route, backend, stream } of this.tallies.values()) {
      const key = `${route}\n${backend}\n${stream}`;
      const known = series.get(key);
      if (known === undefined) series.set(key, { labels: { route, backend, stream: String(stream) }, rows: [row + place] });
      else known.rows.push(row + place);
    }
    return [...series.values()];
  }
}

const FIRST_ROWS = 64;

const TOKEN_TYPES = ['input', 'cached_input', 'cache_creation_input', 'output', 'reasoning'] as const;

/** Places in a tally's row of numbers. What stands before the durations is not counted yet: a registry that looks up labels with every request takes more time than routing. */
const REQUESTS = 0;
const UNPRICED = 1;
const SEARCH_UNITS = 2;
/** Requests whose cost is known, and what they cost. */
const PRICED = 3;
const COST = 4;
/** One for each of `TOKEN_TYPES`. */
const TOKENS = 5;
const DURATION = TOKENS + TOKEN_TYPES.length;

/** Requests with the same labels. */
interface Tally {
  /** Where its numbers begin. */
  readonly row: number;
  readonly status: number;
  readonly outcome: string;
  readonly stream: boolean;
  readonly model: string;
  readonly route: string;
  readonly backend: string;
}

function addUsage(values: Float64Array, row: number, usage: Usage): void {
  const tokens = row + TOKENS;
  values[tokens] += usage.inputTokens;
  values[tokens + 1] += usage.cachedInputTokens;
  values[tokens + 2] += usage.cacheCreationInputTokens;
  values[tokens + 3] += usage.outputTokens;
  values[tokens + 4] += usage.reasoningTokens;
  if (usage.searchUnits !== undefined) values[row + SEARCH_UNITS] += usage.searchUnits;
}

function parameterLabel(parameter: string): string {
  return KNOWN_PARAMETERS.has(parameter.split(/[.[]/, 1)[0]) ? parameter : 'other';
}
