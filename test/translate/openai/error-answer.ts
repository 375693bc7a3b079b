import { ResponseTranslator } from '../../../src/translate/translator';
import { bytesOf, differingSplits, Replayed, replay, textOf } from '../replay';

/** What stands for an answer of which nothing can be told. */
export const NOTHING_SAID = 'the provider answered 503 without an error message';

export function errorIn({ text }: Replayed): unknown {
  return (JSON.parse(text) as { readonly error: unknown }).error;
}

/** A provider's error and what the client and the next backend are told of it. */
export interface SaidError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly error: object;
  readonly failure: object;
}

/** The provider's error is the client's, however its body is cut. */
export function expectErrorTold(responseTo: () => ResponseTranslator, { status, headers, body, error, failure }: SaidError): void {
  const bytes = bytesOf(JSON.stringify(body));
  const answer = (chunks: readonly Uint8Array[]) => replay(responseTo(), status, headers, chunks);
  const whole = answer([bytes]);
  expect(whole.head).toMatchObject({ status, setHeaders: [['content-type', 'application/json']] });
  expect(errorIn(whole)).toEqual(error);
  expect(whole.failure).toEqual(failure);
  expect(differingSplits(bytes, answer)).toEqual([]);
}

/** What is no error of the provider's keeps its status, 503, and has this message. */
export function expectUnknownErrorTold(response: ResponseTranslator, contentType: string, body: string, message: string): void {
  const replayed = replay(response, 503, { 'content-type': contentType }, [bytesOf(body)]);
  expect(replayed.head.status).toBe(503);
  expect(errorIn(replayed)).toEqual({ message, type: 'server_error', param: null, code: null });
}

/** No answer at all is a 502. */
export function expectRefusedConnectionTold(response: ResponseTranslator): void {
  expect(textOf(response.fail('connection refused'))).toContain('"connection refused"');
  expect(response.failure).toMatchObject({ status: 502, code: 'upstream_broke_off' });
}
