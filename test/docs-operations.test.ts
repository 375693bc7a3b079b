import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { CertificateMetrics } from '../src/extproc/certificate-metrics';
import { ServerMetrics } from '../src/extproc/server-metrics';
import { errorCodeLabel } from '../src/runtime/error-codes';
import { Metrics } from '../src/runtime/metrics';

const ROOT = join(__dirname, '..');
const page = (name: string) => readFileSync(join(ROOT, 'docs', `${name}.md`), 'utf8');

const REQUEST = { modelKnown: false, stream: true, status: 200, outcome: 'completed', unpriced: false, droppedParameters: [], timeToFirstByte: 1, duration: 1 } as const;

/** Every metric with its labels; those of histograms stand in their samples alone. */
async function metrics(): Promise<ReadonlyMap<string, readonly string[]>> {
  const registry = new Registry();
  new ServerMetrics(registry, { version: '1', openStreams: () => 0, bodyBytes: () => 0 });
  new CertificateMetrics(registry);
  const requests = new Metrics();
  requests.observe(REQUEST);
  const all = [requests.registry, registry].flatMap((one) => one.getMetricsAsArray() as unknown as Array<{ name: string; labelNames?: readonly string[] }>);
  const buckets = [...(await requests.text()).matchAll(/^(\w+_bucket)\{([^}]*)\}/gm)].map(([, name, labels]) => [name, [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label)] as const);

  expect([all.length > 20, buckets.length > 0]).toEqual([true, true]);
  return new Map([...all.map(({ name, labelNames = [] }) => [name, labelNames] as const), ...buckets]);
}

/** What a scrape adds. */
const SCRAPED = ['container', 'pod'];

test('the pages name every metric, and none that there is not', async () => {
  const known = await metrics();
  const text = ['operations', 'security', 'alerts', 'failover', 'limits', 'models'].map(page).join('\n');
  const named = new Set([...text.matchAll(/\b(?:llm_gateway|process)_\w+/g)].map(([name]) => name));

  expect([...named].filter((name) => !known.has(name))).toEqual([]);
  expect([...known.keys()].filter((name) => !name.endsWith('_bucket') && !named.has(name))).toEqual([]);
});

describe('queries', () => {
  const alerts = page('alerts');
  const { groups } = parse(/```yaml\n(groups:[^]*?)```/.exec(alerts)?.[1] ?? '') as { groups: Array<{ rules: Array<{ alert: string; expr: string }> }> };
  const rules = groups.flatMap((group) => group.rules);
  const queries = [...[...alerts.matchAll(/```promql\n([^]*?)```/g)].map(([, query]) => query), ...rules.map(({ expr }) => expr)];

  test.each(queries)('%s asks for labels that its metrics have', async (query) => {
    const known = await metrics();
    const names = [...query.matchAll(/\b(?:llm_gateway|process)_\w+/g)].map(([name]) => name);
    const labels = [...query.matchAll(/\b(?:by|ignoring) \(([^)]*)\)/g)].flatMap(([, list]) => list.split(', '));
    const matched = [...query.matchAll(/([a-z]\w*)(?:=~|!~|!=|=)"/g)].map(([, label]) => label);

    expect(names.length).toBeGreaterThan(0);
    for (const label of [...labels, ...matched]) for (const name of names) expect([...known.get(name) ?? [], ...SCRAPED]).toContain(label);
  });

  test('every alert says where to look first', () => {
    expect([...alerts.matchAll(/^\| `(LlmGateway\w+)` \|/gm)].map(([, name]) => name)).toEqual(rules.map(({ alert }) => alert));
  });
});

test('every code that the source gives an error is one that metrics show', () => {
  const files = ['runtime', 'translate', 'extproc'].flatMap((folder) => readdirSync(join(ROOT, 'src', folder), { recursive: true, encoding: 'utf8' }).map((name) => join(ROOT, 'src', folder, name)));
  const text = files.filter((name) => name.endsWith('.ts')).map((name) => readFileSync(name, 'utf8')).join('\n');
  const codes = new Set([
    ...[...text.matchAll(/\bcode: '([a-z]+(?:_[a-z]+)+)'/g)].map(([, code]) => code), ...[...text.matchAll(/new RequestError\(\d+, .*?, '([a-z]+(?:_[a-z]+)+)'/g)].map(([, code]) => code),
  ]);

  expect(codes.size).toBeGreaterThan(20);
  expect([...codes].filter((code) => errorCodeLabel(code) === 'other')).toEqual([]);
});
