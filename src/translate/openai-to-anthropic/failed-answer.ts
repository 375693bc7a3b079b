import { hostedFailure } from '../anthropic/hosted-failure';
import { FailedResponse } from '../failed-response';
import { openAiErrorBody } from '../openai/error-body';
import { ResponseFailure } from '../translator';

const encoder = new TextEncoder();

/** An answer that is no success, in OpenAI's shape: the status stays, `code` is the host's own word for it. */
export function failedAnswer(): FailedResponse {
  return new FailedResponse(
    (head, body) => told(hostedFailure(head, encoder.encode(body))),
    (failure) => openAiErrorBody({ ...failure, code: failure.code ?? undefined }),
  );
}

/** Without what only Anthropic's own dialect has a place for. */
export function told({ status, code, message }: ResponseFailure): ResponseFailure {
  return { status, code, message };
}
