import { RequestError } from '../request-error';

/** `what` ends the sentence "the multipart/form-data body ...". */
export function malformedMultipart(what: string): RequestError {
  return new RequestError(400, `the multipart/form-data body ${what}`, 'invalid_multipart');
}
