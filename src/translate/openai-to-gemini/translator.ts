import { chatAnswer } from './chat-response';
import { failedAnswer } from './failed-answer';
import { GEMINI_PARAMETERS } from './parameters';
import { ConvertedRequest, geminiRequest } from './request';
import { ResponseContext } from './response-context';
import { StreamResponse } from './stream-response';
import { calledModel } from '../catalog/called-model';
import { withinCapabilities } from '../catalog/stated-capabilities';
import { geminiPath } from '../gemini/gemini-path';
import { openAiErrorBody } from '../openai/error-body';
import { Losses } from '../request/losses';
import { RequestError } from '../request-error';
import { ResponseByStatus } from '../response-by-status';
import { TranslationContext, Translator } from '../translator';
import { utf8Bytes } from '../utf8-bytes';
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
    const { converted, bytes } = written(body.json(), context, losses);
    const response: ResponseContext = {
      head: {
        id: context.environment.id('chatcmpl-'),
        created: Math.floor(context.environment.now() / 1000),
        model: context.requestedModel,
      },
      sink: context.chatSink,
      functionNames: converted.functionNames,
      includeUsage: converted.includeUsage,
      choices: converted.choices,
      callId: () => context.environment.id('call_'),
    };
    const success = stream ? new StreamResponse(response) : new WholeResponse((answer) => chatAnswer(answer, response), openAiErrorBody, context.chatSink);
    return {
      method: 'POST',
      path: geminiPath(context.upstreamModel, stream ? 'streamGenerateContent?alt=sse' : 'generateContent', context.gcp),
      body: bytes,
      setHeaders: [['content-type', 'application/json'], ['accept', stream ? 'text/event-stream' : 'application/json'], ...converted.headers],
      removeHeaders: [],
      stream,
      dropped: losses.dropped,
      response: new ResponseByStatus(success, failedAnswer()),
    };
  },
};

function written(
  json: Readonly<Record<string, unknown>>, context: TranslationContext, losses: Losses,
): { readonly converted: ConvertedRequest; readonly bytes: Uint8Array } {
  try {
    const converted = geminiRequest(withinCapabilities(json, context.modelEntry, losses), calledModel(context).knownAs, context.gcp, losses);
    return { converted, bytes: utf8Bytes(JSON.stringify(converted.body)) };
  } catch (error) {
    // JSON.parse reads any depth, JSON.stringify overflows the stack.
    throw error instanceof RangeError ? new RequestError(400, 'the request body is nested too deeply; send fewer levels', 'invalid_json') : error;
  }
}
