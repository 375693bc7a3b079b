import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { Secret } from 'cdk8s-plus-28';
import { LlmBackend, LlmGateway, LlmGatewayCrds, LlmProvider, LlmRoute, ModelMatch } from '../../src';

const app = new App({ outdir: process.env.CDK8S_OUTDIR ?? join(__dirname, 'dist') });

// The CRDs in a chart of their own, to be applied first.
new LlmGatewayCrds(new Chart(app, 'crds'), 'Crds');

const chart = new Chart(app, 'llm', { namespace: 'llm' });
const gateway = new LlmGateway(chart, 'Gateway', { name: 'llm', gatewayClassName: 'eg' });

const kserve = new LlmBackend(chart, 'KServe', {
  metadata: { name: 'kserve' },
  provider: LlmProvider.openAiCompatible({ host: 'llama.models.svc.cluster.local', port: 8080 }),
});
const bedrock = new LlmBackend(chart, 'Bedrock', {
  metadata: { name: 'bedrock' },
  provider: LlmProvider.awsBedrock({
    region: 'us-east-1',
    credentials: { secret: Secret.fromSecretName(chart, 'AwsCredentials', 'aws-bedrock'), key: 'credentials' },
  }),
});

const chat = new LlmRoute(chart, 'Chat', { gateway, name: 'chat' });
chat.addRule({
  name: 'llama',
  models: [ModelMatch.exact('llama3-70b')],
  targets: [
    { backend: kserve, weight: 20 },
    { backend: bedrock, weight: 80, model: 'meta.llama3-70b-instruct-v1:0' },
  ],
});

app.synth();
