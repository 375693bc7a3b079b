import { cohereFailure } from '../cohere/cohere-error';
import { FailedResponse } from '../failed-response';
import { openAiErrorBody } from '../openai/error-body';

/** An error of Cohere's in OpenAI's shape; the status stays. */
export function failedAnswer(): FailedResponse {
  return new FailedResponse(cohereFailure, (failure) => openAiErrorBody({ ...failure, code: failure.code ?? undefined }));
}
