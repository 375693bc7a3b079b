import { anthropicErrorBody } from '../anthropic/error-body';
import { usageFromAnthropic } from '../anthropic/usage';
import { concatBytes } from '../concat-bytes';
import { copyBytes } from '../copy-bytes';
import { brokenAnswer } from '../response-failure';
import { TopLevelScanner } from '../top-level-scanner';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';

const scanner = new TopLevelScanner(['usage']);

/** A whole message, or a count of tokens: passes as it is, its usage is read at the end. */
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
    this.usage = usageFromAnthropic(usageIn(concatBytes(this.chunks)));
    return new Uint8Array(0);
  }

  fail(message: string): Uint8Array {
    this.failure = brokenAnswer(message);
    // After the first byte there is nothing that would turn the rest into valid JSON: the missing end is the signal.
    return this.chunks.length > 0 ? new Uint8Array(0) : anthropicErrorBody(this.failure);
  }
}

function usageIn(body: Uint8Array): unknown {
  const decoder = new TextDecoder();
  try {
    const found = scanner.scan(body);
    if (!found) {
      return (JSON.parse(decoder.decode(body)) as { readonly usage?: unknown } | null)?.usage;
    }
    return found[0] && JSON.parse(decoder.decode(body.subarray(found[0].start, found[0].end)));
  } catch {
    // No JSON: it passed as it was, and there is nothing to count.
    return undefined;
  }
}
