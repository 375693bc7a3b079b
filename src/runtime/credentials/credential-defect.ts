import { withProfiles } from './aws-profile';
import { CredentialError } from './credential-error';
import { readGcpCredentialFile } from './gcp-credential-file';
import { placeOf, secretLine, secretText } from './secret-value';
import { SignInDefect } from './sign-in';
import { ACCESS_TOKEN_KEY } from '../../resources/llm-backend';
import { BackendConfiguration } from '../configuration';

/** What of a backend's Secret can be known to be wrong without asking a cloud; `undefined`: nothing. */
export async function credentialDefect(backend: BackendConfiguration): Promise<string | undefined> {
  const { apiKey, aws, azure, gcp } = backend.resource.spec.credential ?? {};
  try {
    const line = apiKey?.secretRef ?? azure?.secretRef ?? (gcp?.secretRef?.key === ACCESS_TOKEN_KEY ? gcp.secretRef : undefined);
    if (line !== undefined) secretLine(backend, line);
    else if (gcp?.secretRef !== undefined) readGcpCredentialFile(secretText(backend, gcp.secretRef), placeOf(gcp.secretRef));
    if (aws?.secretRef !== undefined) await withProfiles(secretText(backend, aws.secretRef), aws.profile ?? 'default', placeOf(aws.secretRef), () => undefined);
    return undefined;
  } catch (error) {
    if (error instanceof SignInDefect) return `LLMBackend ${backend.key}: ${error.message}`;
    if (error instanceof CredentialError) return error.message;
    throw error;
  }
}
