import { parseAllDocuments } from 'yaml';
import { parseObjects } from '../../src/resources/parse';
import { buildConfiguration } from '../../src/runtime/build-configuration';
import { BackendConfiguration, Configuration } from '../../src/runtime/configuration';

/** The configuration in a text of YAML documents. */
export function configurationOf(text: string): Configuration {
  return buildConfiguration(parseObjects(parseAllDocuments(text).map((document) => ({ source: 'test.yaml', value: document.toJS() as unknown }))), 1);
}

/** An LLMBackend, its Backend at `<name>.example`, and Secrets; `spec` is what stands beside outputSchema and backendRef. */
export function backendManifest(name: string, schema: string, spec = '', { host = `${name}.example`, tls = '' }: { host?: string; tls?: string } = {}): string {
  return `---
apiVersion: aigateway.envoyproxy.io/v1alpha1
kind: LLMBackend
metadata: {name: ${name}}
spec: {outputSchema: {schema: ${schema}}, backendRef: {name: ${name}}${spec === '' ? '' : `, ${spec}`}}
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: ${name}}
spec: {endpoints: [{fqdn: {hostname: ${host}, port: 443}}], tls: {wellKnownCACertificates: System${tls}}}
`;
}

/** A Secret of one key. */
export function secretManifest(name: string, key: string, value: string): string {
  return `---\napiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\ndata: {${key}: ${Buffer.from(value).toString('base64') || '""'}}\n`;
}

/** An LLMRoute `default/chat` of OpenAI requests and its HTTPRoute. */
export function routeManifest(rules: string, more = ''): string {
  return `---
apiVersion: aigateway.envoyproxy.io/v1alpha1
kind: LLMRoute
metadata: {name: chat}
spec: {inputSchema: {schema: OpenAI}, httpRouteRef: {name: chat}, rules: ${rules}${more}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: chat}
spec: {rules: [{matches: [{path: {value: /v1}}]}]}
`;
}

/** The backend of a configuration; fails the test when it is not there. */
export function backendOf(configuration: Configuration, name: string): BackendConfiguration {
  const backend = configuration.backends.get(`default/${name}`);
  if (backend === undefined) throw new Error(`no LLMBackend default/${name}; problems: ${JSON.stringify(configuration.problems)}`);
  return backend;
}

