import { CollectedBody } from './collected-body';
import { ChatSink } from './openai/chat-sink';
import { brokenAnswer } from './response-failure';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from './translator';
import { Usage } from './usage';
import { utf8Bytes } from './utf8-bytes';

const NOTHING = new Uint8Array(0);

/** What a whole answer became. */
export interface ConvertedAnswer {
  /** What the client gets; neither is looked at beside a `failure`. */
  readonly bytes?: Uint8Array;
  /** The same before it is written. */
  readonly json?: object;
  readonly usage?: Usage;
  readonly failure?: ResponseFailure;
}

/** An answer in JSON that becomes another in JSON. Nothing can be written before all of it is there. */
export class WholeResponse implements ResponseTranslator {
  usage: Usage | undefined;
  failure: ResponseFailure | undefined;
  private readonly body = new CollectedBody();
  private header: UpstreamResponseHead['header'] = () => undefined;

  /**
   * `convert`: `undefined`, or any throw, for an answer that is not what the provider's API promises. `writeError`: an error in the client's
   * dialect. `sink`: takes the chat completion instead of bytes.
   */
  constructor(
    private readonly convert: (answer: unknown, header: UpstreamResponseHead['header']) => ConvertedAnswer | undefined,
    private readonly writeError: (failure: ResponseFailure) => Uint8Array,
    private readonly sink?: ChatSink,
  ) {}

  head(response: UpstreamResponseHead): ResponseHead {
    this.header = (name) => response.header(name);
    return { status: response.status, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    this.body.push(chunk);
    return NOTHING;
  }

  end(): Uint8Array {
    try {
      const answer = this.body.json();
      const converted = typeof answer === 'object' && answer !== null ? this.convert(answer, this.header) : undefined;
      this.usage = converted?.usage;
      if (converted?.failure) {
        return this.failed(converted.failure);
      }
      if (converted?.json && this.sink) {
        this.sink.completion(converted.json);
        return NOTHING;
      }
      if (converted?.json) {
        return utf8Bytes(JSON.stringify(converted.json));
      }
      if (converted?.bytes) {
        return converted.bytes;
      }
    } catch {
      // A member somewhere in it is of another type than the API says, or too deep to be written.
    }
    return this.failed(brokenAnswer('the provider\'s answer is not what its API promises'));
  }

  fail(message: string): Uint8Array {
    return this.failed(brokenAnswer(message));
  }

  private failed(failure: ResponseFailure): Uint8Array {
    this.failure = failure;
    return this.writeError(failure);
  }
}
