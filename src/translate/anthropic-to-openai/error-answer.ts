import { anthropicErrorBody } from '../anthropic/error-body';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';

const NOTHING = new Uint8Array(0);

/** An answer that is no success, in Anthropic's envelope. `inner` reads what the provider said; the status stays. */
export class ErrorAnswer implements ResponseTranslator {
  readonly usage = undefined;
  failure: ResponseFailure | undefined;
  private status = 502;

  constructor(private readonly inner: ResponseTranslator) {}

  head(response: UpstreamResponseHead): ResponseHead {
    const { status } = response;
    this.inner.head(response);
    this.status = status;
    return { status, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    this.inner.push(chunk);
    return NOTHING;
  }

  end(): Uint8Array {
    this.inner.end();
    return this.failed(`the provider answered ${this.status} without an error message`);
  }

  fail(message: string): Uint8Array {
    this.inner.fail(message);
    return this.failed(message);
  }

  private failed(message: string): Uint8Array {
    this.failure = { code: null, message, ...this.inner.failure, status: this.status };
    return anthropicErrorBody(this.failure);
  }
}
