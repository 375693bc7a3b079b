import { ApiObject, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { crdManifests } from './resources/crd/crd-manifests';

/**
 * The CustomResourceDefinitions of LLMRoute and LLMBackend. They belong in a chart of their own, applied before the charts that use them.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { LlmGatewayCrds } from 'cdk8s-llm-gateway';
 *
 * const app = new App();
 * new LlmGatewayCrds(new Chart(app, 'crds'), 'Crds');
 * app.synth();
 */
export class LlmGatewayCrds extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    for (const manifest of crdManifests()) {
      const crd = new ApiObject(this, manifest.metadata.name, {
        apiVersion: manifest.apiVersion, kind: manifest.kind, metadata: { name: manifest.metadata.name },
      });
      crd.addJsonPatch(JsonPatch.add('/spec', manifest.spec));
    }
  }
}
