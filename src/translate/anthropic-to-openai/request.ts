import { createHash } from 'node:crypto';
import { ChatMessage } from './chat-message';
import { ChatTarget } from './chat-target';
import { ClientPaths } from './client-paths';
import { ConversionContext } from './conversion-context';
import { conversation } from './messages';
import { messagesParameters } from './parameters';
import { reasoningRequest } from './reasoning';
import { responseFormat } from './response-format';
import { convertTools, toolNames } from './tools';
import { CalledModel } from '../catalog/called-model';
import { ParameterTable } from '../parameter-table';
import { Losses } from '../request/losses';
import { applyParameterPolicy } from '../request/parameter-policy';
import { RequestValue } from '../request/request-value';
import { RestrictedNames } from '../request/restricted-names';

/** A chat completion request. */
export type ChatBody = Readonly<Record<string, unknown>> & { readonly messages: readonly ChatMessage[] };

export interface ConvertedRequest {
  readonly body: ChatBody;
  /** Give tools their own names back in the answer. */
  readonly toolNames: RestrictedNames;
  readonly paths: ClientPaths;
}

/** Of OpenAI's identifiers of end users, https://platform.openai.com/docs/guides/safety-best-practices#safety-identifiers */
const LONGEST_USER = 64;

/** Turns Messages requests into chat completions for one target. */
export class ChatRequestWriter {
  constructor(private readonly target: ChatTarget, readonly parameters: ParameterTable = messagesParameters(target)) {}

  /** `answer`: what is asked for besides the prompt; absent where only its tokens are counted. Throws `RequestError` for what the client must change. */
  public write(json: Readonly<Record<string, unknown>>, { name, knownAs }: CalledModel, losses: Losses, answer?: { readonly stream: boolean }): ConvertedRequest {
    applyParameterPolicy(json, this.parameters, losses, 'no field of Anthropic\'s Messages');
    const request = new RequestValue(json, '');
    const context: ConversionContext = { target: this.target, losses, toolErrors: this.target.toolErrors?.(knownAs) ?? false, toolNames: toolNames(json) };
    const { messages, sources } = conversation(request, context);
    const { effort, thinking, source } = reasoningRequest(request, knownAs, context);
    const format = responseFormat(request, context);
    const stops = request.member('stop_sequences');
    // Assigned one by one: of conditional spreads, each costs as much as a message.
    const body: Record<string, unknown> & { readonly messages: readonly ChatMessage[] } = { model: name, messages };
    if (answer?.stream) {
      body.stream = true;
    }
    if (answer) {
      body[this.target.tokenLimit(knownAs)] = request.member('max_tokens').positiveInteger();
    }
    Object.assign(body, sampler(request.member('temperature'), 'temperature'), sampler(request.member('top_p'), 'top_p'));
    if (stops.present && stops.items().length > 0) {
      body.stop = stops.items().map((stop) => stop.string());
    }
    Object.assign(body, convertTools(request, context));
    if (effort !== undefined) {
      body.reasoning_effort = effort;
    }
    if (thinking) {
      body.thinking = thinking;
    }
    if (this.target.topK) {
      Object.assign(body, topK(request.member('top_k')));
    }
    if (format) {
      body.response_format = format;
    }
    Object.assign(body, endUser(request.member('metadata'), losses), serviceTier(request.member('service_tier')));
    return { body, toolNames: context.toolNames, paths: new ClientPaths(sources, source) };
  }
}

/** Anthropic's samplers go up to 1. */
function sampler(value: RequestValue, name: 'temperature' | 'top_p'): Readonly<Record<string, number>> {
  return value.present ? { [name]: value.number(0, 1) } : {};
}

/** 0 means no limit, as if it were not there. */
function topK(value: RequestValue): { readonly top_k?: number } {
  return value.present && value.value !== 0 ? { top_k: value.positiveInteger() } : {};
}

function endUser(metadata: RequestValue, losses: Losses): { readonly user?: string } {
  const id = metadata.present ? metadata.member('user_id') : metadata;
  if (!id.present || id.string() === '') {
    return {};
  }
  if (id.string().length <= LONGEST_USER) {
    return { user: id.string() };
  }
  losses.changed(id.path, `above ${LONGEST_USER} characters its SHA-256 is sent`);
  return { user: createHash('sha256').update(id.string()).digest('hex') };
}

function serviceTier(value: RequestValue): { readonly service_tier?: 'default' } {
  return value.present && value.oneOf(['auto', 'standard_only']) === 'standard_only' ? { service_tier: 'default' } : {};
}
