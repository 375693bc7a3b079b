import { Registry } from 'prom-client';
import { ServerMetrics } from '../../src/extproc/server-metrics';
import { parseObjects } from '../../src/resources/parse';
import { buildConfiguration } from '../../src/runtime/build-configuration';
import { SignInEvent } from '../../src/runtime/credentials/credentials';

const PROBLEM = { source: 'a.yaml:1', object: '', path: '', message: 'is no YAML' };
const AWS: SignInEvent = { backends: ['llm/bedrock', 'llm/claude'], what: 'AWS credentials', advice: 'the role' };

let registry: Registry;
let metrics: ServerMetrics;
let openStreams: number;

beforeEach(() => {
  registry = new Registry();
  openStreams = 0;
  metrics = new ServerMetrics(registry, { version: '1.2.3', openStreams: () => openStreams, bodyBytes: () => 0 });
});

async function lines(name: string): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => line.startsWith(name));
}

const swapped = (generation: number) => ({ kind: 'swapped', configuration: buildConfiguration(parseObjects([{ source: 'a.yaml:1', value: 'no object' }]), generation) } as const);

test('a refused configuration counts, and leaves what is said of the one in use', async () => {
  metrics.configurationChanged(swapped(4));
  metrics.configurationChanged({ kind: 'refused', problems: [PROBLEM, PROBLEM, PROBLEM] });

  expect(await lines('llm_gateway_configuration_loads_total')).toEqual(['llm_gateway_configuration_loads_total{result="loaded"} 1', 'llm_gateway_configuration_loads_total{result="refused"} 1']);
  expect(await lines('llm_gateway_configuration_generation')).toEqual(['llm_gateway_configuration_generation 4']);
  expect(await lines('llm_gateway_configuration_problems')).toEqual(['llm_gateway_configuration_problems 1']);
});

test('a cloud that gives no credential is said by backend, until it gives one or the configuration changes', async () => {
  metrics.signedIn({ ...AWS, reason: 'AccessDenied' });
  expect(await lines('llm_gateway_sign_in_failing')).toEqual(['llm_gateway_sign_in_failing{backend="llm/bedrock"} 1', 'llm_gateway_sign_in_failing{backend="llm/claude"} 1']);

  metrics.signedIn(AWS);
  expect(await lines('llm_gateway_sign_in_failing')).toEqual(['llm_gateway_sign_in_failing{backend="llm/bedrock"} 0', 'llm_gateway_sign_in_failing{backend="llm/claude"} 0']);

  metrics.configurationChanged(swapped(5));
  expect(await lines('llm_gateway_sign_in_failing')).toEqual([]);
});

test('what is read with every scrape', async () => {
  expect(await lines('llm_gateway_open_streams')).toEqual(['llm_gateway_open_streams 0']);
  openStreams = 3;
  expect(await lines('llm_gateway_open_streams')).toEqual(['llm_gateway_open_streams 3']);
  expect(await lines('llm_gateway_build_info')).toEqual(['llm_gateway_build_info{version="1.2.3"} 1']);
});
