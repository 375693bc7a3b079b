import { Counter, Histogram, Registry } from 'prom-client';
import { RequestRecord } from './request-record';
import { translators } from '../translate/registry';

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
    help: 'US dollars by the providers\' public price lists: an estimate, without requests whose provider or model is in none.',
    registers: [this.registry],
    labelNames: ['route', 'model', 'backend'] as const,
  });

  private readonly unpriced = new Counter({
    name: 'llm_gateway_unpriced_requests_total',
    help: 'Requests of routes that count money, whose provider or model is in no price list: budgets of money do not count them.',
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

  private readonly duration = new Histogram({
    name: 'llm_gateway_request_duration_seconds',
    help: 'From the first header to the last byte.',
    registers: [this.registry],
    labelNames: ['route', 'backend', 'stream'] as const,
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
  });

  private readonly firstByte = new Histogram({
    name: 'llm_gateway_time_to_first_byte_seconds',
    help: 'From the first header to the head of the response.',
    registers: [this.registry],
    labelNames: ['route', 'backend', 'stream'] as const,
    buckets: [0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  });

  observe(record: RequestRecord): void {
    const route = record.route ?? '';
    const backend = record.backend ?? '';
    const model = record.modelKnown && record.model !== undefined ? record.model : record.model === undefined ? '' : 'other';
    this.requests.inc({ route, model, backend, status: String(record.status), outcome: record.outcome });
    this.duration.observe({ route, backend, stream: String(record.stream) }, record.duration / 1000);
    if (record.timeToFirstByte !== undefined) this.firstByte.observe({ route, backend, stream: String(record.stream) }, record.timeToFirstByte / 1000);
    for (const parameter of new Set(record.droppedParameters.map(parameterLabel))) this.dropped.inc({ route, backend, parameter });
    if (record.cost !== undefined) this.cost.inc({ route, model, backend }, record.cost);
    if (record.unpriced) this.unpriced.inc({ route, model, backend });
    for (const attempt of record.attempts ?? []) this.attempts.inc({ route, backend: attempt.backend, reason: attempt.reason });
    if (record.usage === undefined) return;
    const { inputTokens, cachedInputTokens, cacheCreationInputTokens, outputTokens, reasoningTokens, searchUnits } = record.usage;
    if (searchUnits !== undefined) this.searchUnits.inc({ route, model, backend }, searchUnits);
    for (const [type, count] of Object.entries({
      input: inputTokens, cached_input: cachedInputTokens, cache_creation_input: cacheCreationInputTokens, output: outputTokens, reasoning: reasoningTokens,
    })) if (count > 0) this.tokens.inc({ route, model, backend, type }, count);
  }
}

function parameterLabel(parameter: string): string {
  return KNOWN_PARAMETERS.has(parameter.split(/[.[]/, 1)[0]) ? parameter : 'other';
}
