import type { InputTokenCountResponse } from 'openai/resources/responses/input-tokens';
import { aboutClients, droppedByChat } from './client-words';
import { inputTokensParameters } from './parameters';
import { chatRequest } from './request';
import { withinCapabilities } from '../catalog/stated-capabilities';
import { jsonBytes } from '../json-bytes';
import { ChatTokenCounter } from '../openai/chat-token-counter';
import { openAiErrorBody } from '../openai/error-body';
import { allDropped, Losses } from '../request/losses';
import { ResponseByStatus } from '../response-by-status';
import { Translator } from '../translator';
import { ConvertedAnswer, WholeResponse } from '../whole-response';

/** `input_tokens` of the Responses API at a provider that counts the tokens of its own kind of request. */
export function responseInputTokens(chat: Translator, counter: ChatTokenCounter, provider: string): Translator {
  return {
    input: chat.input,
    output: chat.output,
    endpoint: 'ResponseInputTokens',
    parameters: inputTokensParameters(chat.parameters),

    translate(body, context) {
      const losses = new Losses(context.unsupportedParameters, provider);
      const request = chatRequest(body.json(), false, losses);
      const chatLosses = new Losses(context.unsupportedParameters, provider);
      const { path, body: counted, setHeaders, removeHeaders } = aboutClients(
        request, () => counter.request(withinCapabilities(request.json, context.lacks, chatLosses), context, chatLosses),
      );
      const answer = new WholeResponse((received) => tokenCount(counter.count(received as Readonly<Record<string, unknown>>)), openAiErrorBody);
      return {
        method: 'POST',
        path,
        body: counted,
        setHeaders: setHeaders ?? [['content-type', 'application/json'], ['accept', 'application/json']],
        removeHeaders: removeHeaders ?? [],
        stream: false,
        dropped: allDropped(losses.dropped, droppedByChat(chatLosses.dropped, request)),
        response: new ResponseByStatus(answer, counter.errors()),
      };
    },
  };
}

/** `undefined`: it is none. */
function tokenCount(tokens: unknown): ConvertedAnswer | undefined {
  if (typeof tokens !== 'number' || !Number.isSafeInteger(tokens) || tokens < 0) {
    return undefined;
  }
  const count: InputTokenCountResponse = { object: 'response.input_tokens', input_tokens: tokens };
  return { bytes: jsonBytes(count) };
}
