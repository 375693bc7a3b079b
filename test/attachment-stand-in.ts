import { App, Chart, Testing } from 'cdk8s';
import { LlmGateway, LlmGatewayProps } from '../src';
import { RouteAttachment } from '../src/route-attachment';

/** What an LlmRoute attaches. */
export function attachment(overrides: Partial<RouteAttachment> = {}): RouteAttachment {
  return { path: 'llm/Chat', namespace: 'llm', readNamespaces: () => [], readSecrets: () => [], readConfigMaps: () => [], ...overrides };
}

/** An LlmGateway in namespace `llm`, attached to as told; by default by one route of the same namespace. */
export function llmGateway(props: LlmGatewayProps, attachments: readonly RouteAttachment[] = [attachment()]): LlmGateway {
  const gateway = new LlmGateway(new Chart(new App(), 'llm', { namespace: 'llm' }), 'Gateway', props);
  for (const each of attachments) gateway._attach(each);
  return gateway;
}

/** A manifest, looked into by path only. */
export type Manifest = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** The manifests of the gateway's chart, or those of one kind. */
export function manifestsOf(gateway: LlmGateway, kind?: string): Manifest[] {
  return (Testing.synth(Chart.of(gateway)) as Manifest[]).filter((manifest) => kind === undefined || manifest.kind === kind);
}

/** The only manifest of a kind. */
export function manifestOf(gateway: LlmGateway, kind: string): Manifest {
  const found = manifestsOf(gateway, kind);
  if (found.length !== 1) throw new Error(`there are ${found.length} objects of kind ${kind}`);
  return found[0];
}
