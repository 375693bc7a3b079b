import { ClientPaths } from './client-paths';
import { RequestError } from '../request-error';

/** What the translator of the chat completion refuses, in words of the Messages request. */
export function inClientWords<Result>(paths: ClientPaths, translate: () => Result): Result {
  try {
    return translate();
  } catch (error) {
    throw error instanceof RequestError ? paths.error(error) : error;
  }
}

/** JSON.parse reads any depth; what walks over it overflows the stack. */
export function withoutOverflow<Result>(translate: () => Result): Result {
  try {
    return translate();
  } catch (error) {
    throw error instanceof RangeError ? new RequestError(400, 'the request body is nested too deeply; send fewer levels', 'invalid_json') : error;
  }
}
