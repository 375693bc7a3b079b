import { CountResponse } from './count-response';
import { ErrorResponse } from './error-response';
import { InvokeResponse } from './invoke-response';
import { JsonResponse } from './json-response';
import { SseResponse } from './sse-response';
import { ClaudeHost } from '../anthropic/hosted-target';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';

/**
 * The answer of one of Claude's hosts to a client that speaks Anthropic's dialect: bytes pass wherever they can. So `model` in the answer is
 * the name that the host gave, also where the route sent another name than the client's upstream.
 */
export class MessagesResponse implements ResponseTranslator {
  private kind: ResponseTranslator = new ErrorResponse();

  constructor(private readonly host: ClaudeHost, private readonly request: { readonly stream: boolean; readonly countTokens: boolean }) {}

  get usage(): Usage | undefined {
    return this.kind.usage;
  }

  get failure(): ResponseFailure | undefined {
    return this.kind.failure;
  }

  head(response: UpstreamResponseHead): ResponseHead {
    const awsRequestId = this.host === 'AWSAnthropic' ? response.header('x-amzn-requestid') : undefined;
    if (response.status >= 200 && response.status < 300) {
      this.kind = this.success(response.header('content-type') ?? '', awsRequestId);
    }
    const head = this.kind.head(response);
    // Where the official clients look for it.
    return awsRequestId === undefined ? head : { ...head, setHeaders: [...head.setHeaders, ['request-id', awsRequestId]] };
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

  /** What the host says it sends counts; some answer a stream request with one JSON object. */
  private success(contentType: string, requestId: string | undefined): ResponseTranslator {
    if (this.request.countTokens) {
      return this.host === 'AWSAnthropic' ? new CountResponse() : new JsonResponse();
    }
    if (/^\s*text\/event-stream/i.test(contentType)) {
      return new SseResponse();
    }
    if (/^\s*application\/vnd\.amazon\.eventstream/i.test(contentType)) {
      return new InvokeResponse(requestId);
    }
    if (!this.request.stream || contentType !== '') {
      return new JsonResponse();
    }
    return this.host === 'AWSAnthropic' ? new InvokeResponse(requestId) : new SseResponse();
  }
}
