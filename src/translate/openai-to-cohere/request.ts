import { conversation } from './messages';
import { COHERE_CHAT_PARAMETERS } from './parameters';
import { responseFormat } from './response-format';
import { sampling } from './sampling';
import { thinking } from './thinking';
import { convertTools } from './tools';
import { CohereChatBody } from '../cohere/cohere-wire';
import { includesUsage } from '../openai/stream-options';
import { tokenLimit } from '../openai/token-limit';
import { toolHistory } from '../openai/tool-history';
import { Losses } from '../request/losses';
import { applyParameterPolicy } from '../request/parameter-policy';
import { RequestValue } from '../request/request-value';
import { RestrictedNames } from '../request/restricted-names';

export interface ConvertedRequest {
  readonly body: CohereChatBody;
  readonly toolNames: RestrictedNames;
  readonly includeUsage: boolean;
}

/** A chat completion request as the body of POST /v2/chat. Throws `RequestError` for what the client must change. */
export function cohereChatRequest(json: Readonly<Record<string, unknown>>, model: string, stream: boolean, losses: Losses): ConvertedRequest {
  applyParameterPolicy(json, COHERE_CHAT_PARAMETERS, losses, 'no field of OpenAI\'s chat completions');
  const request = new RequestValue(json, '');
  const history = toolHistory(request);
  const maxTokens = tokenLimit(request, losses);
  const format = responseFormat(request.member('response_format'));
  const thought = thinking(request.member('reasoning_effort'), maxTokens);
  const logprobs = request.member('logprobs');
  return {
    body: {
      model,
      messages: conversation(request.member('messages'), history, losses),
      stream,
      ...convertTools(request, history, losses),
      ...maxTokens !== undefined && { max_tokens: maxTokens },
      ...sampling(request, losses),
      ...format && { response_format: format },
      ...thought && { thinking: thought },
      ...logprobs.present && logprobs.boolean() && { logprobs: true },
    },
    toolNames: history.names,
    includeUsage: includesUsage(request.member('stream_options')),
  };
}
