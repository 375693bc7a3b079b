import { chatAnswer } from './chat-response';
import { failedAnswer } from './failed-answer';
import { COHERE_CHAT_PARAMETERS } from './parameters';
import { cohereChatRequest } from './request';
import { ResponseContext } from './response-context';
import { StreamResponse } from './stream-response';
import { withinCapabilities } from '../catalog/stated-capabilities';
import { coherePath } from '../cohere/cohere-path';
import { jsonBytes } from '../json-bytes';
import { openAiErrorBody } from '../openai/error-body';
import { Losses } from '../request/losses';
import { ResponseByStatus } from '../response-by-status';
import { Translator } from '../translator';
import { WholeResponse } from '../whole-response';

/** OpenAI chat completions on Cohere's POST /v2/chat. */
export const openAiToCohereChat: Translator = {
  input: 'OpenAI',
  output: 'Cohere',
  endpoint: 'ChatCompletions',
  parameters: COHERE_CHAT_PARAMETERS,

  translate(body, context) {
    const { stream } = body;
    const losses = new Losses(context.unsupportedParameters, 'Cohere');
    const json = withinCapabilities(body.json(), context.lacks, losses);
    const { body: converted, toolNames, includeUsage } = cohereChatRequest(json, context.upstreamModel, stream, losses);
    const response: ResponseContext = {
      head: { id: context.environment.id('chatcmpl-'), created: Math.floor(context.environment.now() / 1000), model: context.requestedModel },
      sink: context.chatSink,
      toolNames,
      includeUsage,
    };
    const success = stream ? new StreamResponse(response) : new WholeResponse((answer) => chatAnswer(answer, response), openAiErrorBody, context.chatSink);
    return {
      method: 'POST',
      path: coherePath('chat', context.output.version),
      body: jsonBytes(converted),
      setHeaders: [['content-type', 'application/json'], ['accept', stream ? 'text/event-stream' : 'application/json']],
      removeHeaders: [],
      stream,
      dropped: losses.dropped,
      response: new ResponseByStatus(success, failedAnswer()),
    };
  },
};
