import { ChatRequest } from './request';
import { RequestError } from '../request-error';
import { DroppedParameter } from '../translator';

/** Chat parameters that the texts of chat translators name. */
const NAMES: ReadonlyArray<readonly [chat: RegExp, responses: string]> = [
  [/\bmax_completion_tokens\b/g, 'max_output_tokens'], [/\breasoning_effort\b/g, 'reasoning.effort'], [/\bresponse_format\b/g, 'text.format'],
  [/\breasoning_details\b/g, 'encrypted_content'],
];

function words(text: string): string {
  return NAMES.reduce((changed, [chat, responses]) => changed.replace(chat, responses), text);
}

/** What a chat translator makes of a request; its errors then speak of the client's own. */
export function aboutClients<Result>(request: ChatRequest, translate: () => Result): Result {
  try {
    return translate();
  } catch (error) {
    if (error instanceof RangeError) {
      // JSON.parse reads any depth; what walks over it overflows the stack.
      throw new RequestError(400, 'the request body is nested too deeply; send fewer levels', 'invalid_json');
    }
    throw error instanceof RequestError ? inClientsWords(error, request) : error;
  }
}

function inClientsWords(error: RequestError, { json, origins }: ChatRequest): RequestError {
  if (error.param === null) {
    return new RequestError(error.status, words(error.message), error.code, null);
  }
  const param = origins.original(json, error.param);
  // Apart, so that the path itself is not taken for words.
  const message = error.message.split(`'${error.param}'`).map(words).join(`'${param}'`);
  return new RequestError(error.status, message, error.code, param);
}

/** What a chat translator dropped; `stream_options` of the chat are ours. */
export function droppedByChat(dropped: readonly DroppedParameter[], { json, origins }: ChatRequest): DroppedParameter[] {
  return dropped.filter(({ parameter }) => !parameter.startsWith('stream_options'))
    .map(({ parameter, reason }) => ({ parameter: origins.original(json, parameter), reason: words(reason) }));
}
