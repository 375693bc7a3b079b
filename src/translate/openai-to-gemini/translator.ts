import { chatAnswer } from './chat-response';
import { failedAnswer } from './failed-answer';
import { GEMINI_PARAMETERS } from './parameters';
import { ConvertedRequest, geminiRequest } from './request';
import { ResponseContext } from './response-context';
import { StreamResponse } from './stream-response';
import { calledModel } from '../catalog/called-model';
import { withinCapabilities } from '../catalog/stated-capabilities';
import { geminiPath } from '../gemini/gemini-path';
import { jsonBody, withinStack } from '../json-bytes';
import { openAiErrorBody } from '../openai/error-body';
import { Losses } from '../request/losses';
import { ResponseByStatus } from '../response-by-status';
import { ResponseTranslator, TranslationContext, Translator } from '../translator';
import { WholeResponse } from '../whole-response';

/** OpenAI chat completions on Gemini's generateContent and streamGenerateContent, of Vertex AI or of the Gemini API. */
export const openAiToGeminiChat: Translator = {
  input: 'OpenAI',
  output: 'GCPVertexAI',
  endpoint: 'ChatCompletions',
  parameters: GEMINI_PARAMETERS,

  translate(body, context) {
    const { stream } = body;
    const losses = new Losses(context.unsupportedParameters, 'Google Gemini');
    const json = withinCapabilities(body.json(), context.lacks, losses);
    const converted = withinStack(() => geminiRequest(json, calledModel(context).knownAs, context.gcp, losses));
    return {
      method: 'POST',
      path: geminiPath(context.upstreamModel, stream ? 'streamGenerateContent?alt=sse' : 'generateContent', context.gcp),
      body: jsonBody(converted.body),
      setHeaders: [['content-type', 'application/json'], ['accept', stream ? 'text/event-stream' : 'application/json'], ...converted.headers],
      removeHeaders: [],
      stream,
      dropped: losses.dropped,
      response: answerTo(converted, stream, context),
    };
  },
};

/** Apart from the request: what a function of it holds, such as the conversation, would be held until the answer ended. */
function answerTo(
  { functionNames, includeUsage, choices }: ConvertedRequest, stream: boolean, { environment, requestedModel: model, chatSink: sink }: TranslationContext,
): ResponseTranslator {
  const response: ResponseContext = {
    head: { id: environment.id('chatcmpl-'), created: Math.floor(environment.now() / 1000), model },
    sink,
    functionNames,
    includeUsage,
    choices,
    callId: () => environment.id('call_'),
  };
  return new ResponseByStatus(
    stream ? new StreamResponse(response) : new WholeResponse((answer) => chatAnswer(answer, response), openAiErrorBody, sink), failedAnswer(),
  );
}
