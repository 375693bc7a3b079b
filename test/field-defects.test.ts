import { App, Chart } from 'cdk8s';
import { Secret } from 'cdk8s-plus-28';
import { BodyEdits, GatewayRef, LlmBackend, LlmGateway, LlmProvider, LlmRoute } from '../src';

/** A rule that sets these fields, sent to this provider. */
function rule(provider: (apiKey: { secret: ReturnType<typeof Secret.fromSecretName>; key: string }) => LlmProvider, requestBody: BodyEdits, body?: BodyEdits): void {
  const chart = new Chart(new App(), 'chart', { namespace: 'llm' });
  const gateway = new LlmGateway(chart, 'Gateway', { gateway: GatewayRef.named('shared', 'infra') });
  const backend = new LlmBackend(chart, 'Backend', { provider: provider({ secret: Secret.fromSecretName(chart, 'Keys', 'keys'), key: 'key' }), body });
  new LlmRoute(chart, 'Chat', { gateway, name: 'chat', rules: [{ targets: [{ backend }], requestBody }] });
}

test('a field that the host refuses in every request fails at synth, with its source and the remedy', () => {
  expect(() => rule((apiKey) => LlmProvider.groq({ apiKey }), { set: { seed: 1, logit_bias: { 1: 5 } } })).toThrow(
    'chart/Chat: rule 1: requestBody sets "logit_bias", which api.groq.com refuses (console.groq.com/docs/openai, 2026-11); leave it out, or, where that has changed, '
    + 'set it in `body` of the backend (targets[0], chart/Backend)',
  );
  expect(() => rule((apiKey) => LlmProvider.mistral({ apiKey }), { set: { 'stream_options.include_usage': true } })).toThrow(/sets "stream_options\.include_usage", which api\.mistral\.ai refuses/);
  expect(() => rule((apiKey) => LlmProvider.deepSeek({ apiKey }), { set: { 'response_format.type': 'json_schema' } })).toThrow(/sets "response_format\.type", which api\.deepseek\.com refuses/);
  // The host decides, whatever the factory.
  expect(() => rule((apiKey) => LlmProvider.openAiCompatible({ apiKey, host: 'api.groq.com', pathPrefix: 'openai/v1' }), { set: { n: 2 } })).toThrow(/which api\.groq\.com refuses/);
});

test.each<[why: string, provider: Parameters<typeof rule>[0], edits: BodyEdits]>([
  ['another value', (apiKey) => LlmProvider.groq({ apiKey }), { set: { n: 1 } }],
  ['some models only', (apiKey) => LlmProvider.xAi({ apiKey }), { set: { stop: ['END'], frequency_penalty: 1 } }],
  ['ignored, not refused', (apiKey) => LlmProvider.deepSeek({ apiKey }), { set: { temperature: 1 } }],
  ['taken out', (apiKey) => LlmProvider.groq({ apiKey }), { remove: ['logit_bias'] }],
  ['a host of which nothing is known', () => LlmProvider.vllm({ host: 'vllm.models.svc.cluster.local' }), { set: { logit_bias: {}, user: 'a' } }],
  ['another dialect', (apiKey) => LlmProvider.gemini({ apiKey }), { set: { store: true } }],
])('passes: %s', (_, provider, edits) => { rule(provider, edits); });

test('what the backend\'s owner sets is for the owner to know', () => {
  rule((apiKey) => LlmProvider.groq({ apiKey }), {}, { set: { logit_bias: { 1: 5 } } });
});
