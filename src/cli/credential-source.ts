import { ACCESS_TOKEN_KEY, AwsCredential, Credential, SecretKeyReference } from '../resources/llm-backend';

/** Where the gateway's own credential for a backend of this namespace comes from; `undefined`: it has none. */
export function credentialSource({ apiKey, aws, azure, gcp }: Credential, namespace: string): string | undefined {
  const secret = ({ name, key }: SecretKeyReference) => `Secret ${namespace}/${name} key ${key}`;
  if (apiKey !== undefined) return `from ${secret(apiKey.secretRef)}`;
  if (aws !== undefined) return awsSource(aws, secret);
  const reference = (azure ?? gcp)?.secretRef;
  if (reference?.key === ACCESS_TOKEN_KEY) return `from ${secret(reference)}`;
  const by = reference && `by ${secret(reference)}`;
  if (azure !== undefined) {
    const who = [...azure.clientId === undefined ? [] : [`application ${azure.clientId}`], ...azure.tenantId === undefined ? [] : [`tenant ${azure.tenantId}`]];
    return `access token of Microsoft Entra ID${who.length === 0 ? '' : ` (${who.join(', ')})`} ${by ?? 'by workload identity'}`;
  }
  return gcp && `access token of Google Cloud ${by ?? 'by application default credentials'}`;
}

function awsSource({ secretRef, profile, assumeRole }: AwsCredential, secret: (reference: SecretKeyReference) => string): string {
  const base = secretRef === undefined ? 'the default chain of the AWS SDK' : `${secret(secretRef)}${profile === undefined ? '' : `, profile ${profile}`}`;
  return `signed with ${base}${assumeRole === undefined ? '' : `, in the role ${assumeRole.roleArn}`}`;
}
