import { RequestError } from './request-error';
import { utf8Bytes } from './utf8-bytes';

/** A request body as bytes. */
export function jsonBytes(value: unknown): Uint8Array {
  return utf8Bytes(jsonText(value));
}

/** A value of a request as JSON. JSON.parse reads any depth, JSON.stringify overflows the stack: that is the client's fault, too. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw error instanceof RangeError ? new RequestError(400, 'the request body is nested too deeply; send fewer levels', 'invalid_json') : error;
  }
}
