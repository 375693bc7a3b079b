import { SecretValue } from 'cdk8s-plus-28';
import { ProviderSpec } from './provider-spec';
import { Credential } from './resources/llm-backend';

/** The LLMBackend's `credential`; `undefined`: the provider wants none. */
export function credentialOf(provider: ProviderSpec): Credential | undefined {
  const credential = { ...ownCredential(provider), ...provider.fromRequestHeader && { fromRequestHeader: provider.fromRequestHeader } };
  return Object.keys(credential).length === 0 ? undefined : credential;
}

function ownCredential({ apiKey, aws, azure, gcp }: ProviderSpec): Credential | undefined {
  if (apiKey !== undefined) return { apiKey: { secretRef: secretRef(apiKey) } };
  if (aws !== undefined) return { aws: { region: aws.region, ...optionalSecretRef(aws.credentials), profile: aws.profile, assumeRole: aws.assumeRole } };
  if (azure !== undefined) return { azure: { tenantId: azure.tenantId, clientId: azure.clientId, ...optionalSecretRef(azure.secret) } };
  return gcp && { gcp: { project: gcp.project, region: gcp.region, ...optionalSecretRef(gcp.secret) } };
}

function optionalSecretRef(value: SecretValue | undefined): { secretRef?: { name: string; key: string } } {
  return value === undefined ? {} : { secretRef: secretRef(value) };
}

function secretRef({ secret, key }: SecretValue): { name: string; key: string } {
  return { name: secret.name, key };
}
