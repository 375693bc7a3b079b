import type { MessageTokensCount } from '@anthropic-ai/sdk/resources/messages';
import { anthropicErrorBody } from '../anthropic/error-body';
import { CollectedBody } from '../collected-body';
import { brokenAnswer } from '../response-failure';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { utf8Bytes } from '../utf8-bytes';

/** The answer of Bedrock's CountTokens, `{"inputTokens": n}`, as that of Anthropic's. Nothing was generated, so there is no usage. */
export class CountResponse implements ResponseTranslator {
  readonly usage = undefined;
  failure: ResponseFailure | undefined;
  private readonly body = new CollectedBody();

  head({ status }: UpstreamResponseHead): ResponseHead {
    return { status, setHeaders: [['content-type', 'application/json']], removeHeaders: [], bodyUnchanged: false };
  }

  push(chunk: Uint8Array): Uint8Array {
    this.body.push(chunk);
    return new Uint8Array(0);
  }

  end(): Uint8Array {
    const count = (this.body.json() as { readonly inputTokens?: unknown } | null | undefined)?.inputTokens;
    if (typeof count !== 'number') {
      return this.fail('the provider\'s answer is no count of tokens');
    }
    const answer: MessageTokensCount = { input_tokens: count };
    return utf8Bytes(JSON.stringify(answer));
  }

  fail(message: string): Uint8Array {
    this.failure = brokenAnswer(message);
    return anthropicErrorBody(this.failure);
  }
}
