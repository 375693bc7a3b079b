import { hostedFailure } from '../anthropic/hosted-failure';
import { FailedResponse } from '../failed-response';
import { openAiErrorBody } from '../openai/error-body';
import { ResponseFailure } from '../translator';
import { utf8Bytes } from '../utf8-bytes';

/** An answer that is no success, in OpenAI's shape: the status stays, `code` is the host's own word for it. */
export function failedAnswer(): FailedResponse {
  return new FailedResponse(
    (head, body) => told(hostedFailure(head, utf8Bytes(body))),
    (failure) => openAiErrorBody({ ...failure, code: failure.code ?? undefined }),
  );
}

/** Without what only Anthropic's own dialect has a place for. */
export function told({ status, code, message }: ResponseFailure): ResponseFailure {
  return { status, code, message };
}
