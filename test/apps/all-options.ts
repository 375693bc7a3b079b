import { App, Chart, Duration, Size } from 'cdk8s';
import { ConfigMap, Secret } from 'cdk8s-plus-28';
import { CostType, HeaderMatch, InputSchema, LlmBackend, LlmGateway, LlmProvider, LlmRoute, ModelMatch, OutputSchema, UnsupportedParameters } from '../../src';

/** Every property of LlmBackend and LlmRoute once. */
export function allOptionsApp(): App {
  const app = new App();
  const chart = new Chart(app, 'llm', { namespace: 'llm' });
  const gateway = new LlmGateway(chart, 'Gateway', { gatewayClassName: 'eg' });
  const keys = new Secret(chart, 'Keys');
  const aws = Secret.fromSecretName(chart, 'Aws', 'aws');
  const authority = new ConfigMap(chart, 'Authority', { data: { 'ca.crt': CERTIFICATE } });
  const openAi = new LlmBackend(chart, 'OpenAi', { metadata: { name: 'openai', labels: { team: 'a' } }, provider: LlmProvider.openAi({ apiKey: { secret: keys, key: 'openai' } }) });
  const vllm = new LlmBackend(chart, 'VLlm', {
    provider: LlmProvider.openAiCompatible({
      host: 'vllm.models.svc.cluster.local', port: 8443, tls: true, pathPrefix: 'openai/v1', apiKey: { secret: keys, key: 'vllm' }, certificateAuthority: authority,
    }),
    headers: { set: { 'x-team': 'a' }, remove: ['x-debug'] },
    body: { set: { 'user': 'gateway', 'stream_options.include_usage': true }, remove: ['seed'] },
  });
  const bedrock = new LlmBackend(chart, 'Bedrock', {
    provider: LlmProvider.awsBedrock({ region: 'us-east-1', credentials: { secret: aws, key: 'credentials' }, host: 'vpce-1.bedrock-runtime.us-east-1.vpce.amazonaws.com' }),
  });
  const imported = LlmBackend.fromLlmBackendName(chart, 'Imported', 'imported', {
    schema: OutputSchema.OPENAI, host: 'imported.example.com', port: 8443, backendName: 'openai', secretNames: ['imported'], configMapNames: ['imported-ca'],
  });
  new LlmRoute(chart, 'Chat', {
    gateway,
    name: 'chat',
    hostnames: ['llm.example.com'],
    inputSchema: InputSchema.OPENAI,
    bodyLimit: Size.mebibytes(8),
    timeouts: { request: Duration.minutes(30), idle: Duration.seconds(90), firstByte: Duration.seconds(45) },
    costs: [{ metadataKey: 'total_tokens', type: CostType.TOTAL_TOKEN }, { metadataKey: 'output_tokens', type: CostType.OUTPUT_TOKEN }],
    rules: [
      {
        name: 'beta',
        models: [ModelMatch.exact('gpt-4o'), ModelMatch.prefix('llama'), ModelMatch.regularExpression('(?i)mistral-.*')],
        headers: [HeaderMatch.exact('x-tenant', 'a'), HeaderMatch.prefix('x-plan', 'gold'), HeaderMatch.regularExpression('x-region', 'eu-.*')],
        targets: [{ backend: openAi, weight: 3, priority: 1 }, { backend: vllm, weight: 1, priority: 1, model: 'mistral' }],
        unsupportedParameters: UnsupportedParameters.STRICT,
      },
      { name: 'rest', targets: [{ backend: bedrock, model: 'amazon.nova-pro-v1:0' }, { backend: imported, weight: 0 }] },
    ],
  });
  return app;
}

// A self-signed certificate that is good for nothing else; Envoy Gateway parses it.
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUJTrYRn7rAeG99NiBpIn32VGRSFcwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjUwMTMzNTlaGA8yMTI2MTEwMTAxMzM1
OVowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKRY
/qvv5A0Tq5FmFfukej2BIo+kAYlzyh7C5mkwswcbpzKpTCYLtPf1P7UpdL1pzUhg
NNS0+U/43DnBdltVui+jUzBRMB0GA1UdDgQWBBTzJpdi5smA6Yul38+YDso6xgT2
5zAfBgNVHSMEGDAWgBTzJpdi5smA6Yul38+YDso6xgT25zAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIQC4QwBG6a4hL8gGNbgPxYXg2FOX8VK72N7D
WHIVD/oZMAIgZdwKsuVMQFe0Lh5IgV4chSR1EV/Lex+ggauHKe2Y/JM=
-----END CERTIFICATE-----
`;
