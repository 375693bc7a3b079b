import { exceptionName } from '../bedrock/bedrock-exception';
import { concatBytes } from '../concat-bytes';
import { copyBytes } from '../copy-bytes';
import { openAiErrorBody } from '../openai/error-body';
import { brokenAnswer } from '../response-failure';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';

/** A longer error is no error message. */
const MAX_BODY = 64 * 1024;
const MAX_TEXT = 1000;

/** An answer that is no success, in OpenAI's shape: the status stays, `code` is the name of Bedrock's exception. */
export class ErrorResponse implements ResponseTranslator {
  readonly usage = undefined;
  failure: ResponseFailure | undefined;
  private status = 502;
  private exception: string | undefined;
  private contentType = '';
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  head(response: UpstreamResponseHead): ResponseHead {
    this.status = response.status;
    this.exception = response.header('x-amzn-errortype');
    this.contentType = response.header('content-type') ?? '';
    return { status: response.status, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    this.length += chunk.length;
    if (this.length <= MAX_BODY) {
      this.chunks.push(copyBytes(chunk));
    }
    return new Uint8Array(0);
  }

  end(): Uint8Array {
    const text = this.length <= MAX_BODY ? new TextDecoder().decode(concatBytes(this.chunks)) : '';
    const json = parsed(text);
    // Bedrock writes `message`, IAM's denials `Message`; what is no JSON comes from something between us and Bedrock.
    const said = asText(json?.message) ?? asText(json?.Message) ?? (json ? undefined : plainText(text, this.contentType));
    const exception = this.exception ?? asText(json?.__type);
    return this.failed({
      status: this.status,
      code: exception ? exceptionName(exception) : null,
      message: said ?? `the provider answered ${this.status} without an error message`,
    });
  }

  fail(message: string): Uint8Array {
    return this.failed({ ...brokenAnswer(message), status: this.status });
  }

  private failed(failure: ResponseFailure): Uint8Array {
    this.failure = failure;
    return openAiErrorBody({ ...failure, code: failure.code ?? undefined });
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value as Readonly<Record<string, unknown>> : undefined;
  } catch {
    return undefined;
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function plainText(text: string, contentType: string): string | undefined {
  return /html|xml/i.test(contentType) || text.trimStart().startsWith('<') ? undefined : asText(text.trim().slice(0, MAX_TEXT));
}
