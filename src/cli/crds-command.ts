import { Command } from 'commander';
import { stringify } from 'yaml';
import { crdManifests } from '../resources/crd/crd-manifests';

/** `llmgw crds`: prints the CRDs as YAML. */
export function crdsCommand(): Command {
  return new Command('crds')
    .description('print the CustomResourceDefinitions of LLMRoute and LLMBackend as YAML')
    .addHelpText('after', '\nExample:\n  llmgw crds | kubectl apply --server-side -f -')
    .action(() => { process.stdout.write(crdManifests().map((manifest) => `---\n${stringify(manifest)}`).join('')); });
}
