import { aboutClients, droppedByChat } from './client-words';
import { responsesParameters } from './parameters';
import { chatRequest } from './request';
import { ResponseContext } from './response-context';
import { echoOf } from './response-object';
import { StreamAnswer } from './stream-answer';
import { WholeAnswer } from './whole-answer';
import { chatContext, KeptChat } from '../openai/chat-sink';
import { allDropped, Losses } from '../request/losses';
import { ResponseByStatus } from '../response-by-status';
import { Translator } from '../translator';
import { UnwrittenBody } from '../unwritten-body';

/**
 * OpenAI's Responses API by way of a chat translator: the request becomes a chat completion request, which that one translates, and its
 * answer, a chat completion, becomes a response. Whatever a chat can say in fields of our own (signed reasoning, cache marks, a provider's
 * `extra_content`) goes along.
 * https://platform.openai.com/docs/api-reference/responses
 */
export function responsesThroughChat(chat: Translator, provider: string): Translator {
  return {
    input: chat.input,
    output: chat.output,
    endpoint: 'Responses',
    parameters: responsesParameters(chat.parameters),

    translate(body, context) {
      const { stream } = body;
      const json = body.json();
      const losses = new Losses(context.unsupportedParameters, provider);
      const request = chatRequest(json, stream, losses);
      const chatBody = new UnwrittenBody(request.json, body.model, stream);
      const kept = new KeptChat();
      const translated = aboutClients(request, () => chat.translate(chatBody, chatContext(context, kept, context.lacks)));
      const answer: ResponseContext = {
        id: context.environment.id('resp_'),
        createdAt: Math.floor(context.environment.now() / 1000),
        model: context.requestedModel,
        echo: aboutClients(request, () => echoOf(json)),
        environment: context.environment,
      };
      return {
        method: translated.method,
        path: translated.path,
        body: translated.body ?? chatBody.bytes,
        setHeaders: translated.setHeaders,
        removeHeaders: translated.removeHeaders,
        stream: translated.stream,
        dropped: allDropped(losses.dropped, droppedByChat(translated.dropped, request)),
        response: new ResponseByStatus(
          stream ? new StreamAnswer(translated.response, kept, answer) : new WholeAnswer(translated.response, kept, answer), translated.response,
        ),
      };
    },
  };
}

