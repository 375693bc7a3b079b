import { bedrockFailure } from '../bedrock/bedrock-error';
import { FailedResponse } from '../failed-response';
import { openAiErrorBody } from '../openai/error-body';

/** An error of Bedrock's in OpenAI's shape; the status stays, `code` is the name of Bedrock's exception. */
export function failedAnswer(): FailedResponse {
  return new FailedResponse(bedrockFailure, (failure) => openAiErrorBody({ ...failure, code: failure.code ?? undefined }));
}
