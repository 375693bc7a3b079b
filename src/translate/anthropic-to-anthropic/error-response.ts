import { anthropicErrorBody } from '../anthropic/error-body';
import { HostedFailure, hostedFailure } from '../anthropic/hosted-failure';
import { concatBytes } from '../concat-bytes';
import { copyBytes } from '../copy-bytes';
import { brokenAnswer } from '../response-failure';
import { ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';

/** A longer error is no error message. */
const MAX_BODY = 1024 * 1024;
const JSON_TYPE = /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const NO_HEAD: UpstreamResponseHead = { status: 502, header: () => undefined };

/** An answer that is no success. One in Anthropic's shape passes as it is; what AWS, Google and others write is put into that shape. */
export class ErrorResponse implements ResponseTranslator {
  readonly usage = undefined;
  failure: HostedFailure | undefined;
  private response = NO_HEAD;
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  head(response: UpstreamResponseHead): ResponseHead {
    this.response = response;
    return {
      status: response.status,
      setHeaders: JSON_TYPE.test(response.header('content-type') ?? '') ? [] : [['content-type', 'application/json']],
      removeHeaders: [],
      bodyUnchanged: false,
    };
  }

  push(chunk: Uint8Array): Uint8Array {
    this.length += chunk.length;
    if (this.length <= MAX_BODY) {
      this.chunks.push(copyBytes(chunk));
    }
    return new Uint8Array(0);
  }

  end(): Uint8Array {
    const body = concatBytes(this.length <= MAX_BODY ? this.chunks : []);
    const failure = hostedFailure(this.response, body);
    this.failure = failure;
    return isEnvelope(body) ? body : anthropicErrorBody(failure, failure.requestId);
  }

  fail(message: string): Uint8Array {
    this.failure = { ...brokenAnswer(message), status: this.response.status };
    return anthropicErrorBody(this.failure);
  }
}

/** Anthropic's clients understand it as it is. */
function isEnvelope(body: Uint8Array): boolean {
  try {
    const envelope = JSON.parse(new TextDecoder().decode(body)) as { readonly type?: unknown; readonly error?: Readonly<Record<string, unknown>> } | null;
    return envelope?.type === 'error' && typeof envelope.error?.type === 'string' && typeof envelope.error.message === 'string';
  } catch {
    return false;
  }
}
