import { cohereErrorBody } from '../cohere/cohere-error';
import { usageFromCohere } from '../cohere/cohere-usage';
import { CohereMeta } from '../cohere/cohere-wire';
import { CollectedBody } from '../collected-body';
import { usageFromOpenAi } from '../openai/usage';
import { brokenAnswer } from '../response-failure';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';

/** A ranking: passes as it is, its usage is read at the end. */
export class RerankResponse implements ResponseTranslator {
  usage: Usage | undefined;
  failure: ResponseFailure | undefined;
  private readonly body = new CollectedBody();
  private begun = false;

  head({ status }: UpstreamResponseHead): ResponseHead {
    return { status, setHeaders: [], removeHeaders: [], bodyUnchanged: true };
  }

  push(chunk: Uint8Array): Uint8Array {
    this.begun ||= chunk.length > 0;
    this.body.push(chunk);
    return chunk;
  }

  end(): Uint8Array {
    this.usage = usageIn(this.body.json());
    return new Uint8Array(0);
  }

  fail(message: string): Uint8Array {
    this.failure = brokenAnswer(message);
    // After the first byte there is nothing that would turn the rest into valid JSON: the missing end is the signal.
    return this.begun ? new Uint8Array(0) : cohereErrorBody(this.failure);
  }
}

/** Cohere tells units of search, and tokens where a model is billed by them; servers that imitate it tell tokens in OpenAI's words. */
function usageIn(json: unknown): Usage | undefined {
  if (typeof json !== 'object' || json === null) {
    return undefined;
  }
  const { meta, usage } = json as { readonly meta?: CohereMeta; readonly usage?: { readonly prompt_tokens?: unknown; readonly total_tokens?: unknown } };
  return usageFromCohere(meta) ?? usageFromOpenAi(usage && { ...usage, prompt_tokens: usage.prompt_tokens ?? usage.total_tokens });
}
