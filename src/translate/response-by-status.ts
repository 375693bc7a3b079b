import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from './translator';
import { Usage } from './usage';

/** Translates an answer by one of two translators: that of a success, or that of an error, which also speaks when there is no answer at all. */
export class ResponseByStatus implements ResponseTranslator {
  private chosen: ResponseTranslator;

  constructor(private readonly success: ResponseTranslator, error: ResponseTranslator) {
    this.chosen = error;
  }

  get usage(): Usage | undefined {
    return this.chosen.usage;
  }

  get failure(): ResponseFailure | undefined {
    return this.chosen.failure;
  }

  head(response: UpstreamResponseHead): ResponseHead {
    if (response.status >= 200 && response.status < 300) {
      this.chosen = this.success;
    }
    return this.chosen.head(response);
  }

  push(chunk: Uint8Array): Uint8Array {
    return this.chosen.push(chunk);
  }

  end(): Uint8Array {
    return this.chosen.end();
  }

  fail(message: string): Uint8Array {
    return this.chosen.fail(message);
  }
}
