import { App, Chart, Duration } from 'cdk8s';
import { LlmBackend, LlmGateway, LlmProvider, LlmRoute, LlmRuleOptions, LlmTarget, ModelMatch } from '../../src';

/** Time that an attempt's answer may take to begin. */
export const PER_ATTEMPT = Duration.millis(1_500);

/** Rules that fail over from a backend that is at fault to one that is not, of the same and of another dialect. */
export function failoverApp(): App {
  const app = new App();
  const chart = new Chart(app, 'llm', { namespace: 'llm' });
  const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg' });
  const openAi = (name: string): LlmBackend => new LlmBackend(chart, name, {
    metadata: { name }, provider: LlmProvider.openAiCompatible({ host: `${name}.example.com`, port: 8080 }),
  });
  const faulty = openAi('faulty');
  const good = openAi('good');
  const gone = openAi('gone');
  const bedrock = new LlmBackend(chart, 'bedrock', { metadata: { name: 'bedrock' }, provider: LlmProvider.awsBedrock({ region: 'us-east-1' }) });
  const rule = (model: string, ...targets: LlmTarget[]): LlmRuleOptions => ({
    name: model, models: [ModelMatch.exact(model)], targets: targets.map((target, priority) => ({ ...target, priority })), failover: { perAttemptTimeout: PER_ATTEMPT },
  });
  new LlmRoute(chart, 'Chat', {
    gateway,
    name: 'chat',
    hostnames: ['llm.example.com'],
    rules: [
      rule('same', { backend: faulty }, { backend: good }),
      rule('other', { backend: faulty, model: 'gpt' }, { backend: bedrock, model: 'amazon.nova-lite-v1:0' }),
      rule('refused', { backend: gone }, { backend: good }),
      rule('hopeless', { backend: faulty }, { backend: gone }),
    ],
  });
  return app;
}
