import { joinedBody, SentBody } from './body-pieces';
import { writeJson } from './exact-json';
import { bodyWithLongTexts } from './long-text';
import { RequestError } from './request-error';

/** A request body as it goes to a provider. */
export function jsonBody(value: unknown): SentBody {
  return bodyWithLongTexts(() => jsonText(value));
}

/** A request body as bytes. */
export function jsonBytes(value: unknown): Uint8Array {
  return joinedBody(jsonBody(value));
}

/** A value of a request as JSON. */
export function jsonText(value: unknown): string {
  return withinStack(() => writeJson(value));
}

/** JSON.parse reads any depth; what goes through a value again overflows the stack, JSON.stringify too: that is the client's fault. */
export function withinStack<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof RangeError ? new RequestError(400, 'the request body is nested too deeply; send fewer levels', 'invalid_json') : error;
  }
}
