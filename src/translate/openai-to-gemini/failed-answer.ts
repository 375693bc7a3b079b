import { FailedResponse } from '../failed-response';
import { geminiFailure } from '../gemini/gemini-error';
import { openAiErrorBody } from '../openai/error-body';

/** An error of Google's in OpenAI's shape; the status stays, `code` is the name of Google's status. */
export function failedAnswer(): FailedResponse {
  return new FailedResponse(geminiFailure, (failure) => openAiErrorBody({ ...failure, code: failure.code ?? undefined }));
}
