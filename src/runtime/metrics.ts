import { Counter, Registry } from 'prom-client';
import { DurationHistogram, Durations } from './duration-histogram';
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

  private readonly duration = new DurationHistogram(
    'llm_gateway_request_duration_seconds', 'From the first header to the last byte.', [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300], this.registry,
  );

  private readonly firstByte = new DurationHistogram(
    'llm_gateway_time_to_first_byte_seconds', 'From the first header to the head of the response.', [0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30], this.registry,
  );

  /** By the values of all labels. */
  private readonly tallies = new Map<string, Tally>();
  private readonly timings = new Map<string, Timings>();

  /** In Prometheus' text format. */
  text(): Promise<string> {
    for (const tally of this.tallies.values()) this.count(tally);
    return this.registry.metrics();
  }

  observe(record: RequestRecord): void {
    const tally = this.tallyOf(record);
    tally.requests += 1;
    tally.timings.duration.add(record.duration / 1000);
    if (record.timeToFirstByte !== undefined) {
      tally.timings.firstByte ??= this.firstByte.durations(tally.timings.duration.labels);
      tally.timings.firstByte.add(record.timeToFirstByte / 1000);
    }
    if (record.cost !== undefined) tally.cost = (tally.cost ?? 0) + record.cost;
    if (record.unpriced) tally.unpriced += 1;
    if (record.usage !== undefined) addUsage(tally, record.usage);
    const { droppedParameters, attempts, errorCode } = record;
    if (errorCode !== undefined) this.errors.inc({ route: tally.route, backend: tally.backend, code: errorCodeLabel(errorCode) });
    if (droppedParameters.length === 0 && attempts === undefined) return;
    const { route, backend } = tally;
    for (const parameter of new Set(droppedParameters.map(parameterLabel))) this.dropped.inc({ route, backend, parameter });
    for (const attempt of attempts ?? []) this.attempts.inc({ route, backend: attempt.backend, reason: attempt.reason });
  }

  private tallyOf({ route = '', backend = '', model: asked, modelKnown, status, outcome, stream }: RequestRecord): Tally {
    const model = asked === undefined ? '' : modelKnown ? asked : 'other';
    const key = `${route}\n${backend}\n${stream}\n${status}\n${outcome}\n${model}`;
    let tally = this.tallies.get(key);
    if (tally === undefined) {
      tally = { route, backend, model, status: String(status), outcome, timings: this.timingsOf(route, backend, String(stream)), ...NOTHING };
      this.tallies.set(key, tally);
    }
    return tally;
  }

  private timingsOf(route: string, backend: string, stream: string): Timings {
    const key = `${route}\n${backend}\n${stream}`;
    let timings = this.timings.get(key);
    if (timings === undefined) {
      timings = { duration: this.duration.durations({ route, backend, stream }) };
      this.timings.set(key, timings);
    }
    return timings;
  }

  /** What came in since the last time. */
  private count(tally: Tally): void {
    const { route, backend, model, status, outcome, requests, cost, unpriced, searchUnits } = tally;
    const labels = { route, model, backend };
    if (requests > 0) this.requests.inc({ ...labels, status, outcome }, requests);
    if (cost !== undefined) this.cost.inc(labels, cost);
    if (unpriced > 0) this.unpriced.inc(labels, unpriced);
    if (searchUnits !== undefined) this.searchUnits.inc(labels, searchUnits);
    for (const type of TOKEN_TYPES) if (tally[type] > 0) this.tokens.inc({ ...labels, type }, tally[type]);
    Object.assign(tally, NOTHING);
  }
}

const TOKEN_TYPES = ['input', 'cached_input', 'cache_creation_input', 'output', 'reasoning'] as const;

/** Requests with the same labels, not counted yet: a registry that looks up their labels with every request takes more time than routing. */
interface Tally extends Record<typeof TOKEN_TYPES[number], number> {
  readonly route: string;
  readonly backend: string;
  readonly model: string;
  readonly status: string;
  readonly outcome: string;
  readonly timings: Timings;
  requests: number;
  cost: number | undefined;
  unpriced: number;
  searchUnits: number | undefined;
}

interface Timings {
  readonly duration: Durations;
  firstByte?: Durations;
}

const NOTHING = { requests: 0, cost: undefined, unpriced: 0, searchUnits: undefined, input: 0, cached_input: 0, cache_creation_input: 0, output: 0, reasoning: 0 };

function addUsage(tally: Tally, usage: Usage): void {
  tally.input += usage.inputTokens;
  tally.cached_input += usage.cachedInputTokens;
  tally.cache_creation_input += usage.cacheCreationInputTokens;
  tally.output += usage.outputTokens;
  tally.reasoning += usage.reasoningTokens;
  if (usage.searchUnits !== undefined) tally.searchUnits = (tally.searchUnits ?? 0) + usage.searchUnits;
}

function parameterLabel(parameter: string): string {
  return KNOWN_PARAMETERS.has(parameter.split(/[.[]/, 1)[0]) ? parameter : 'other';
}
