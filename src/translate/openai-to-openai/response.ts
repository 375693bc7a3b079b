import { ErrorResponse } from './error-response';
import { JsonResponse } from './json-response';
import { StreamResponse } from './stream-response';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';

/**
 * The answer of a provider that speaks OpenAI's dialect to a client that does: bytes pass wherever they can. So `model` in the answer is
 * the name that the provider gave, also where the route sent another name than the client's upstream.
 */
export class PassThroughResponse implements ResponseTranslator {
  private kind: ResponseTranslator = new ErrorResponse();

  /** `stream`: the client asked for one. `usageAdded`: the gateway asked for the usage chunk, not the client. */
  constructor(private readonly stream: boolean, private readonly usageAdded: boolean) {}

  get usage(): Usage | undefined {
    return this.kind.usage;
  }

  get failure(): ResponseFailure | undefined {
    return this.kind.failure;
  }

  head(response: UpstreamResponseHead): ResponseHead {
    if (response.status >= 200 && response.status < 300) {
      this.kind = this.streams(response.header('content-type')) ? new StreamResponse(this.usageAdded) : new JsonResponse();
    }
    return this.kind.head(response);
  }

  push(chunk: Uint8Array): Uint8Array {
    return this.kind.push(chunk);
  }

  end(): Uint8Array {
    return this.kind.end();
  }

  fail(message: string): Uint8Array {
    return this.kind.fail(message);
  }

  /** What the provider says it sends counts; some answer a stream request with one JSON object. */
  private streams(contentType: string | undefined): boolean {
    return contentType === undefined || contentType === '' ? this.stream : /^\s*text\/event-stream/i.test(contentType);
  }
}
