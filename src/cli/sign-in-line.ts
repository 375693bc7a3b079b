import { SignInEvent } from '../runtime/credentials/credentials';

/** One line about a cloud that gave no credential, or gives one again. */
export function signInLine({ backends, what, reason, advice }: SignInEvent): string {
  const of = `LLMBackend ${backends.join(', ')}`;
  return reason === undefined ? `${of}: ${what} could be had again` : `${of}: no ${what} could be had: ${reason}; check ${advice}`;
}
