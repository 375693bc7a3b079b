import { CredentialError } from './credential-error';
import { SecretKeyReference } from '../../resources/llm-backend';
import { BackendConfiguration } from '../configuration';

/** The value of a Secret's key. Throws `CredentialError` where there is none. */
export function secretText(backend: BackendConfiguration, { name, key }: SecretKeyReference): string {
  const bytes = backend.secret(name, key);
  if (bytes === undefined) throw new CredentialError(`LLMBackend ${backend.key}: Secret ${name} has no key ${key}, or there is no such Secret`, 502);
  return Buffer.from(bytes).toString('utf8');
}

/** A value that goes into a header. Throws `CredentialError` where it cannot. */
export function secretLine(backend: BackendConfiguration, reference: SecretKeyReference): string {
  const value = secretText(backend, reference).trim();
  if (value !== '' && !/[\r\n\0]/.test(value)) return value;
  throw new CredentialError(`LLMBackend ${backend.key}: ${placeOf(reference)} is empty or has more than one line`, 502);
}

/** For messages. */
export function placeOf({ name, key }: SecretKeyReference): string {
  return `key ${key} of Secret ${name}`;
}
