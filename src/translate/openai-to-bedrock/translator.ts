import { chatAnswer } from './chat-response';
import { failedAnswer } from './failed-answer';
import { CONVERSE_PARAMETERS } from './parameters';
import { ConvertedRequest, converseRequest } from './request';
import { ResponseContext } from './response-context';
import { StreamResponse } from './stream-response';
import { modelSegment } from '../bedrock/model-segment';
import { calledModel } from '../catalog/called-model';
import { withinCapabilities } from '../catalog/stated-capabilities';
import { jsonBody, withinStack } from '../json-bytes';
import { openAiErrorBody } from '../openai/error-body';
import { Losses } from '../request/losses';
import { ResponseByStatus } from '../response-by-status';
import { ResponseTranslator, TranslationContext, Translator } from '../translator';
import { WholeResponse } from '../whole-response';

/** OpenAI chat completions on AWS Bedrock's Converse and ConverseStream. */
export const openAiToBedrockChat: Translator = {
  input: 'OpenAI',
  output: 'AWSBedrock',
  endpoint: 'ChatCompletions',
  parameters: CONVERSE_PARAMETERS,

  translate(body, context) {
    const { stream } = body;
    const losses = new Losses(context.unsupportedParameters, 'AWS Bedrock');
    const json = withinCapabilities(body.json(), context.lacks, losses);
    const converted = withinStack(() => converseRequest(json, calledModel(context).knownAs, losses));
    return {
      method: 'POST',
      path: `/model/${modelSegment(context.upstreamModel)}/${stream ? 'converse-stream' : 'converse'}`,
      body: jsonBody(converted.body),
      setHeaders: [
        ['content-type', 'application/json'],
        ['accept', stream ? 'application/vnd.amazon.eventstream' : 'application/json'],
      ],
      removeHeaders: [],
      stream,
      dropped: losses.dropped,
      response: answerTo(converted, stream, context),
    };
  },
};

/** Apart from the request: what a function of it holds, such as the conversation, would be held until the answer ended. */
function answerTo(
  { toolNames, includeUsage }: ConvertedRequest, stream: boolean, { environment, requestedModel: model, chatSink: sink }: TranslationContext,
): ResponseTranslator {
  const response: ResponseContext = {
    head: { id: environment.id('chatcmpl-'), created: Math.floor(environment.now() / 1000), model }, sink, toolNames, includeUsage,
  };
  return new ResponseByStatus(
    stream ? new StreamResponse(response) : new WholeResponse((answer) => chatAnswer(answer, response), openAiErrorBody, sink), failedAnswer(),
  );
}
