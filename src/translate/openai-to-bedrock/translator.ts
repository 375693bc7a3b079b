import { CONVERSE_PARAMETERS } from './parameters';
import { ConvertedRequest, converseRequest } from './request';
import { ConverseResponseTranslator } from './response';
import { modelSegment } from '../bedrock/model-segment';
import { calledModel } from '../catalog/called-model';
import { withinCapabilities } from '../catalog/stated-capabilities';
import { Losses } from '../request/losses';
import { RequestError } from '../request-error';
import { Translator } from '../translator';
import { utf8Bytes } from '../utf8-bytes';

/** OpenAI chat completions on AWS Bedrock's Converse and ConverseStream. */
export const openAiToBedrockChat: Translator = {
  input: 'OpenAI',
  output: 'AWSBedrock',
  endpoint: 'ChatCompletions',
  parameters: CONVERSE_PARAMETERS,

  translate(body, context) {
    const { stream } = body;
    const losses = new Losses(context.unsupportedParameters, 'AWS Bedrock');
    const { converted, bytes } = written(withinCapabilities(body.json(), context.modelEntry, losses), calledModel(context).knownAs, losses);
    return {
      method: 'POST',
      path: `/model/${modelSegment(context.upstreamModel)}/${stream ? 'converse-stream' : 'converse'}`,
      body: bytes,
      setHeaders: [
        ['content-type', 'application/json'],
        ['accept', stream ? 'application/vnd.amazon.eventstream' : 'application/json'],
      ],
      removeHeaders: [],
      stream,
      dropped: losses.dropped,
      response: new ConverseResponseTranslator(stream, {
        head: {
          id: context.environment.id('chatcmpl-'),
          created: Math.floor(context.environment.now() / 1000),
          model: context.requestedModel,
        },
        sink: context.chatSink,
        toolNames: converted.toolNames,
        includeUsage: converted.includeUsage,
      }),
    };
  },
};

function written(json: Readonly<Record<string, unknown>>, modelId: string, losses: Losses): { readonly converted: ConvertedRequest; readonly bytes: Uint8Array } {
  try {
    const converted = converseRequest(json, modelId, losses);
    return { converted, bytes: utf8Bytes(JSON.stringify(converted.body)) };
  } catch (error) {
    // JSON.parse reads any depth, JSON.stringify overflows the stack.
    throw error instanceof RangeError ? new RequestError(400, 'the request body is nested too deeply; send fewer levels', 'invalid_json') : error;
  }
}
