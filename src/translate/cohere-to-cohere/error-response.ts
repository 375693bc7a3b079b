import { cohereErrorBody, cohereFailure, isCohereError } from '../cohere/cohere-error';
import { CollectedBody } from '../collected-body';
import { brokenAnswer } from '../response-failure';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { utf8Bytes } from '../utf8-bytes';

/** A longer error is no error message. */
const MAX_BODY = 64 * 1024;

/** An answer that is no success. One in Cohere's shape passes as it is; anything else is put into that shape, with the original status. */
export class ErrorResponse implements ResponseTranslator {
  readonly usage = undefined;
  failure: ResponseFailure | undefined;
  private readonly body = new CollectedBody(MAX_BODY);
  private response: UpstreamResponseHead = { status: 502, header: () => undefined };

  head(response: UpstreamResponseHead): ResponseHead {
    this.response = { status: response.status, header: (name) => response.header(name) };
    return { status: response.status, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    this.body.push(chunk);
    return new Uint8Array(0);
  }

  end(): Uint8Array {
    const text = this.body.text();
    this.failure = cohereFailure(this.response, text);
    return isCohereError(text) ? utf8Bytes(text) : cohereErrorBody(this.failure);
  }

  fail(message: string): Uint8Array {
    this.failure = { ...brokenAnswer(message), status: this.response.status };
    return cohereErrorBody(this.failure);
  }
}
