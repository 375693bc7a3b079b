import { CollectedBody } from './collected-body';
import { brokenAnswer } from './response-failure';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from './translator';

/** A longer error is no error message. */
const MAX_ERROR = 64 * 1024;

/** An answer that is no success, as an error of the client's dialect; the status stays. */
export class FailedResponse implements ResponseTranslator {
  readonly usage = undefined;
  failure: ResponseFailure | undefined;
  private readonly body = new CollectedBody(MAX_ERROR);
  private response: UpstreamResponseHead = { status: 502, header: () => undefined };

  constructor(
    private readonly read: (head: UpstreamResponseHead, body: string) => ResponseFailure,
    private readonly writeError: (failure: ResponseFailure) => Uint8Array,
  ) {}

  head(response: UpstreamResponseHead): ResponseHead {
    this.response = { status: response.status, header: (name) => response.header(name) };
    return { status: response.status, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    this.body.push(chunk);
    return new Uint8Array(0);
  }

  end(): Uint8Array {
    return this.failed(this.read(this.response, this.body.text()));
  }

  fail(message: string): Uint8Array {
    return this.failed({ ...brokenAnswer(message), status: this.response.status });
  }

  private failed(failure: ResponseFailure): Uint8Array {
    this.failure = failure;
    return this.writeError(failure);
  }
}
