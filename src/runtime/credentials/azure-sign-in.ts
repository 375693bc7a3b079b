import { createHash } from 'node:crypto';
import { azureLibrary } from './libraries';
import { placeOf, secretLine } from './secret-value';
import { Grant, SignIn } from './sign-in';
import { AzureCredential } from '../../resources/llm-backend';
import { BackendConfiguration } from '../configuration';

/** Where the tokens are for, by the end of the endpoint's name: the public cloud's, and those of the sovereign ones. */
const AUDIENCES: ReadonlyArray<readonly [end: string, audience: string]> = [
  ['.azure.us', 'https://cognitiveservices.azure.us'],
  ['.azure.cn', 'https://cognitiveservices.azure.cn'],
];
const PUBLIC_AUDIENCE = 'https://cognitiveservices.azure.com';

/** A token of Microsoft Entra ID, by client secret or workload identity. Throws `CredentialError` where the Secret is missing. */
export function azureSignIn(backend: BackendConfiguration, azure: AzureCredential): SignIn<string> {
  const { tenantId, clientId, secretRef } = azure;
  const secret = secretRef && secretLine(backend, secretRef);
  const { endpoint } = backend;
  const host = endpoint === undefined ? '' : endpoint.serverName ?? new URL(endpoint.origin).hostname;
  const scope = `${AUDIENCES.find(([end]) => host.endsWith(end))?.[1] ?? PUBLIC_AUDIENCE}/.default`;
  return {
    id: JSON.stringify(['azure', tenantId, clientId, scope, secret && createHash('sha256').update(secret).digest('hex')]),
    what: 'access token of Microsoft Entra ID',
    advice: secretRef === undefined
      ? 'the label azure.workload.identity/use of ExtProc\'s pods, the annotation azure.workload.identity/client-id of its ServiceAccount, and the federated credential in Entra ID'
      : `tenantId, clientId and ${placeOf(secretRef)}`,
    fetch: (signal) => token({ tenantId, clientId, secret, scope, signal }),
  };
}

interface TokenRequest {
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly secret?: string;
  readonly scope: string;
  readonly signal: AbortSignal;
}

async function token({ tenantId, clientId, secret, scope, signal }: TokenRequest): Promise<Grant<string>> {
  const { ClientSecretCredential, WorkloadIdentityCredential } = azureLibrary();
  const options = {
    // The authority comes from who runs the pod (AZURE_AUTHORITY_HOST), so nobody else has to vouch for it.
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 1 },
  };
  // A new one each time: it would give the token that it keeps.
  const credential = secret === undefined
    ? new WorkloadIdentityCredential({ ...options, tenantId, clientId })
    : new ClientSecretCredential(tenantId ?? '', clientId ?? '', secret, options);
  const { token: value, expiresOnTimestamp } = await credential.getToken(scope, { abortSignal: signal });
  return { value, expiresAt: expiresOnTimestamp };
}
