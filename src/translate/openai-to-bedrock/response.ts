import { chatAnswer } from './chat-response';
import { ErrorResponse } from './error-response';
import { ResponseContext } from './response-context';
import { StreamResponse } from './stream-response';
import { openAiErrorBody } from '../openai/error-body';
import { ResponseFailure, ResponseHead, ResponseTranslator, UpstreamResponseHead } from '../translator';
import { Usage } from '../usage';
import { WholeResponse } from '../whole-response';

/** Picks the kind of answer by its status and by what the client asked for. */
export class ConverseResponseTranslator implements ResponseTranslator {
  private kind: ResponseTranslator = new ErrorResponse();

  constructor(private readonly stream: boolean, private readonly context: ResponseContext) {}

  get usage(): Usage | undefined {
    return this.kind.usage;
  }

  get failure(): ResponseFailure | undefined {
    return this.kind.failure;
  }

  head(response: UpstreamResponseHead): ResponseHead {
    if (response.status >= 200 && response.status < 300) {
      this.kind = this.stream ? new StreamResponse(this.context) : new WholeResponse((answer) => chatAnswer(answer, this.context), openAiErrorBody, this.context.sink);
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
}
