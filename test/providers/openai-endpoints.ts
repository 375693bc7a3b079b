import { ServerResponse } from 'node:http';
import { FakeHandler, RecordedRequest } from './fake-provider';
import { answerImage, answerSpeech, answerTranscription, answerTranslation } from './openai-audio-images';
import { answerChat } from './openai-chat';
import { fail } from './openai-failure';
import { answerInputTokens, answerResponses } from './openai-responses';

const ENDPOINTS: ReadonlyMap<string | undefined, FakeHandler> = new Map([
  ['chat/completions', answerChat],
  ['responses', answerResponses],
  ['responses/input_tokens', answerInputTokens],
  ['images/generations', answerImage],
  ['audio/speech', answerSpeech],
  ['audio/transcriptions', answerTranscription],
  ['audio/translations', answerTranslation],
]);

/** `resource`: the path below the API's prefix. */
export function answerOpenAi(resource: string | undefined, request: RecordedRequest, response: ServerResponse): Promise<void> | void {
  const answer = ENDPOINTS.get(resource);
  if (request.method !== 'POST' || answer === undefined) return fail(response, 404, `no such path ${request.path}`, 'invalid_request_error');
  return answer(request, response);
}
