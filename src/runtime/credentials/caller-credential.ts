import type { AwsCredentialIdentity } from '@smithy/types';
import { apiKeyHeaders, bearerHeaders } from './api-key-headers';
import { CredentialError } from './credential-error';
import { HeaderPairs } from './header-pairs';
import { SignableRequest } from './signable-request';
import { LLMBackend, RequestHeaderCredential } from '../../resources/llm-backend';

/** The key or token that the client brought in header `name`, as its provider takes it; `undefined`: none. */
export function broughtHeaders({ spec: { credential, outputSchema } }: LLMBackend, name: string, { clientHeader }: SignableRequest): HeaderPairs | undefined {
  const value = (clientHeader(name) ?? '').replace(/^Bearer(\s+|$)/i, '').trim();
  if (value === '') return undefined;
  // Where the gateway itself would send a token, so does the caller.
  return credential?.azure !== undefined || credential?.gcp !== undefined ? bearerHeaders(value) : apiKeyHeaders(outputSchema.schema, value);
}

/** The AWS identity that the client brought in headers that begin with `prefix`; `undefined`: none. */
export function broughtIdentity(prefix: string, { clientHeader }: SignableRequest): AwsCredentialIdentity | undefined {
  const accessKeyId = clientHeader(`${prefix}access-key-id`) ?? '';
  const secretAccessKey = clientHeader(`${prefix}secret-access-key`) ?? '';
  const sessionToken = clientHeader(`${prefix}session-token`) ?? '';
  if (accessKeyId === '' || secretAccessKey === '') return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === '' ? {} : { sessionToken }) };
}

/** What a client is told that brought none. */
export function missingCredential({ name, prefix = '' }: RequestHeaderCredential): CredentialError {
  const headers = name === undefined ? `headers ${prefix}access-key-id and ${prefix}secret-access-key` : `header ${name}`;
  return new CredentialError(`this model needs the caller's own credential in ${headers}`, 401);
}
