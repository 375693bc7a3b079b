import { App, Chart, Duration } from 'cdk8s';
import { LlmBackend, LlmGateway, LlmProvider, LlmRoute, LlmRuleOptions, ModelMatch } from '../../src';

/** Time that an attempt's answer may take to begin. */
export const PER_ATTEMPT = Duration.millis(1_500);
/** Longest silence of a stream. */
export const IDLE = Duration.seconds(4);

/** Backends that can be told to do wrong, by dialect. */
const OPENAI = ['a', 'b', 'good', 'gone', 'untrusted', 'nowhere'] as const;
const BEDROCK = ['c', 'bedrock'] as const;
type Name = typeof OPENAI[number] | typeof BEDROCK[number];

/** Backends that never answer, and why. */
export const UNREACHABLE = { gone: 'refused', untrusted: 'TLS failure', nowhere: 'DNS failure' } as const;
const DEAD = Object.keys(UNREACHABLE) as Array<keyof typeof UNREACHABLE>;

/** Models and the backends that are asked one after the other: the place of the one at fault, and whether the next speaks its dialect. */
export const FAILOVER_RULES: Readonly<Record<string, readonly Name[]>> = {
  'first-same': ['a', 'good'],
  'first-other': ['a', 'bedrock'],
  'first-reverse': ['c', 'good'],
  'second-same': ['a', 'b', 'good'],
  'second-other': ['a', 'b', 'bedrock'],
  'second-reverse': ['a', 'c', 'good'],
  'last-same': ['a', 'b'],
  'last-other': ['a', 'c'],
  'last-reverse': ['c', 'b'],
  ...Object.fromEntries(DEAD.flatMap((name): Array<[string, Name[]]> => [
    [`${name}-first-same`, [name, 'good']], [`${name}-first-other`, [name, 'bedrock']],
    [`${name}-second-same`, ['a', name, 'good']], [`${name}-second-other`, ['a', name, 'bedrock']],
    [`${name}-last`, ['a', name]],
  ])),
  'many': ['a', 'b', 'good'],
};

/** Rules that fail over from a backend that is at fault to one that is not, of the same and of another dialect. */
export function failoverApp(): App {
  const app = new App();
  const chart = new Chart(app, 'llm', { namespace: 'llm' });
  const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg' });
  const backends = Object.fromEntries([
    ...OPENAI.map((name) => [name, LlmProvider.openAiCompatible({ host: `${name}.example.com`, port: 8080 })] as const),
    ...BEDROCK.map((name) => [name, LlmProvider.awsBedrock({ region: 'us-east-1' })] as const),
  ].map(([name, provider]) => [name, new LlmBackend(chart, name, { metadata: { name }, provider })])) as Record<Name, LlmBackend>;
  new LlmRoute(chart, 'Chat', {
    gateway,
    name: 'chat',
    timeouts: { request: Duration.seconds(60), idle: IDLE },
    rules: Object.entries(FAILOVER_RULES).map(([model, targets]): LlmRuleOptions => ({
      name: model,
      models: [ModelMatch.exact(model)],
      // A model of its own for each rule: what fails again and again is remembered by backend and model.
      targets: targets.map((name, priority) => ({ backend: backends[name], model: `${model}-model`, priority })),
      failover: { perAttemptTimeout: PER_ATTEMPT },
    })),
  });
  return app;
}
