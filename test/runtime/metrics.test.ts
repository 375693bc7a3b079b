import { Metrics } from '../../src/runtime/metrics';
import { RequestRecord } from '../../src/runtime/request-record';

const RECORD: RequestRecord = {
  route: 'default/chat',
  endpoint: 'ChatCompletions',
  model: 'gpt',
  modelKnown: true,
  upstreamModel: 'gpt',
  rule: 'r',
  backend: 'default/openai',
  stream: true,
  status: 200,
  outcome: 'completed',
  droppedParameters: ['seed', 'messages[].name'],
  timeToFirstByte: 120,
  duration: 1_500,
  usage: { inputTokens: 10, cachedInputTokens: 4, cacheCreationInputTokens: 0, outputTokens: 5, reasoningTokens: 1, totalTokens: 15 },
  unpriced: false,
  cost: 0.25,
};

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Prometheus' text format, read strictly: anything that is no comment and no sample fails. */
async function scrape(metrics: Metrics): Promise<{ samples: readonly Sample[]; help: ReadonlyMap<string, string>; types: ReadonlyMap<string, string> }> {
  const help = new Map<string, string>();
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of (await metrics.text()).split('\n').filter((text) => text !== '')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line);
    if (comment) {
      (comment[1] === 'HELP' ? help : types).set(comment[2], comment[3]);
      continue;
    }
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$/.exec(line);
    if (!sample) throw new Error(`no sample: ${line}`);
    const labels = [...(sample[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name, value] as const);
    samples.push({ name: sample[1], labels: Object.fromEntries(labels), value: Number(sample[3]) });
  }
  return { samples, help, types };
}

function valuesOf(samples: readonly Sample[], label: string): string[] {
  return [...new Set(samples.flatMap(({ labels }) => (label in labels ? [labels[label]] : [])))].sort();
}

test('every metric has help and a type, and the text parses', async () => {
  const metrics = new Metrics();
  metrics.observe(RECORD);
  const { samples, help, types } = await scrape(metrics);
  expect(samples.length).toBeGreaterThan(20);
  for (const { name, value } of samples) {
    const family = name.replace(/_(bucket|sum|count)$/, '');
    expect(help.get(family) ?? help.get(name)).toMatch(/^[A-Z].*\.$/);
    expect(types.get(family) ?? types.get(name)).toMatch(/^(counter|histogram)$/);
    expect(value).not.toBeNaN();
  }
  expect([...help.keys()].every((name) => name.startsWith('llm_gateway_'))).toBe(true);
});

test('counts the units of a rerank, which has no tokens', async () => {
  const metrics = new Metrics();
  const usage = { inputTokens: 0, cachedInputTokens: 0, cacheCreationInputTokens: 0, outputTokens: 0, reasoningTokens: 0, totalTokens: 0, searchUnits: 2 };
  metrics.observe({ ...RECORD, endpoint: 'Rerank', usage });
  const { samples } = await scrape(metrics);
  expect(samples.filter(({ name }) => name === 'llm_gateway_search_units_total'))
    .toEqual([{ name: 'llm_gateway_search_units_total', labels: { route: 'default/chat', model: 'gpt', backend: 'default/openai' }, value: 2 }]);
  expect(samples.filter(({ name }) => name === 'llm_gateway_tokens_total')).toEqual([]);
});

test('adds up what requests cost; those without a price add nothing', async () => {
  const metrics = new Metrics();
  for (const cost of [0.25, 0.5, undefined]) metrics.observe({ ...RECORD, cost });
  const { samples } = await scrape(metrics);
  expect(samples.filter(({ name }) => name === 'llm_gateway_cost_usd_total'))
    .toEqual([{ name: 'llm_gateway_cost_usd_total', labels: { route: 'default/chat', model: 'gpt', backend: 'default/openai' }, value: 0.75 }]);
});

test('counts requests, tokens by type, parameters, and seconds', async () => {
  const metrics = new Metrics();
  metrics.observe(RECORD);
  metrics.observe({ ...RECORD, outcome: 'aborted' });
  const { samples } = await scrape(metrics);
  const value = (name: string, labels: Record<string, string>) => samples
    .filter((sample) => sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text))
    .map((sample) => sample.value);
  expect(value('llm_gateway_requests_total', { route: 'default/chat', model: 'gpt', backend: 'default/openai', status: '200', outcome: 'aborted' })).toEqual([1]);
  // A type of which there were none has no series.
  expect(['input', 'cached_input', 'cache_creation_input', 'output', 'reasoning'].map((type) => value('llm_gateway_tokens_total', { type }))).toEqual([[20], [8], [], [10], [2]]);
  expect(['seed', 'messages[].name'].map((parameter) => value('llm_gateway_dropped_parameters_total', { parameter }))).toEqual([[2], [2]]);
  expect(value('llm_gateway_request_duration_seconds_sum', {})).toEqual([3]);
  expect(value('llm_gateway_time_to_first_byte_seconds_sum', {})).toEqual([0.24]);
});

test('requests of one target count by model, status, outcome and kind of answer all the same', async () => {
  const metrics = new Metrics();
  const like = {};
  const some: ReadonlyArray<Partial<RequestRecord>> = [{}, {}, { model: 'other-gpt' }, { status: 429 }, { outcome: 'aborted' }, { stream: false }, { model: 'x', modelKnown: false }, {}];
  for (const more of some) metrics.observe({ ...RECORD, ...more }, like);
  for (const more of some) metrics.observe({ ...RECORD, ...more });
  const { samples } = await scrape(metrics);
  const requests = samples.filter(({ name }) => name === 'llm_gateway_requests_total').map(({ labels: { model, status, outcome }, value }) => `${model} ${status} ${outcome} ${value}`);
  expect(requests.sort()).toEqual(['gpt 200 aborted 2', 'gpt 200 completed 8', 'gpt 429 completed 2', 'other 200 completed 2', 'other-gpt 200 completed 2']);
  const counts = samples.filter(({ name }) => name === 'llm_gateway_request_duration_seconds_count').map(({ labels: { stream }, value }) => `${stream} ${value}`);
  expect(counts.sort()).toEqual(['false 2', 'true 14']);
  // What was counted once is not counted again.
  expect((await scrape(metrics)).samples).toEqual(samples);
});

test('more sets of labels than there was room for at first', async () => {
  const metrics = new Metrics();
  for (let index = 0; index < 300; index += 1) metrics.observe({ ...RECORD, route: `default/chat-${index}` });
  metrics.observe({ ...RECORD, route: 'default/chat-0' });
  const { samples } = await scrape(metrics);
  const sums = samples.filter(({ name }) => name === 'llm_gateway_request_duration_seconds_sum').map(({ value }) => value);
  expect([sums.length, sums.filter((sum) => sum === 1.5).length, Math.max(...sums)]).toEqual([300, 299, 3]);
  expect(samples.filter(({ name, labels }) => name === 'llm_gateway_tokens_total' && labels.type === 'input').reduce((sum, { value }) => sum + value, 0)).toBe(3_010);
});

test('what a client makes up does not become a label: models, parameters', async () => {
  const metrics = new Metrics();
  for (let index = 0; index < 500; index++) {
    const droppedParameters = [`made_up_${index}`, `made.up[${index}]`, 'seed', 'constructor'];
    metrics.observe({ ...RECORD, model: `made-up-${index}`, modelKnown: false, droppedParameters });
  }
  metrics.observe({
    ...RECORD, model: undefined, modelKnown: false, backend: undefined, route: undefined, droppedParameters: [], usage: undefined, timeToFirstByte: undefined,
  });
  const { samples } = await scrape(metrics);
  expect(valuesOf(samples, 'model')).toEqual(['', 'other']);
  expect(valuesOf(samples, 'parameter')).toEqual(['other', 'seed']);
  expect(samples.length).toBeLessThan(80);
});

test('counts errors by the gateway\'s codes, also of answers that had begun with 200', async () => {
  const metrics = new Metrics();
  metrics.observe(RECORD);
  metrics.observe({ ...RECORD, errorCode: 'upstream_broke_off' });
  metrics.observe({ ...RECORD, status: 429, errorCode: 'their_own_code' });
  metrics.observe({ ...RECORD, route: undefined, backend: undefined, status: 404, errorCode: 'not_found' });
  const { samples } = await scrape(metrics);
  expect(samples.filter(({ name }) => name === 'llm_gateway_errors_total').map(({ labels, value }) => [labels, value])).toEqual([
    [{ route: 'default/chat', backend: 'default/openai', code: 'upstream_broke_off' }, 1],
    [{ route: 'default/chat', backend: 'default/openai', code: 'other' }, 1],
    [{ route: '', backend: '', code: 'not_found' }, 1],
  ]);
});

test('a model with a quote and a line end is one label value', async () => {
  const metrics = new Metrics();
  metrics.observe({ ...RECORD, model: 'a"b\\c\nd' });
  expect(valuesOf((await scrape(metrics)).samples, 'model')).toEqual(['a\\"b\\\\c\\nd']);
});
