import { Testing } from 'cdk8s';
import { LlmGatewayCrds } from '../src';

test('emits the CRDs of LLMRoute and LLMBackend with schema, status and short names', () => {
  // GIVEN
  const chart = Testing.chart();

  // WHEN
  new LlmGatewayCrds(chart, 'Crds');

  // THEN
  const manifests = Testing.synth(chart);
  expect(manifests.map((manifest) => manifest.metadata.name)).toEqual(['llmroutes.aigateway.envoyproxy.io', 'llmbackends.aigateway.envoyproxy.io']);
  for (const { spec } of manifests) {
    expect(spec.scope).toBe('Namespaced');
    expect(spec.names.shortNames).toHaveLength(1);
    expect(spec.versions[0].subresources).toEqual({ status: {} });
    expect(spec.versions[0].schema.openAPIV3Schema.properties.spec.description).toBeTruthy();
  }
});
