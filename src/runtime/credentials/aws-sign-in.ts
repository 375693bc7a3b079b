import { createHash } from 'node:crypto';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { withProfiles } from './aws-profile';
import { newSigner } from './aws-signer';
import { awsLibrary } from './libraries';
import { placeOf, secretText } from './secret-value';
import { Grant, SignIn } from './sign-in';
import { Sigv4Signer } from './sigv4-signer';
import { AwsCredential } from '../../resources/llm-backend';
import { BackendConfiguration } from '../configuration';

/** Of one request to STS, the pod identity agent or the metadata server. */
const REQUEST_TIMEOUT = 5_000;
const METADATA_TIMEOUT = 1_000;
const SESSION_NAME = 'llm-gateway';

/** A signer with an identity of AWS: from a profile or the default chain, in a role if so wanted. Throws `CredentialError` where the Secret is missing. */
export function awsSignIn(backend: BackendConfiguration, aws: AwsCredential): SignIn<Sigv4Signer> {
  const { region, secretRef, profile, assumeRole } = aws;
  const file = secretRef && secretText(backend, secretRef);
  const where = secretRef && placeOf(secretRef);
  return {
    id: JSON.stringify(['aws', region, profile, assumeRole, file === undefined ? undefined : createHash('sha256').update(file).digest('hex')]),
    what: 'credential of AWS',
    advice: [
      where ?? 'the Pod Identity association or the annotation eks.amazonaws.com/role-arn of ExtProc\'s ServiceAccount',
      ...assumeRole === undefined ? [] : [`the trust policy of ${assumeRole.roleArn}`],
    ].join(', and '),
    fetch: (signal) => identity(aws, file, where ?? '', signal),
  };
}

async function identity({ region, profile = 'default', assumeRole }: AwsCredential, file: string | undefined, where: string, signal: AbortSignal): Promise<Grant<Sigv4Signer>> {
  const library = awsLibrary();
  const requestHandler = new library.NodeHttpHandler({ requestTimeout: REQUEST_TIMEOUT, connectionTimeout: REQUEST_TIMEOUT, throwOnRequestTimeout: true });
  signal.addEventListener('abort', () => requestHandler.destroy());
  const clientConfig = { region, requestHandler };
  try {
    // New ones each time: they would give the identity that they keep.
    const own: AwsCredentialIdentityProvider = file === undefined
      ? library.fromNodeProviderChain({ clientConfig, timeout: METADATA_TIMEOUT, maxRetries: 1 })
      : () => withProfiles(file, profile, where, (paths) => library.fromIni({ ...paths, profile, clientConfig })());
    const provider = assumeRole === undefined ? own : library.fromTemporaryCredentials({
      masterCredentials: own,
      clientConfig,
      params: { RoleArn: assumeRole.roleArn, RoleSessionName: assumeRole.sessionName ?? SESSION_NAME, ExternalId: assumeRole.externalId },
    });
    const found = await provider();
    return { value: newSigner(region, found), ...found.expiration === undefined ? {} : { expiresAt: found.expiration.getTime() } };
  } finally {
    requestHandler.destroy();
  }
}
