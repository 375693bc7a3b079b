import { createHash } from 'node:crypto';
import { GcpCredentialFile, readGcpCredentialFile } from './gcp-credential-file';
import { gcpLibrary } from './libraries';
import { placeOf, secretText } from './secret-value';
import { Grant, SignIn, SignInDefect } from './sign-in';
import { GcpCredential } from '../../resources/llm-backend';
import { BackendConfiguration } from '../configuration';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
/** Of one request; a sign-in by workload identity federation makes up to three. */
const REQUEST_TIMEOUT = 5_000;

/** A token of Google Cloud, by a credential file or the application default credentials. Throws `CredentialError` where the Secret is missing. */
export function gcpSignIn(backend: BackendConfiguration, { project, secretRef }: GcpCredential): SignIn<string> {
  const text = secretRef && secretText(backend, secretRef);
  const where = secretRef && placeOf(secretRef);
  return {
    id: JSON.stringify(['gcp', text === undefined ? undefined : createHash('sha256').update(text).digest('hex')]),
    what: 'access token of Google Cloud',
    advice: where ?? 'GOOGLE_APPLICATION_CREDENTIALS in ExtProc\'s pods, or the annotation iam.gke.io/gcp-service-account of its ServiceAccount',
    fetch: (signal) => token(project, text === undefined ? undefined : readGcpCredentialFile(text, where ?? ''), signal),
  };
}

async function token(project: string, credentials: GcpCredentialFile | undefined, signal: AbortSignal): Promise<Grant<string>> {
  const { gcpMetadata, GoogleAuth } = gcpLibrary();
  // The library looks once whether there is a metadata server, and that of GKE comes a little after the pod.
  gcpMetadata.resetIsAvailableCache();
  // A new one each time: it would give the token that it keeps. The project is only given for it not to be looked for.
  const auth = new GoogleAuth({
    projectId: project,
    scopes: [SCOPE],
    ...credentials === undefined ? {} : { credentials },
    clientOptions: { transporterOptions: { timeout: REQUEST_TIMEOUT, signal } },
  });
  const client = await auth.getClient();
  const { token: value } = await client.getAccessToken();
  if (typeof value !== 'string' || value === '') throw new SignInDefect('the answer has no access token');
  const { expiry_date: expiresAt } = client.credentials;
  return { value, ...typeof expiresAt === 'number' ? { expiresAt } : {} };
}
