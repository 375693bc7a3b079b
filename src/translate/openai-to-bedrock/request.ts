import { DocumentNames } from './document-block';
import { inferenceConfig, topK } from './inference-config';
import { continuesWithoutReasoning, conversation } from './messages';
import { modelTraits } from './model-traits';
import { CONVERSE_EXTENSIONS, CONVERSE_PARAMETERS } from './parameters';
import { reasoningRequest } from './reasoning';
import { requestMetadata } from './request-metadata';
import { textFormat } from './response-format';
import { isSharedTier } from './service-tier';
import { convertTools } from './tools';
import { ConverseBody } from '../bedrock/converse-wire';
import { includesUsage } from '../openai/stream-options';
import { tokenLimit } from '../openai/token-limit';
import { toolHistory } from '../openai/tool-history';
import { Losses } from '../request/losses';
import { applyParameterPolicy } from '../request/parameter-policy';
import { RequestValue } from '../request/request-value';
import { RestrictedNames } from '../request/restricted-names';

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html, additionalModelResponseFieldPaths */
const STOP_SEQUENCE_PATH = ['/stop_sequence'];

export interface ConvertedRequest {
  readonly body: ConverseBody;
  readonly toolNames: RestrictedNames;
  readonly includeUsage: boolean;
}

/** A chat completion request as a Converse body. Throws `RequestError` for what the client must change. */
export function converseRequest(json: Readonly<Record<string, unknown>>, modelId: string, losses: Losses): ConvertedRequest {
  applyParameterPolicy(json, CONVERSE_PARAMETERS, losses, 'no field of OpenAI\'s chat completions', CONVERSE_EXTENSIONS);
  const request = new RequestValue(json, '');
  const traits = modelTraits(modelId);
  const history = toolHistory(request);
  const { system, messages, hasToolBlocks } = conversation(
    request.member('messages'), history, { losses, documentNames: new DocumentNames(), toolErrors: traits.toolErrors, isClaude: traits.claude !== undefined },
  );
  const { toolConfig, forced, additionalFields } = convertTools(request, history, hasToolBlocks, traits, losses);
  const maxTokens = tokenLimit(request, losses);
  const reasoning = reasoningRequest(request, traits, maxTokens, continuesWithoutReasoning(messages), losses);
  if (reasoning.thinking && forced) {
    throw request.member('tool_choice').invalid('Claude cannot be made to call a tool while it reasons; send \'auto\', or leave out reasoning_effort');
  }
  const config = inferenceConfig(request, maxTokens, traits, reasoning, losses);
  const format = textFormat(request.member('response_format'), traits, losses);
  const metadata = requestMetadata(request.member('metadata'), losses);
  const body: ConverseBody = { messages };
  if (system.length > 0) {
    body.system = system;
  }
  if (config) {
    body.inferenceConfig = config;
  }
  if (toolConfig) {
    body.toolConfig = toolConfig;
  }
  const additional = { ...additionalFields, ...reasoning.additionalFields, ...topK(request.member('top_k'), traits, reasoning, losses) };
  if (Object.keys(additional).length > 0) {
    body.additionalModelRequestFields = additional;
  }
  if (format !== undefined || reasoning.effort !== undefined) {
    body.outputConfig = { ...format && { textFormat: format }, ...reasoning.effort !== undefined && { effort: reasoning.effort } };
  }
  // Of the models that have stop sequences, Claude alone says which one it met.
  if (traits.claude && config?.stopSequences) {
    body.additionalModelResponseFieldPaths = STOP_SEQUENCE_PATH;
  }
  if (metadata) {
    body.requestMetadata = metadata;
  }
  const tier = serviceTier(request.member('service_tier'), losses);
  if (tier) {
    body.serviceTier = tier;
  }
  return { body, toolNames: history.names, includeUsage: includesUsage(request.member('stream_options')) };
}

function serviceTier(value: RequestValue, losses: Losses): ConverseBody['serviceTier'] {
  const tier = value.present ? value.oneOf(['auto', 'default', 'flex', 'scale', 'priority']) : 'auto';
  if (tier === 'scale') {
    losses.advisory(value.path, 'Bedrock has no tier of this name; flex and priority are there');
  }
  return isSharedTier(tier) && tier !== 'default' ? { type: tier } : undefined;
}
