import { endUser } from './end-user';
import { hostFacts } from './host-facts';
import { continuesWithoutThinking, conversation, hasToolBlocks } from './messages';
import { MessagesRequest } from './messages-request';
import { ANTHROPIC_EXTENSIONS, messagesParameters } from './parameters';
import { outputFormat } from './response-format';
import { samplers } from './samplers';
import { serviceTier } from './service-tier';
import { thinkingRequest } from './thinking';
import { convertTools } from './tools';
import { ClaudeHost } from '../anthropic/hosted-target';
import { CalledModel } from '../catalog/called-model';
import { claudeTraits } from '../catalog/claude-traits';
import { stopSequences } from '../openai/stop-sequences';
import { includesUsage } from '../openai/stream-options';
import { tokenLimit } from '../openai/token-limit';
import { toolHistory } from '../openai/tool-history';
import { Losses } from '../request/losses';
import { applyParameterPolicy } from '../request/parameter-policy';
import { RequestValue } from '../request/request-value';
import { RestrictedNames } from '../request/restricted-names';
import { RequestError } from '../request-error';

export interface ConvertedRequest {
  readonly body: MessagesRequest;
  readonly setHeaders: ReadonlyArray<readonly [name: string, value: string]>;
  readonly toolNames: RestrictedNames;
  readonly includeUsage: boolean;
}

/** A chat completion request as a Messages request. Throws `RequestError` for what the client must change. */
export function messagesRequest(json: Readonly<Record<string, unknown>>, host: ClaudeHost, model: CalledModel, losses: Losses): ConvertedRequest {
  applyParameterPolicy(json, messagesParameters(host), losses, 'no field of OpenAI\'s chat completions', ANTHROPIC_EXTENSIONS);
  const request = new RequestValue(json, '');
  const facts = hostFacts(host);
  const traits = claudeTraits(model.knownAs);
  const history = toolHistory(request);
  const talk = conversation(request.member('messages'), history, { host: facts, losses });
  const tools = convertTools(request, { history, hasToolBlocks: hasToolBlocks(talk), traits, host: facts, losses });
  const maxTokens = tokenLimit(request, losses) ?? model.outputLimit ?? missingLimit();
  const { thinking, effort, thinks } = thinkingRequest(request, traits, maxTokens, continuesWithoutThinking(talk), losses);
  if (thinking?.type === 'enabled' && (tools.tool_choice?.type === 'any' || tools.tool_choice?.type === 'tool')) {
    throw request.member('tool_choice').invalid('this model cannot be made to call a tool while it reasons; send \'auto\', or leave out reasoning_effort');
  }
  const format = outputFormat(request.member('response_format'), losses);
  const stops = stopSequences(request.member('stop'), losses);
  const { setHeaders, ...tier } = serviceTier(host, request.member('service_tier'), losses);
  // Assigned one by one: of conditional spreads, each costs as much as a message.
  const body: MessagesRequest = { max_tokens: maxTokens, messages: talk.messages };
  if (talk.system.length > 0) {
    body.system = talk.system;
  }
  Object.assign(body, tools, samplers(request, traits, thinks, losses));
  if (stops.length > 0) {
    body.stop_sequences = stops;
  }
  if (thinking) {
    body.thinking = thinking;
  }
  if ((format ?? effort) !== undefined) {
    body.output_config = { ...effort && { effort }, ...format && { format } };
  }
  Object.assign(body, endUser(request, losses), tier);
  return {
    body,
    setHeaders,
    toolNames: history.names,
    includeUsage: includesUsage(request.member('stream_options')),
  };
}

/** Claude wants a limit, and a small one by guess would cut answers off. */
function missingLimit(): never {
  throw new RequestError(
    400, 'missing required parameter: \'max_completion_tokens\': the output limit of this model is not known; send one', 'missing_required_parameter', 'max_completion_tokens',
  );
}
