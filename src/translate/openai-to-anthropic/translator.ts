import { chatAnswer } from './chat-response';
import { failedAnswer } from './failed-answer';
import { hostFacts } from './host-facts';
import { messagesParameters } from './parameters';
import { messagesRequest } from './request';
import { ResponseContext } from './response-context';
import { StreamResponse } from './stream-response';
import { betasOf } from '../anthropic/betas';
import { hostedRequest } from '../anthropic/hosted-request';
import { ClaudeHost } from '../anthropic/hosted-target';
import { calledModel } from '../catalog/called-model';
import { withinCapabilities } from '../catalog/stated-capabilities';
import { openAiErrorBody } from '../openai/error-body';
import { Losses } from '../request/losses';
import { ResponseByStatus } from '../response-by-status';
import { Translator } from '../translator';
import { WholeResponse } from '../whole-response';

/** OpenAI chat completions on Anthropic's Messages API. */
export const openAiToAnthropicChat = chatOn('Anthropic');
/** OpenAI chat completions on Claude behind Bedrock's InvokeModel. */
export const openAiToAwsAnthropicChat = chatOn('AWSAnthropic');
/** OpenAI chat completions on Claude behind Vertex AI's rawPredict. */
export const openAiToGcpAnthropicChat = chatOn('GCPAnthropic');

function chatOn(host: ClaudeHost): Translator {
  return {
    input: 'OpenAI',
    output: host,
    endpoint: 'ChatCompletions',
    parameters: messagesParameters(host),

    translate(body, context) {
      const { stream } = body;
      const losses = new Losses(context.unsupportedParameters, hostFacts(host).name);
      const converted = messagesRequest(withinCapabilities(body.json(), context.lacks, losses), host, calledModel(context), losses);
      const hosted = hostedRequest(host, {
        model: context.upstreamModel,
        stream,
        version: context.output.version,
        betas: betasOf(context.clientHeader('anthropic-beta')),
        gcp: context.gcp,
      }, converted.body);
      const response: ResponseContext = {
        host,
        head: {
          id: context.environment.id('chatcmpl-'),
          created: Math.floor(context.environment.now() / 1000),
          model: context.requestedModel,
        },
        sink: context.chatSink,
        toolNames: converted.toolNames,
        includeUsage: converted.includeUsage,
      };
      return {
        method: 'POST',
        path: hosted.path,
        body: hosted.body,
        setHeaders: [...hosted.setHeaders, ...converted.setHeaders],
        removeHeaders: hosted.removeHeaders,
        stream,
        dropped: losses.dropped,
        response: new ResponseByStatus(
          stream ? new StreamResponse(response) : new WholeResponse((answer) => chatAnswer(answer, response), openAiErrorBody, context.chatSink),
          failedAnswer(),
        ),
      };
    },
  };
}
