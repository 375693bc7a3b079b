import { reportedFailure } from './reported-failure';
import { concatBytes } from '../concat-bytes';
import { copyBytes } from '../copy-bytes';
import { openAiErrorBody } from '../openai/error-body';
import { usageFromOpenAi } from '../openai/usage';
import { ByteRange, TopLevelScanner } from '../top-level-scanner';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';

const scanner = new TopLevelScanner(['usage', 'error']);

/** A whole JSON answer: passes as it is, its usage is read at the end, and whether it is an error after all. */
export class JsonResponse implements ResponseTranslator {
  usage: Usage | undefined;
  failure: ResponseFailure | undefined;
  private readonly chunks: Uint8Array[] = [];

  head({ status }: UpstreamResponseHead): ResponseHead {
    return { status, setHeaders: [], removeHeaders: [], bodyUnchanged: true };
  }

  push(chunk: Uint8Array): Uint8Array {
    // A copy: the chunk may lie in a buffer that its owner uses again.
    this.chunks.push(copyBytes(chunk));
    return chunk;
  }

  end(): Uint8Array {
    const { usage, error } = membersOf(concatBytes(this.chunks));
    this.usage = usageFromOpenAi(usage);
    if (typeof error === 'object' && error !== null) {
      this.failure = reportedFailure(error);
    }
    return new Uint8Array(0);
  }

  fail(message: string): Uint8Array {
    this.failure = { status: 502, code: 'upstream_broke_off', message };
    // After the first byte there is nothing that would turn the rest into valid JSON: the missing end is the signal.
    return this.chunks.length > 0 ? new Uint8Array(0) : openAiErrorBody(this.failure);
  }
}

interface Members {
  readonly usage?: unknown;
  /** A response that failed has one, https://platform.openai.com/docs/api-reference/responses/object#responses/object-error. */
  readonly error?: unknown;
}

function membersOf(body: Uint8Array): Members {
  const decoder = new TextDecoder();
  const valueAt = (range: ByteRange | undefined): unknown => range && JSON.parse(decoder.decode(body.subarray(range.start, range.end)));
  try {
    const found = scanner.scan(body);
    return found ? { usage: valueAt(found[0]), error: valueAt(found[1]) } : JSON.parse(decoder.decode(body)) as Members | null ?? {};
  } catch {
    // No JSON: it passed as it was, and there is nothing to count.
    return {};
  }
}
