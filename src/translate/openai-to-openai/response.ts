import { ErrorResponse } from './error-response';
import { JsonResponse } from './json-response';
import { OpaqueResponse } from './opaque-response';
import { StreamErrors, StreamResponse } from './stream-response';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';

/** What the answer depends on. */
export interface AnsweredRequest {
  /** The client asked for a stream. */
  readonly stream: boolean;
  /** The gateway asked for the usage chunk, not the client. */
  readonly usageAdded: boolean;
  /** The endpoint may answer with sound or plain text instead of JSON. */
  readonly opaque: boolean;
  readonly errors: StreamErrors;
}

/**
 * The answer of a provider that speaks OpenAI's dialect to a client that does: bytes pass wherever they can. So `model` in the answer is
 * the name that the provider gave, also where the route sent another name than the client's upstream.
 */
export class PassThroughResponse implements ResponseTranslator {
  private kind: ResponseTranslator = new ErrorResponse();

  constructor(private readonly request: AnsweredRequest) {}

  get usage(): Usage | undefined {
    return this.kind.usage;
  }

  get failure(): ResponseFailure | undefined {
    return this.kind.failure;
  }

  head(response: UpstreamResponseHead): ResponseHead {
    if (response.status >= 200 && response.status < 300) {
      this.kind = this.success(response.header('content-type')?.trim() ?? '');
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
  private success(contentType: string): ResponseTranslator {
    const { stream, usageAdded, opaque, errors } = this.request;
    if (contentType === '' ? stream : /^text\/event-stream/i.test(contentType)) {
      return new StreamResponse(usageAdded, errors);
    }
    return opaque && !/json/i.test(contentType) ? new OpaqueResponse() : new JsonResponse();
  }
}
